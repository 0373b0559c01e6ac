/// Which bits of states go where in their keys: those in which states of a size have been seen to differ from the first of them.
///
/// A key says in what its state differs from that one. So the keys of all states stay as they are when bits are added at the end,
/// in which states have not differed before.
struct PackingPlan {
    /// Bits of a word of a state that lie one after the other in a word of a key.
    struct Piece {
        /// The number of the word in the state.
        let word: Int
        let mask: UInt64
        /// Where they begin in the key.
        let position: Int
    }

    /// What there is of one size.
    struct OfSize {
        /// Bytes of a state.
        let size: Int
        /// The words of the first state, with zeros behind its end.
        let first: [UInt64]
        /// Ones where others differ from it.
        fileprivate(set) var differences: [UInt64]
        /// In the order of their bits in the key.
        fileprivate(set) var pieces: [Piece] = []
        /// Where the next piece would begin.
        fileprivate(set) var end = 0
        /// Pieces that were there when the bits were laid out.
        fileprivate(set) var laidOutCount = 0
        /// States that were noted.
        fileprivate(set) var count = 0

        fileprivate init(_ state: UnsafeRawBufferPointer) {
            size = state.count
            first = (0..<(size + 7) / 8).map { Self.word($0, of: state) }
            differences = first.map { _ in 0 }
        }

        /// Eight bytes, or those at the end.
        fileprivate static func word(_ number: Int, of state: UnsafeRawBufferPointer) -> UInt64 {
            let end = min(state.count, number * 8 + 8)
            if end == number * 8 + 8 { return state.loadUnaligned(fromByteOffset: number * 8, as: UInt64.self) }
            return (number * 8..<end).reversed().reduce(0) { $0 << 8 | UInt64(state[$1]) }
        }

        /// - Returns: whether the state differs in bits in which none has before.
        fileprivate mutating func note(_ state: UnsafeRawBufferPointer) -> Bool {
            count += 1
            var isNew = false
            for word in first.indices {
                let difference = Self.word(word, of: state) ^ first[word]
                isNew = isNew || difference & ~differences[word] != 0
                differences[word] |= difference
            }
            return isNew
        }

        /// States of this size will probably differ in the bits in which those of another size do: most often a process has ended, or has
        /// been started, at the end. Where there are bits in the key left for them, they need not be added one after the other.
        fileprivate mutating func expectDifferences(of other: OfSize, upTo limit: Int) {
            var expected = zip(differences, other.differences).map { $1 & ~$0 }
            if size % 8 != 0, let last = expected.indices.last, last == differences.count - 1 {
                expected[last] &= 1 << UInt64(size % 8 * 8) - 1
            }
            let missing = differences.reduce(0) { $0 + $1.nonzeroBitCount } - pieces.reduce(0) { $0 + $1.mask.nonzeroBitCount }
            guard end + missing + expected.reduce(0, { $0 + $1.nonzeroBitCount }) <= limit else { return }
            for word in expected.indices { differences[word] |= expected[word] }
        }

        fileprivate mutating func layOut(from start: Int) {
            (pieces, end) = ([], start)
            addMissing()
            laidOutCount = pieces.count
        }

        /// Gives all bits a place that have none.
        fileprivate mutating func addMissing() {
            var masks = differences
            for piece in pieces { masks[piece.word] &= ~piece.mask }
            for word in masks.indices {
                while masks[word] != 0 {
                    let room = 64 - end % 64
                    // The lowest bits, as many as there is room for.
                    var later = masks[word]
                    for _ in 0..<min(room, later.nonzeroBitCount) { later &= later - 1 }
                    let mask = masks[word] & ~later
                    pieces.append(Piece(word: word, mask: mask, position: end))
                    end += mask.nonzeroBitCount
                    masks[word] = later
                }
            }
        }
    }

    /// The most bits for sizes that have not been seen.
    private static let spareSizeBits = 3

    /// In the order of the numbers that say the size in a key.
    private(set) var sizes: [OfSize] = []
    /// Bits at the beginning of a key that say the size.
    private(set) var sizeBits = 0
    /// Bytes of a key.
    private(set) var keyBytes = 0
    /// Words of a key.
    var keyWords: Int { (keyBytes + 7) / 8 }

    /// Pieces that were added since the bits were laid out.
    var addedPieceCount: Int { sizes.reduce(0) { $0 + $1.pieces.count - $1.laidOutCount } }

    /// Whether bits lie in so many pieces that it is worth while to lay them out anew.
    /// - Parameter hasMany: whether there are many states, which takes as long for each as to go through so many pieces, and there may not come
    ///   as many again.
    func isScattered(hasMany: Bool) -> Bool {
        if hasMany { return sizes.contains { $0.pieces.count - $0.laidOutCount > Self.costOfPacking } }
        return addedPieceCount > sizes.reduce(0) { $0 + $1.laidOutCount }
    }

    /// Pieces that are as long to go through as it takes to pack a state anew, and to enter it in an index.
    private static let costOfPacking = 32

    /// Takes note of a state.
    /// - Returns: whether it differs from all before in its size, or in bits.
    mutating func note(_ state: UnsafeRawBufferPointer) -> Bool {
        if let known = sizes.firstIndex(where: { $0.size == state.count }) { return sizes[known].note(state) }
        sizes.append(OfSize(state))
        return true
    }

    /// Lays all bits out anew: keys from before are of no use.
    mutating func layOut() {
        // Those of which there are most are found first.
        sizes.sort { ($0.count, $0.size) > ($1.count, $1.size) }
        sizeBits = sizes.count < 2 ? 0 : Int.bitWidth - (sizes.count - 1).leadingZeroBitCount
        // Some of what is left of the last word is for sizes that may come, for it takes long to lay the bits out when there are many states.
        let used = sizeBits + (sizes.lazy.map { $0.differences.reduce(0) { $0 + $1.nonzeroBitCount } }.max() ?? 0)
        sizeBits += min(Self.spareSizeBits, (max(64, (used + 63) / 64 * 64) - used) / 8)
        for index in sizes.indices { sizes[index].layOut(from: sizeBits) }
        keyBytes = Self.leastKeyBytes(sizes.map(\.end).max() ?? 0)
    }

    /// The bytes of keys that are laid out with so many bits, a sixteenth of which may come before there have to be more bytes; but no more
    /// words, for each takes its time.
    private static func leastKeyBytes(_ bits: Int) -> Int {
        bits > 64 ? min((bits + bits / 16 + 15) / 16 * 2, (bits + 63) / 64 * 8) : keyBytes(bits)
    }

    /// The bytes of keys that have come to so many bits, with some left over: where there are more, all keys are moved, and what was found
    /// with them is packed anew.
    private static func keyBytes(_ bits: Int) -> Int { bits > 128 ? (bits + 63) / 64 * 8 : max(4, (bits + 31) / 32 * 4) }

    /// Finds a place for all bits that have none behind those that have; keys may be longer then.
    /// - Returns: false if sizes have no numbers.
    mutating func extend() -> Bool {
        guard sizes.count <= 1 << sizeBits else { return false }
        for index in sizes.indices {
            if sizes[index].end == 0 { sizes[index].layOut(from: sizeBits) }
            for other in sizes { sizes[index].expectDifferences(of: other, upTo: keyBytes * 8) }
            sizes[index].addMissing()
            if sizes[index].end > keyBytes * 8 { keyBytes = Self.keyBytes(sizes[index].end) }
        }
        return true
    }
}
