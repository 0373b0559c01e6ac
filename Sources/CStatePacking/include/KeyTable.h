// The packed keys of the stored states, and the index in which they are found: what is done for every successor.

#ifndef KEY_TABLE_H
#define KEY_TABLE_H

#include "SlotLines.h"
#include "StoredKeys.h"

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
    struct SlotLines lines;
    enum LineInstructions instructions;
};

/// Finds out which keys are known, of those of which `places` says `unknown`: it says their numbers afterwards. All first lines are asked
/// about, and the memory of the keys that may be found there is asked for, before anything is compared.
void lookUpKeys(const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown);

/// Adds those keys of which `places` says no number, which is less than zero, and that are not known: `places` says all numbers afterwards.
/// There is room for them.
void insertKeys(struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count);

#endif
