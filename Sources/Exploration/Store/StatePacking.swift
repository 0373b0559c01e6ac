import CStatePacking

/// How states become keys of a few words; see `PackingPlan`. A state of another size, or with other bits, has no key.
///
/// It never changes, so that threads may share it.
final class StatePacking: @unchecked Sendable {
    /// The most sizes: they are looked for one after the other.
    private static let sizeLimit = 32

    /// What the machine packs by.
    let packing: UnsafeMutablePointer<Packing>
    private let sizeList: UnsafeMutablePointer<SizePacking>
    /// How states of each size are packed.
    let sizes: UnsafeBufferPointer<SizePacking>
    private let pieces: UnsafeMutablePointer<PackedPiece>
    private let unpackedWords: UnsafeMutablePointer<UnpackedWord>
    private let unpackedPieces: UnsafeMutablePointer<UnpackedPiece>
    private let changes: UnsafeMutablePointer<UInt64>
    private let sameBits: UnsafeMutablePointer<UInt8>

    /// Words of a key, and the bytes of it that are stored.
    let keyWords: Int
    let keyBytes: Int
    /// Words that an unpacked state may take.
    let stateWords: Int

    /// Whether it is worth while on this machine.
    static let isFast = packingIsFast()

    /// - Parameter isFast: whether to pack with the machine's own instructions.
    /// - Returns: nil if there are too many bits, or states too small to be packed.
    init?(_ plan: PackingPlan, isFast: Bool = StatePacking.isFast) {
        guard plan.keyWords <= Int(keyWordLimit), !plan.sizes.isEmpty, plan.sizes.count <= Self.sizeLimit,
            plan.sizes.allSatisfy({ $0.size >= 8 })
        else { return nil }
        keyWords = plan.keyWords
        keyBytes = plan.keyBytes
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
        unpackedWords = .allocate(capacity: plan.sizes.reduce(0) { $0 + $1.first.count })
        unpackedPieces = .allocate(capacity: plan.sizes.reduce(0) { $0 + $1.pieces.count })
        sizeList = .allocate(capacity: plan.sizes.count)
        sizes = UnsafeBufferPointer(start: sizeList, count: plan.sizes.count)
        packing = .allocate(capacity: 1)
        let byteCount = plan.sizes.reduce(0) { $0 + $1.size }
        changes = .allocate(capacity: byteCount * keyWords * Self.changesOfByte)
        sameBits = .allocate(capacity: byteCount)
        var (start, word, piece) = (pieces, unpackedWords, unpackedPieces)
        var (nextChanges, nextSame) = (changes, sameBits)
        for (number, (size, list)) in zip(plan.sizes, lists).enumerated() {
            var own = SizePacking()
            (own.size, own.wordCount, own.number) = (Int64(size.size), Int64(size.first.count), UInt64(number))
            own.pieces = UnsafePointer(start)
            (own.unpackedWords, own.unpackedPieces) = (UnsafePointer(word), UnsafePointer(piece))
            Self.writeUnpacked(size, &word, &piece)
            var (end, seen): (Int64, Set<Int>) = (0, [])
            let ends = list.map { pieces in
                for piece in pieces {
                    start.initialize(to: PackedPiece(piece, isFirst: seen.insert(piece.word).inserted, of: size))
                    start += 1
                }
                end += Int64(pieces.count)
                return end
            }
            own.changes = UnsafePointer(nextChanges)
            own.same = UnsafePointer(nextSame)
            Self.writeChanges(of: size, keyWords: keyWords, nextChanges, nextSame)
            nextChanges += size.size * keyWords * Self.changesOfByte
            nextSame += size.size
            withUnsafeMutableBytes(of: &own.ends) { $0.copyBytes(from: ends.withUnsafeBytes { Array($0) }) }
            (sizeList + number).initialize(to: own)
        }
        packing.initialize(
            to: Packing(
                isFast: isFast, sizeCount: Int64(plan.sizes.count), keyWords: Int64(keyWords),
                sizeMask: 1 << UInt64(plan.sizeBits) - 1, sizes: sizeList))
    }

    deinit {
        pieces.deallocate()
        unpackedWords.deallocate()
        unpackedPieces.deallocate()
        sizeList.deallocate()
        packing.deallocate()
        changes.deallocate()
        sameBits.deallocate()
    }

    /// Writes how states are unpacked, word by word.
    private static func writeUnpacked(
        _ size: PackingPlan.OfSize, _ word: inout UnsafeMutablePointer<UnpackedWord>, _ piece: inout UnsafeMutablePointer<UnpackedPiece>
    ) {
        for (index, first) in size.first.enumerated() {
            let pieces = size.pieces.filter { $0.word == index }
            word.initialize(to: UnpackedWord(first: first, pieceCount: Int64(pieces.count)))
            word += 1
            for own in pieces {
                piece.initialize(to: UnpackedPiece(mask: own.mask, word: UInt8(own.position / 64), shift: UInt8(own.position % 64)))
                piece += 1
            }
        }
    }

    /// See `SizePacking`.
    static let changesOfByte = 32

    /// Writes what changes of a state change in its key.
    private static func writeChanges(
        of size: PackingPlan.OfSize, keyWords: Int, _ changes: UnsafeMutablePointer<UInt64>, _ sameBits: UnsafeMutablePointer<UInt8>
    ) {
        changes.initialize(repeating: 0, count: size.size * keyWords * changesOfByte)
        for byte in 0..<size.size {
            sameBits[byte] = ~UInt8(truncatingIfNeeded: size.differences[byte / 8] &>> UInt64(byte % 8 * 8))
        }
        for piece in size.pieces {
            var (mask, position) = (piece.mask, piece.position)
            while mask != 0 {
                let (byte, bit) = (piece.word * 8 + mask.trailingZeroBitCount / 8, mask.trailingZeroBitCount % 8)
                let half = changes + (position / 64 * size.size + byte) * changesOfByte + bit / 4 * 16
                for value in 0..<16 where value >> (bit % 4) & 1 != 0 { half[value] |= 1 << UInt64(position % 64) }
                mask &= mask - 1
                position += 1
            }
        }
    }
}

extension PackedPiece {
    /// - Parameter isFirst: whether it is the first of its word of the state.
    fileprivate init(_ piece: PackingPlan.Piece, isFirst: Bool, of size: PackingPlan.OfSize) {
        let offset = min(piece.word * 8, size.size - 8)
        self.init(
            first: size.first[piece.word], mask: piece.mask, same: isFirst ? ~size.differences[piece.word] : 0, offset: Int32(offset),
            skipped: UInt8((piece.word * 8 - offset) * 8), shift: UInt8(piece.position % 64))
    }
}
