/// Sets of the moves of one process, in rows: for each location, say, one set.
struct MoveTable {
    /// Words of 64 moves in each row.
    let wordCount: Int
    private(set) var words: [UInt64]

    init(rows: Int, moves: Int) {
        wordCount = max(1, (moves + 63) / 64)
        words = Array(repeating: 0, count: rows * wordCount)
    }

    mutating func insert(_ move: Int, in row: Int) {
        words[row * wordCount + move >> 6] |= 1 << UInt64(move & 63)
    }

    /// A copy of the words that stays where it is; whoever asks for it deallocates it.
    func allocateWords() -> UnsafeMutablePointer<UInt64> {
        let result = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, words.count))
        result.initialize(from: words, count: words.count)
        return result
    }
}
