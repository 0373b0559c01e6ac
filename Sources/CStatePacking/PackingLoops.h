// What packs states, included once for each way to gather and scatter bits, so that these are part of the loops:
// ATTRIBUTE says for which processors, NAMED how the functions are called there.

ATTRIBUTE static inline bool NAMED(packSize)(
    const struct SizePacking *packing, const unsigned char *state, uint64_t *key, int64_t keyWords) {
    uint64_t unpacked = 0, bits = packing->number;
    const struct PackedPiece *piece = packing->pieces;
    for (int64_t word = 0; word < keyWords; word++, bits = 0) {
        const struct PackedPiece *const end = packing->pieces + packing->ends[word];
        for (; piece < end; piece++) {
            const uint64_t difference = load(state, piece) ^ piece->first;
            unpacked |= difference & piece->same;
            bits |= GATHER(difference, piece->mask) << piece->shift;
        }
        key[word] = bits;
    }
    return unpacked == 0;
}

ATTRIBUTE static inline void NAMED(unpackSize)(
    const struct SizePacking *packing, const UnalignedWord *key, uint64_t *state) {
    const struct UnpackedPiece *piece = packing->unpackedPieces;
    const struct UnpackedWord *const end = packing->unpackedWords + packing->wordCount;
    for (const struct UnpackedWord *word = packing->unpackedWords; word < end; word++) {
        uint64_t bits = word->first;
        const struct UnpackedPiece *const last = piece + word->pieceCount;
        for (; piece < last; piece++) bits ^= SCATTER(key[piece->word] >> piece->shift, piece->mask);
        *state++ = bits;
    }
}
