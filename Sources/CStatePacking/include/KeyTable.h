// The packed keys of the stored states, and the index in which they are found: what is done for every successor.

#ifndef KEY_TABLE_H
#define KEY_TABLE_H

#include "CacheLines.h"
#include "StoredKeys.h"

/// The most words of a key; see `KeyBits`, too.
enum { keyWordLimit = 8 };

/// What is known of a successor: the hash of its key, and the number of the state, or what there is to say in its place.
struct SuccessorPlace {
    uint64_t hash;
    int64_t number;
};

static inline uint64_t foldedProduct(uint64_t one, uint64_t other) {
    const unsigned __int128 product = (unsigned __int128)one * other;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

/// The hash of a key (as in `StateHash`, word by word), which more words that are zero do not change.
static inline uint64_t hashOfKey(const uint64_t *key, int64_t words) {
    static const uint64_t factors[keyWordLimit] = {
        0, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3, 0x1D8E4E27C47D124F, 0xEB44ACCAB455D165,
        0x9E6D62D06F6A9A9B};
    uint64_t hash = foldedProduct(key[0] ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93);
#pragma clang loop unroll(disable)
    for (int64_t word = 1; word < words; word++) hash ^= foldedProduct(key[word], factors[word]);
    return hash;
}

/// The line of slots, of so many, in which the search for a hash starts.
static inline uint64_t lineOfHash(uint64_t hash, uint64_t lineCount) { return (hash >> 32) * lineCount >> 32; }

/// The instructions with which a line of slots is looked at.
enum LineInstructions {
    /// Those that every processor of the kind has.
    plainLines,
    /// AVX2, and AVX-512.
    wideLines, widestLines
};

/// The best instructions that this machine has.
enum LineInstructions lineInstructions(void);

/// Stored states as keys, by their numbers, and the lines of slots of a `HashIndex` in which the numbers are found.
///
/// One thread adds keys; others may look keys up meanwhile, with a copy that has the count which there was.
struct KeyTable {
    struct StoredKeys keys;
    int64_t count;
    uint32_t *slots;
    uint64_t lineCount;
    /// The bits of a slot that say a number.
    uint32_t numberMask;
    enum LineInstructions instructions;
};

/// Finds out which keys are known, of those of which `places` says `unknown`: it says their numbers afterwards. All first lines are asked
/// about, and the memory of the keys that may be found there is asked for, before anything is compared.
void lookUpKeys(const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown);

/// Adds those keys of which `places` says no number, which is less than zero, and that are not known: `places` says all numbers afterwards.
/// There is room for them.
void insertKeys(struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count);

/// Enters those of the keys that there are into an empty index of which the search starts in a part of its lines; others may do the same
/// with other parts meanwhile.
/// \param end the line after the last one of the part.
/// \param left is told the numbers of those for which there was no room from where their search starts up to there.
/// \param room for so many.
/// \returns how many these were, more of which than there was room for are not told.
int64_t indexKeys(const struct KeyTable *table, uint64_t first, uint64_t end, uint32_t *left, int64_t room);

/// Enters the keys of some numbers, wherever there is room for them.
void indexKeysLeft(const struct KeyTable *table, const uint32_t *left, int64_t count);

#endif
