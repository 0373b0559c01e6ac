/// A set of tags: see `TagTable`.
struct TagSet: Hashable, Sendable {
    private(set) var words: [UInt64]

    init(capacity: Int) { words = Array(repeating: 0, count: max(1, (capacity + 63) / 64)) }

    func contains(_ tag: Int) -> Bool { words[tag >> 6] >> UInt64(tag & 63) & 1 != 0 }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    mutating func insert(_ tag: Int) { words[tag >> 6] |= 1 << UInt64(tag & 63) }

    mutating func formUnion(_ other: TagSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    func union(_ other: TagSet) -> TagSet {
        var result = self
        result.formUnion(other)
        return result
    }

    func isDisjoint(with other: TagSet) -> Bool {
        for index in words.indices where words[index] & other.words[index] != 0 { return false }
        return true
    }
}
