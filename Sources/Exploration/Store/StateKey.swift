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

    /// One of the four numbers.
    @inline(__always)
    subscript(part: Int) -> UInt32 {
        get { UInt32(truncatingIfNeeded: (part < 2 ? low : high) &>> Self.shift(part)) }
        set {
            let mask = 0xFFFF_FFFF &<< Self.shift(part)
            let bits = UInt64(truncatingIfNeeded: newValue) &<< Self.shift(part)
            if part < 2 { low = low & ~mask | bits } else { high = high & ~mask | bits }
        }
    }

    @inline(__always)
    private static func shift(_ part: Int) -> UInt64 { UInt64(truncatingIfNeeded: (part & 1) &* 32) }

    @inline(__always)
    var hash: UInt64 {
        StateHash.hash(low, high &+ UInt64(truncatingIfNeeded: size) &* 0x9E37_79B9_7F4A_7C15)
    }
}
