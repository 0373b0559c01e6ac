/// A set of small numbers, as bits.
struct NumberSet: Hashable, Sendable {
    /// Hot paths work on these.
    var words: [UInt64] = []

    /// Has room for no number.
    init() {}

    init(capacity: Int) { words = Array(repeating: 0, count: max(1, (capacity + 63) / 64)) }

    /// Makes it empty, with room for numbers in so many words.
    mutating func removeAll(width: Int) {
        words.removeAll(keepingCapacity: true)
        words.append(contentsOf: repeatElement(0, count: width))
    }

    /// Makes it what another one is, in the same room.
    mutating func become(_ other: Self) {
        words.removeAll(keepingCapacity: true)
        words += other.words
    }

    @inline(__always)
    func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 != 0 }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    @inline(__always)
    mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

    @inline(__always)
    mutating func remove(_ number: Int) { words[number >> 6] &= ~(1 << UInt64(number & 63)) }

    mutating func formUnion(_ other: Self) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    func union(_ other: Self) -> Self {
        var result = self
        result.formUnion(other)
        return result
    }

    /// Takes all of another one away, which may have room for fewer numbers.
    mutating func subtract(_ other: Self) {
        for (index, word) in other.words.enumerated() { words[index] &= ~word }
    }

    func isDisjoint(with other: Self) -> Bool {
        for index in words.indices where words[index] & other.words[index] != 0 { return false }
        return true
    }
}
