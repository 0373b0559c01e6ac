import CStatePacking

/// How states become keys of a few words; see `PackingPlan`. A state of another size, or with other bits, has no key.
///
/// It never changes, so that threads may share it.
final class StatePacking: @unchecked Sendable {
    /// The most words of a key: the numbers of trees take less memory than more of them.
    static let keyWordLimit = 4
    /// The most sizes: they are looked for one after the other.
    private static let sizeLimit = 32

    /// What the machine packs by.
    let packing: UnsafeMutablePointer<Packing>
    private let sizes: UnsafeMutablePointer<SizePacking>
    private let pieces: UnsafeMutablePointer<PackedPiece>
    private let firstWords: UnsafeMutablePointer<UInt64>

    /// Words of a key.
    let keyWords: Int
    /// Words that an unpacked state may take.
    let stateWords: Int

    /// Whether it is worth while on this machine.
    static let isFast = packingIsFast()

    /// - Parameter isFast: whether to pack with the machine's own instructions.
    /// - Returns: nil if there are too many bits, or states too small to be packed.
    init?(_ plan: PackingPlan, isFast: Bool = StatePacking.isFast) {
        guard plan.keyWords <= Self.keyWordLimit, !plan.sizes.isEmpty, plan.sizes.count <= Self.sizeLimit,
            plan.sizes.allSatisfy({ $0.size >= 8 })
        else { return nil }
        keyWords = plan.keyWords
        stateWords = plan.sizes.map(\.first.count).max() ?? 0
        // A word in which no state differs is looked at too.
        let lists = plan.sizes.map { size in
            (0..<plan.keyWords).map { word in
                size.pieces.filter { $0.position / 64 == word }
                    + (word > 0 ? [] : size.differences.indices.filter { size.differences[$0] == 0 }.map {
                        PackingPlan.Piece(word: $0, mask: 0, position: 0)
                    })
            }
        }
        pieces = .allocate(capacity: lists.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } })
        firstWords = .allocate(capacity: plan.sizes.reduce(0) { $0 + $1.first.count })
        sizes = .allocate(capacity: plan.sizes.count)
        packing = .allocate(capacity: 1)
        var (start, first) = (pieces, firstWords)
        for (number, (size, list)) in zip(plan.sizes, lists).enumerated() {
            var own = SizePacking()
            (own.size, own.wordCount, own.number) = (Int64(size.size), Int64(size.first.count), UInt64(number))
            own.first = UnsafePointer(first)
            own.pieces = UnsafePointer(start)
            first.update(from: size.first, count: size.first.count)
            first += size.first.count
            var (end, seen): (Int64, Set<Int>) = (0, [])
            let ends = list.map { pieces in
                for piece in pieces {
                    start.initialize(to: PackedPiece(piece, isFirst: seen.insert(piece.word).inserted, of: size))
                    start += 1
                }
                end += Int64(pieces.count)
                return end
            }
            withUnsafeMutableBytes(of: &own.ends) { $0.copyBytes(from: ends.withUnsafeBytes { Array($0) }) }
            (sizes + number).initialize(to: own)
        }
        packing.initialize(
            to: Packing(
                isFast: isFast, sizeCount: Int64(plan.sizes.count), keyWords: Int64(keyWords),
                sizeMask: 1 << UInt64(plan.sizeBits) - 1, sizes: sizes))
    }

    deinit {
        pieces.deallocate()
        firstWords.deallocate()
        sizes.deallocate()
        packing.deallocate()
    }
}

extension PackedPiece {
    /// - Parameter isFirst: whether it is the first of its word of the state.
    fileprivate init(_ piece: PackingPlan.Piece, isFirst: Bool, of size: PackingPlan.OfSize) {
        let offset = min(piece.word * 8, size.size - 8)
        self.init(
            first: size.first[piece.word], mask: piece.mask, same: isFirst ? ~size.differences[piece.word] : 0, offset: Int32(offset),
            word: Int32(piece.word), skipped: UInt8((piece.word * 8 - offset) * 8), shift: UInt8(piece.position % 64))
    }
}
