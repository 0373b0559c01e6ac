// Lines of an index in as few bits as can be: more numbers in the same memory, and more work to look at them.

#ifndef NARROW_LINES_H
#define NARROW_LINES_H

#include <stdint.h>

/// Lines of 12 slots each, one after the other, without gaps, in words of 64 bits: first the tags of its slots, five bits each, and zero
/// where a slot is empty; then the numbers in them. Behind the last line there is another word.
///
/// One thread writes slots that are empty; others may read them meanwhile, and see some bits before others: no tag, another one, or the
/// tag and another number. A slot that is in use stays so.
///
/// Where a line is full, the search for a hash goes on in another one, which the hash says, too: with neighbours, when nearly all slots are
/// in use, it would go through four times as many lines.
struct NarrowLines {
    uint64_t *words;
    /// Lines, a prime number of them, and the bits of a number.
    uint64_t count, numberBits;
};

enum { narrowLineSize = 12, narrowTagBits = 5 };

/// The lowest bit of each tag of a line.
static const uint64_t narrowTagStarts = 0x84210842108421;

/// Bits of a line.
static inline uint64_t narrowLineBits(uint64_t numberBits) { return narrowLineSize * (narrowTagBits + numberBits); }

static inline uint64_t readNarrowBits(const uint64_t *words, uint64_t bit) {
    const uint64_t shift = bit & 63, *const word = words + bit / 64;
    return __atomic_load_n(word, __ATOMIC_RELAXED) >> shift | __atomic_load_n(word + 1, __ATOMIC_RELAXED) << 1 << (63 - shift);
}

/// Writes bits where there are zeros.
static inline void writeNarrowBits(uint64_t *words, uint64_t bit, uint64_t value) {
    const uint64_t shift = bit & 63, high = value >> 1 >> (63 - shift);
    uint64_t *const word = words + bit / 64;
    __atomic_store_n(word, *word | value << shift, __ATOMIC_RELAXED);
    if (high) __atomic_store_n(word + 1, word[1] | high, __ATOMIC_RELAXED);
}

/// The line in which the search for a hash starts.
static inline uint64_t narrowLineOfHash(const struct NarrowLines *lines, uint64_t hash) {
    return (uint64_t)((unsigned __int128)hash * lines->count >> 64);
}

/// Where the search goes on after a line; in the end it has been everywhere.
static inline uint64_t narrowLineAfter(const struct NarrowLines *lines, uint64_t line, uint64_t hash) {
    const uint64_t distance = 1 + ((hash >> 16 & UINT32_MAX) * (lines->count - 1) >> 32), next = line + distance;
    return next < lines->count ? next : next - lines->count;
}

/// One to 31. What says the line, the highest bits of a hash, says nothing of it.
static inline uint64_t narrowTagOfHash(uint64_t hash) { return ((hash & UINT32_MAX) * 31 >> 32) + 1; }

/// The tags of a line that are zero once some bits of each are turned: the highest bit of each.
static inline uint64_t zeroNarrowTags(uint64_t tags) {
    const uint64_t low = narrowTagStarts * 15, high = narrowTagStarts << 4;
    return ~(((tags & low) + low) | tags) & high;
}

/// Which slots of a line have the tag of a hash, and which are empty: of five bits for each, the highest one.
struct NarrowMatches {
    uint64_t equal, empty;
};

static inline struct NarrowMatches matchNarrowLine(const struct NarrowLines *lines, uint64_t line, uint64_t hash) {
    const uint64_t tags = readNarrowBits(lines->words, line * narrowLineBits(lines->numberBits));
    return (struct NarrowMatches){zeroNarrowTags(tags ^ narrowTagOfHash(hash) * narrowTagStarts), zeroNarrowTags(tags)};
}

static inline uint64_t numberInNarrowLine(const struct NarrowLines *lines, uint64_t line, uint64_t slot) {
    const uint64_t bit = line * narrowLineBits(lines->numberBits) + narrowLineSize * narrowTagBits + slot * lines->numberBits;
    return readNarrowBits(lines->words, bit) & (((uint64_t)1 << lines->numberBits) - 1);
}

/// Writes a number to an empty slot.
static inline void takeNarrowSlot(const struct NarrowLines *lines, uint64_t line, uint64_t slot, uint64_t hash, uint64_t number) {
    const uint64_t bit = line * narrowLineBits(lines->numberBits);
    writeNarrowBits(lines->words, bit + narrowLineSize * narrowTagBits + slot * lines->numberBits, number);
    writeNarrowBits(lines->words, bit + slot * narrowTagBits, narrowTagOfHash(hash));
}

/// Asks for the memory of a line, without waiting for it.
static inline void prefetchNarrowLine(const struct NarrowLines *lines, uint64_t line) {
    const uint64_t bits = narrowLineBits(lines->numberBits);
    __builtin_prefetch(lines->words + line * bits / 64);
    __builtin_prefetch(lines->words + (line + 1) * bits / 64);
}

#endif
