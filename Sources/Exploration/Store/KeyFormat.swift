/// Bits of the parts of a packed key, and where the block of keys starts that have them.
struct KeyFormat {
    /// Counted in words of 64 bits.
    var start: Int
    let size: UInt64
    let first: UInt64
    let second: UInt64
    let third: UInt64
    let fourth: UInt64

    @inline(__always)
    init(start: Int, size: UInt64, _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.start = start
        self.size = size
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// Bits of a key.
    @inline(__always)
    var width: Int { Int(truncatingIfNeeded: lowWidth &+ third &+ fourth) }

    /// Bits of the size and the first two numbers.
    @inline(__always)
    var lowWidth: UInt64 { size &+ first &+ second }

    /// A number with as many one bits.
    @inline(__always)
    static func mask(_ width: UInt64) -> UInt64 { width == 64 ? .max : 1 &<< width &- 1 }

    // MARK: In one word

    @inline(__always)
    init(_ packed: UInt64) {
        self.init(
            start: Int(truncatingIfNeeded: packed &>> 30), size: packed & 63, packed &>> 6 & 63, packed &>> 12 & 63,
            packed &>> 18 & 63, packed &>> 24 & 63)
    }

    var packed: UInt64 {
        UInt64(start) << 30 | fourth << 24 | third << 18 | second << 12 | first << 6 | size
    }

    // MARK: Keys

    @inline(__always)
    func holds(_ key: StateKey) -> Bool {
        UInt64(key.size) &>> size | (key.low & 0xFFFF_FFFF) &>> first | (key.low &>> 32) &>> second
            | (key.high & 0xFFFF_FFFF) &>> third | (key.high &>> 32) &>> fourth == 0
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
