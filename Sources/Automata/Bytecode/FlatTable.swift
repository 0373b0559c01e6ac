/// An array of plain records that lies still in memory: reading an element counts no reference and checks no bound.
///
/// Elements must be trivial; whoever makes a table deallocates it.
struct FlatTable<Element> {
    private let base: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        base = .allocate(capacity: max(1, elements.count))
        base.initialize(from: elements, count: elements.count)
    }

    subscript(index: Int) -> Element {
        @inline(__always) get { base[index] }
    }

    func deallocate() { base.deallocate() }
}
