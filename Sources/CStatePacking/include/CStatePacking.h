// States that take few bits: what Swift has no word for, the instructions that gather bits and scatter them, and where the keys of
// successors go, so that no state comes to Swift before it is a key.

#ifndef C_STATE_PACKING_H
#define C_STATE_PACKING_H

#include "KeyTable.h"
#include "NarrowLines.h"

#include <stdbool.h>
#include <stdint.h>

/// Bits of eight bytes of a state, or of those at its end, and where they lie in a key.
struct PackedPiece {
    /// The bytes, as they are in the first state; the bits that go to the key; and those in which no state differs from the first,
    /// in one of the pieces that have these bytes, and none in others.
    uint64_t first, mask, same;
    /// Where eight bytes of the state begin, the last of which are meant.
    int32_t offset;
    /// Bits before those that are meant; and where in a word of the key they begin, all of them in that word.
    uint8_t skipped, shift;
};

/// The same bits, where states are unpacked: the word of the key, where they begin in it, and where they lie in a word of the state.
struct UnpackedPiece {
    uint64_t mask;
    uint8_t word, shift;
};

/// A word of the first state, and the pieces that differ from it: so many of the next ones.
struct UnpackedWord {
    uint64_t first;
    int64_t pieceCount;
};

/// How states of one size are packed.
struct SizePacking {
    /// Bytes of a state: at least eight; and words.
    int64_t size, wordCount;
    /// What the key says of the size.
    uint64_t number;
    /// The pieces, in the order of their bits in the key, and where those of each word of the key end.
    const struct PackedPiece *pieces;
    int64_t ends[keyWordLimit];
    /// What is unpacked: the words of a state, and their pieces in the same order.
    const struct UnpackedWord *unpackedWords;
    const struct UnpackedPiece *unpackedPieces;
    /// What a change of a byte of the state changes in the key: for each word of the key, for each byte, 16 values for the four bits of
    /// lower worth that change, and 16 for those of higher worth.
    const uint64_t *changes;
    /// The bits of each byte in which no state differs from the first.
    const unsigned char *same;
};

/// How states are packed.
struct Packing {
    /// Whether the machine has instructions for it; see `packingIsFast`.
    bool isFast;
    int64_t sizeCount;
    /// Words of a key, and the bits in it that say the size.
    int64_t keyWords;
    uint64_t sizeMask;
    const struct SizePacking *sizes;
};

/// What sleeps in a state: moves, and processes that can do nothing else; see `SleepMask`.
struct SleepingMoves {
    uint64_t moves, processes;
};

/// Where the keys of successors go, one after the other.
struct SuccessorSink {
    uint64_t *keys;
    struct SuccessorPlace *places;
    /// Successors that have been taken, and how many there may be.
    int64_t count, capacity;
    int64_t keyWords;
    /// What the places are to say of a successor of which nothing is known, and of one that cannot be packed.
    int64_t unknown, unheardOf;
    /// The lines of slots in which the keys will be looked for.
    struct SlotLines lines;
    /// For each successor, what sleeps there, or null if nothing does; and what does in what is made at present.
    struct SleepingMoves *asleep, later;
    /// For each successor, who took part in the steps to it, as bits by pid, or null if nobody asks; and who does in the present one.
    uint64_t *movers, mover;
    /// Room for a successor.
    unsigned char *state;
    int64_t stateRoom;
    const struct Packing *packing;
    /// Told of a successor that cannot be packed; returns what its place is to say for a hash.
    uint64_t (*keep)(void *keeper, const unsigned char *state, int64_t size);
    void *keeper;
};

/// Whether this machine has instructions to gather bits and to scatter them, and is quick at it.
bool packingIsFast(void);

/// Packs a state.
/// \param key room for a key.
/// \returns false if it has a size, or bits, that are not packed.
bool packState(const struct Packing *packing, const void *state, int64_t size, uint64_t *key);

/// Unpacks a state.
/// \param key as it is stored.
/// \param state room for the words of the state.
/// \returns its size.
int64_t unpackState(const struct Packing *packing, const UnalignedWord *key, uint64_t *state);

/// Packs a successor, and takes it.
/// \returns -1, with nothing done, if there may be no more successors.
int takeState(struct SuccessorSink *sink, const unsigned char *state, int64_t size);

/// Says of a successor that it has this key, of so many words, and that nothing is known of it; the memory where it will be looked for is asked for.
static inline void takeKey(const struct SuccessorSink *sink, const uint64_t *key, int64_t words, struct SuccessorPlace *place) {
    const uint64_t hash = hashOfKey(key, words);
    *place = (struct SuccessorPlace){hash, sink->unknown};
    prefetchCacheLine(slotsOfHash(&sink->lines, hash));
}

#endif
