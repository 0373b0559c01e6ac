/// Bits of the parts of a packed key, and where the block of keys starts that have them.
///
/// A key lies in two words of bits: its size and the first two numbers, the first one above the size; and the others.
struct KeyFormat {
    /// Counted in words of 64 bits.
    var start: Int
    /// Bits of a key, and of its first word.
    let width: Int
    let lowWidth: Int
    private let size: UInt64
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64
    private let lowMask: UInt64
    private let highMask: UInt64

    init(start: Int, size: UInt64, _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.start = start
        self.size = size
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
        lowWidth = Int(size + first + second)
        width = lowWidth + Int(third + fourth)
        lowMask = Self.mask(size + first + second)
        highMask = Self.mask(third + fourth)
    }

    /// A number with as many one bits.
    @inline(__always)
    private static func mask(_ width: UInt64) -> UInt64 { width >= 64 ? .max : 1 &<< width &- 1 }

    // MARK: Keys

    /// Whether a key can be packed so.
    @inline(__always)
    func holds(_ key: StateKey) -> Bool {
        UInt64(key.size) &>> size | (key.low & 0xFFFF_FFFF) &>> first | (key.low &>> 32) &>> second
            | (key.high & 0xFFFF_FFFF) &>> third | (key.high &>> 32) &>> fourth == 0
    }

    /// The words of a packed key.
    @inline(__always)
    func low(_ key: StateKey) -> UInt64 { (key.low & 0xFFFF_FFFF | (key.low &>> 32) &<< first) &<< size | UInt64(key.size) }

    @inline(__always)
    func high(_ key: StateKey) -> UInt64 { key.high & 0xFFFF_FFFF | (key.high &>> 32) &<< third }

    /// The key that two words say, whatever lies above their bits.
    @inline(__always)
    func key(_ low: UInt64, _ high: UInt64) -> StateKey {
        let pairs = (low & lowMask) &>> size
        let high = high & highMask
        return StateKey(
            low: pairs & Self.mask(first) | (pairs &>> first) &<< 32, high: high & Self.mask(third) | (high &>> third) &<< 32,
            size: UInt32(truncatingIfNeeded: low & Self.mask(size)))
    }

    /// Whether two words say this key, whatever lies above their bits.
    @inline(__always)
    func matches(_ low: UInt64, _ high: UInt64, _ key: StateKey) -> Bool {
        low & lowMask == self.low(key) && high & highMask == self.high(key) && holds(key)
    }

    /// The format of a block at the same place for this key too; nil if there is none.
    func widened(for key: StateKey) -> KeyFormat? {
        func width(_ old: UInt64, _ number: UInt64) -> UInt64 { max(old, UInt64(64 - number.leadingZeroBitCount)) }
        let result = KeyFormat(
            start: start, size: width(size, UInt64(key.size)), width(first, key.low & 0xFFFF_FFFF),
            width(second, key.low >> 32), width(third, key.high & 0xFFFF_FFFF), width(fourth, key.high >> 32))
        return result.lowWidth <= 64 ? result : nil
    }
}
