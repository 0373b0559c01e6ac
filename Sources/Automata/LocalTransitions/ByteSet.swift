/// A set of values of a byte.
public struct ByteSet: Hashable, Sendable, Sequence {
    private var words: SIMD4<UInt64> = .zero

    public init() {}

    public func contains(_ value: UInt8) -> Bool { words[Int(value >> 6)] >> UInt64(value & 63) & 1 != 0 }

    /// - Returns: whether the value was not there before.
    @discardableResult
    public mutating func insert(_ value: UInt8) -> Bool {
        if contains(value) { return false }
        words[Int(value >> 6)] |= 1 << UInt64(value & 63)
        return true
    }

    public var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

    /// The values in ascending order.
    public func makeIterator() -> AnyIterator<UInt8> {
        var (index, word) = (0, words[0])
        return AnyIterator { [words] in
            while word == 0 {
                index += 1
                if index == 4 { return nil }
                word = words[index]
            }
            defer { word &= word - 1 }
            return UInt8(index << 6 + word.trailingZeroBitCount)
        }
    }
}
