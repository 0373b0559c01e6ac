import Automata

/// What tells a stored state from all others: its size, and the numbers of the four parts that its bytes are cut into.
struct StateKey: Equatable {
    /// The first and the second number, and the third and the fourth, the lower one in the lower half.
    var low: UInt64
    var high: UInt64
    /// The number of the size among those that there are.
    var size: UInt32

    @inline(__always)
    init(low: UInt64, high: UInt64, size: UInt32) {
        (self.low, self.high, self.size) = (low, high, size)
    }

    @inline(__always)
    init(_ parts: UnsafePointer<UInt32>, size: UInt32) {
        self.init(
            low: StateTables.pair(parts[0], parts[1]), high: StateTables.pair(parts[2], parts[3]), size: size)
    }

    @inline(__always)
    var hash: UInt64 {
        StateHash.hash(low, high &+ UInt64(truncatingIfNeeded: size) &* 0x9E37_79B9_7F4A_7C15)
    }
}
