/// A hash of state vectors: eight bytes at a time, each folded in by a full 64 by 64 bit multiplication (the construction
/// of the wyhash and mum families, Wang Yi 2019).
public enum StateHash {
    @inlinable @inline(__always)
    static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// The hash of one word.
    @inlinable @inline(__always)
    public static func hash(_ word: UInt64) -> UInt64 { fold(word ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93) }

    /// The hash of two words.
    @inlinable @inline(__always)
    public static func hash(_ one: UInt64, _ other: UInt64) -> UInt64 {
        fold(fold(one ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93) ^ other, 0xA076_1D64_78BD_642F)
    }

    /// The hash of `count` bytes.
    @inlinable @inline(__always)
    public static func hash(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
        var offset = 0
        while offset &+ 8 <= count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 0xD6E8_FEB8_6659_FD93)
            offset &+= 8
        }
        if offset < count {
            var tail: UInt64 = 0
            if count >= 8 {
                // The last eight bytes, less those that are folded in already.
                let word = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
                tail = word &>> UInt64(truncatingIfNeeded: (8 &- (count &- offset)) &* 8)
            } else {
                var shift: UInt64 = 0
                while offset < count {
                    tail |= UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self)) &<< shift
                    shift &+= 8
                    offset &+= 1
                }
            }
            hash = fold(hash ^ tail, 0xA076_1D64_78BD_642F)
        }
        return fold(hash ^ 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3)
    }
}
