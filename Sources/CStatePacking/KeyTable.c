#include "KeyTable.h"

#include <stdbool.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// The loops do nothing else, so that each has a copy for keys of one word, and of two.
#define INLINE static inline __attribute__((always_inline))

/// Keys that are entered together, so that the memory for each is there when its turn comes.
enum { batchSize = 32 };

INLINE bool isKey(const struct KeyTable *table, int64_t number, const uint64_t *key, int64_t words) {
    const UnalignedWord *const own = storedKey(&table->keys, number);
    uint64_t difference = (own[words - 1] ^ key[words - 1]) & table->keys.lastMask;
    for (int64_t word = 0; word < words - 1; word++) difference |= own[word] ^ key[word];
    return difference == 0;
}

#define ATTRIBUTE
#define NAMED(name) name##Plain
#define MATCH matchSlots
#include "KeyLoops.h"
#undef ATTRIBUTE
#undef NAMED
#undef MATCH

#if defined(__x86_64__)

#define WIDE __attribute__((target("avx2,bmi,lzcnt")))

WIDE INLINE struct SlotMatches matchWide(const uint32_t *slots, uint32_t word, uint32_t ignored) {
    const __m256i words = _mm256_set1_epi32((int)(word | ignored)), any = _mm256_set1_epi32((int)ignored), zero = _mm256_setzero_si256();
    const __m256i first = _mm256_load_si256((const __m256i *)slots), second = _mm256_load_si256((const __m256i *)slots + 1);
#define BITS(one, other) (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(one)) | (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(other)) << 8
    return (struct SlotMatches){
        BITS(_mm256_cmpeq_epi32(_mm256_or_si256(first, any), words), _mm256_cmpeq_epi32(_mm256_or_si256(second, any), words)),
        BITS(_mm256_cmpeq_epi32(first, zero), _mm256_cmpeq_epi32(second, zero))};
#undef BITS
}

#define ATTRIBUTE WIDE
#define NAMED(name) name##Wide
#define MATCH matchWide
#include "KeyLoops.h"
#undef ATTRIBUTE
#undef NAMED
#undef MATCH

#define WIDEST __attribute__((target("avx512f,bmi,lzcnt")))

WIDEST INLINE struct SlotMatches matchWidest(const uint32_t *slots, uint32_t word, uint32_t ignored) {
    const __m512i line = _mm512_load_si512(slots);
    const __m512i difference = _mm512_andnot_si512(_mm512_set1_epi32((int)ignored), _mm512_xor_si512(line, _mm512_set1_epi32((int)word)));
    return (struct SlotMatches){_mm512_testn_epi32_mask(difference, difference), _mm512_testn_epi32_mask(line, line)};
}

#define ATTRIBUTE WIDEST
#define NAMED(name) name##Widest
#define MATCH matchWidest
#include "KeyLoops.h"

enum LineInstructions lineInstructions(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("lzcnt")) return plainLines;
    return __builtin_cpu_supports("avx512f") ? widestLines : __builtin_cpu_supports("avx2") ? wideLines : plainLines;
}

#define DISPATCH(name, ...) \
    switch (table->instructions) { \
    case widestLines: name##Widest(__VA_ARGS__); break; \
    case wideLines: name##Wide(__VA_ARGS__); break; \
    default: name##Plain(__VA_ARGS__); \
    }

#else

enum LineInstructions lineInstructions(void) { return plainLines; }

#define DISPATCH(name, ...) name##Plain(__VA_ARGS__);

#endif

void lookUpKeys(const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown) {
    DISPATCH(lookUp, table, places, keys, count, unknown)
}

void insertKeys(struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count) {
    DISPATCH(insert, table, places, keys, count)
}
