/// Trees of states of each size, for one thread: where processes start and end, states of several sizes take turns.
struct TreesBySize {
    /// Those of the size that was selected, with its number; to begin with of no state, and of 0 bytes, as no first state is.
    private(set) var current: UnsafeMutablePointer<StateTrees>
    private(set) var currentNumber: UInt32 = .max
    private let first: UnsafeMutablePointer<StateTrees>
    /// By the number of the size.
    private var entries: UnsafeMutablePointer<UnsafeMutablePointer<StateTrees>?>
    private var capacity = 8
    /// Numbers of sizes that were asked for lately; 0 bytes where there is none.
    private let numbers: UnsafeMutablePointer<(size: Int, number: UInt32)>
    private static let numberCount = 64
    private let recent = RecentNumbers()

    /// - Parameter leafWords: as the tables have it.
    init(leafWords: Int) {
        first = .allocate(capacity: 1)
        first.initialize(to: StateTrees(TreeShape(size: 0, leafWords: leafWords), recent))
        current = first
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: nil, count: capacity)
        numbers = .allocate(capacity: Self.numberCount)
        numbers.initialize(repeating: (0, 0), count: Self.numberCount)
    }

    func deallocate() {
        for number in 0..<capacity {
            entries[number]?.pointee.deallocate()
            entries[number]?.deallocate()
        }
        first.pointee.deallocate()
        first.deallocate()
        entries.deallocate()
        numbers.deallocate()
        recent.deallocate()
    }

    /// Goes over to another size.
    @inline(__always)
    mutating func select(_ sizeNumber: UInt32, in tables: UnsafePointer<StateTables>) {
        if sizeNumber == currentNumber { return }
        (current, currentNumber) = (trees(sizeNumber, in: tables), sizeNumber)
    }

    /// The trees of the state of a size that was read last; of none to begin with.
    @inline(__always)
    mutating func trees(_ sizeNumber: UInt32, in tables: UnsafePointer<StateTables>) -> UnsafeMutablePointer<StateTrees> {
        if sizeNumber < capacity, let known = entries[Int(truncatingIfNeeded: sizeNumber)] { return known }
        return makeTrees(Int(sizeNumber), in: tables)
    }

    @inline(never)
    private mutating func makeTrees(_ number: Int, in tables: UnsafePointer<StateTables>) -> UnsafeMutablePointer<StateTrees> {
        if number >= capacity {
            let larger = max(capacity * 2, number + 1)
            let grown = UnsafeMutablePointer<UnsafeMutablePointer<StateTrees>?>.allocate(capacity: larger)
            grown.moveInitialize(from: entries, count: capacity)
            (grown + capacity).initialize(repeating: nil, count: larger - capacity)
            entries.deallocate()
            (entries, capacity) = (grown, larger)
        }
        let trees = UnsafeMutablePointer<StateTrees>.allocate(capacity: 1)
        let size = tables.pointee.size(UInt32(number))
        trees.initialize(to: StateTrees(TreeShape(size: size, leafWords: tables.pointee.leafWords), recent))
        entries[number] = trees
        return trees
    }

    /// The number of a size; nil if no state has it.
    @inline(__always)
    func sizeNumber(_ size: Int, in tables: UnsafePointer<StateTables>) -> UInt32? {
        let place = numbers + (size ^ size &>> 6) & (Self.numberCount &- 1)
        if place.pointee.size == size, size > 0 { return place.pointee.number }
        guard let number = tables.pointee.sizeNumber(size) else { return nil }
        place.pointee = (size, number)
        return number
    }
}
