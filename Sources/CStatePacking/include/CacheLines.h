// What Swift has no word for: asking for memory ahead of its use, and looking at all slots of a cache line at once.

#ifndef CACHE_LINES_H
#define CACHE_LINES_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Asks for the cache line of an address, without waiting for it. Any address is allowed.
static inline void prefetchCacheLine(const void *address) { __builtin_prefetch(address); }

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
