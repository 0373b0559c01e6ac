/// Values that need no care, such as numbers, in memory that is reached without a check: whoever has it knows how many there are, and
/// gives the memory back. A copy is the same list, until one of them grows.
struct UncheckedList<Element: BitwiseCopyable> {
    private var elements: UnsafeMutablePointer<Element>
    private var capacity = 1 << 10

    init() { elements = .allocate(capacity: capacity) }

    func deallocate() { elements.deallocate() }

    /// Where the first one is, until the list grows.
    @inline(__always)
    var start: UnsafeMutablePointer<Element> { elements }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { elements[index] }
        nonmutating _modify { yield &elements[index] }
    }

    /// Sees to it that there is room for so many; what was there stays.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        if count > capacity { grow(to: count * 2) }
    }

    @inline(never)
    private mutating func grow(to newCapacity: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        larger.update(from: elements, count: capacity)
        elements.deallocate()
        (elements, capacity) = (larger, newCapacity)
    }
}
