// Lines of slots, which an index from hashes to numbers consists of: looking at all slots of one at once, and laying them out anew.

#ifndef SLOT_LINES_H
#define SLOT_LINES_H

#include "CacheLines.h"

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Lines of 16 slots each, which begin at a multiple of 64 bytes.
///
/// A slot says one more than a number, and above that the lowest bits of a fingerprint, as a tag. The fingerprint says in which line the
/// search for it starts; and that line and the tag say the fingerprint, so that lines are laid out anew without any hash (Cleary, 1984).
///
/// Numbers fill the line in which their search starts from the first slot on, and where that is full, a later one from the last slot on.
struct SlotLines {
    uint32_t *slots;
    /// For each line that is full, of how many numbers in it the search starts there.
    unsigned char *homeCounts;
    uint64_t count;
    /// The bits of a slot that say a number: as many as the number of slots has.
    uint32_t numberMask;
};

enum {
    /// With one more, a tag might be too short to tell the fingerprints apart of which the search starts in a line.
    fingerprintBits = 27,
    /// Bytes of a line, and of what is known of it.
    slotLineBytes = 16 * 4 + 1
};

/// Lines in memory of `slotLineBytes` for each, which is all zeros; there are so many that 32 bits number their slots.
static inline struct SlotLines makeSlotLines(void *memory, uint64_t count) {
    uint32_t *const slots = memory;
    return (struct SlotLines){slots, (unsigned char *)(slots + count * 16), count, UINT32_MAX >> __builtin_clz((uint32_t)(count * 16))};
}

static inline uint64_t fingerprintOfHash(uint64_t hash) { return hash >> (64 - fingerprintBits); }

static inline uint64_t lineOfFingerprint(uint64_t fingerprint, uint64_t lineCount) { return fingerprint * lineCount >> fingerprintBits; }

/// The line of slots, of so many, in which the search for a hash starts.
static inline uint64_t lineOfHash(uint64_t hash, uint64_t lineCount) { return lineOfFingerprint(fingerprintOfHash(hash), lineCount); }

/// The first slot of the line in which the search for a hash starts.
static inline uint32_t *slotsOfHash(const struct SlotLines *lines, uint64_t hash) {
    return lines->slots + lineOfHash(hash, lines->count) * 16;
}

/// Reads a slot. Others may write it meanwhile.
static inline uint32_t readSlot(const uint32_t *slot) { return __atomic_load_n(slot, __ATOMIC_RELAXED); }

/// The bits of a slot that do not say a number.
static inline uint32_t tagOfFingerprint(uint64_t fingerprint, uint32_t numberMask) { return (uint32_t)fingerprint * (numberMask + 1); }

static inline uint32_t tagOfHash(uint64_t hash, uint32_t numberMask) { return tagOfFingerprint(fingerprintOfHash(hash), numberMask); }

/// Writes a number to a slot of the line at which the search for its hash has ended. Others may read it meanwhile.
/// \param empty those slots that are, as bits: one, at least.
static inline void takeSlot(const struct SlotLines *lines, uint64_t line, uint32_t empty, uint64_t hash, int64_t number) {
    const int isHome = line == lineOfHash(hash, lines->count);
    const int slot = isHome ? __builtin_ctz(empty) : 31 - __builtin_clz(empty);
    if (!(empty & (empty - 1))) lines->homeCounts[line] = (unsigned char)(slot + isHome);
    __atomic_store_n(lines->slots + line * 16 + slot, tagOfHash(hash, lines->numberMask) | (uint32_t)(number + 1), __ATOMIC_RELAXED);
}

/// Enters the numbers of some lines into others, which have been empty, if they have a place in the line in which their search starts.
/// The same can be done to other lines of both meanwhile.
/// \param to at most 32 times as many.
/// \param end after the last one of those lines.
/// \param left is told the numbers that have no place, and those of which it is not known where their search starts.
/// \param room for so many.
/// \returns how many these were, more of which than there was room for are not told.
int64_t moveSlots(struct SlotLines from, struct SlotLines to, uint64_t first, uint64_t end, uint32_t *left, int64_t room);

/// Which of 16 slots are equal to a word but for some bits, and which are zero: a bit for each, the lowest for the first one.
struct SlotMatches {
    uint32_t equal, empty;
};

/// Looks at 16 slots, which begin at a multiple of 64 bytes. Others may write them meanwhile: each is seen before or after that.
/// \param ignored the bits that need not be equal.
static inline struct SlotMatches matchSlots(const uint32_t *slots, uint32_t word, uint32_t ignored) {
#if defined(__SSE2__)
    const __m128i words = _mm_set1_epi32((int)(word | ignored)), any = _mm_set1_epi32((int)ignored), zero = _mm_setzero_si128();
    const __m128i *four = (const __m128i *)slots;
    const __m128i first = _mm_load_si128(four), second = _mm_load_si128(four + 1);
    const __m128i third = _mm_load_si128(four + 2), fourth = _mm_load_si128(four + 3);
    const __m128i equal = _mm_packs_epi16(
        _mm_packs_epi32(_mm_cmpeq_epi32(_mm_or_si128(first, any), words), _mm_cmpeq_epi32(_mm_or_si128(second, any), words)),
        _mm_packs_epi32(_mm_cmpeq_epi32(_mm_or_si128(third, any), words), _mm_cmpeq_epi32(_mm_or_si128(fourth, any), words)));
    const __m128i empty = _mm_packs_epi16(
        _mm_packs_epi32(_mm_cmpeq_epi32(first, zero), _mm_cmpeq_epi32(second, zero)),
        _mm_packs_epi32(_mm_cmpeq_epi32(third, zero), _mm_cmpeq_epi32(fourth, zero)));
    return (struct SlotMatches){(uint32_t)_mm_movemask_epi8(equal), (uint32_t)_mm_movemask_epi8(empty)};
#else
    struct SlotMatches matches = {0, 0};
    for (int number = 0; number < 16; number++) {
        const uint32_t slot = __atomic_load_n(slots + number, __ATOMIC_RELAXED);
        matches.equal |= (uint32_t)((slot | ignored) == (word | ignored)) << number;
        matches.empty |= (uint32_t)(slot == 0) << number;
    }
    return matches;
#endif
}

#endif
