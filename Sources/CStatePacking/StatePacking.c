#include "CStatePacking.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// MARK: One word

/// The bits of a word where there are ones in a mask, one after the other.
static inline uint64_t gatherSlowly(uint64_t word, uint64_t mask) {
    uint64_t bits = 0;
    for (int next = 0; mask; next++, mask &= mask - 1) bits |= (uint64_t)((word & (mask & -mask)) != 0) << next;
    return bits;
}

/// A word with bits where there are ones in a mask.
static inline uint64_t scatterSlowly(uint64_t bits, uint64_t mask) {
    uint64_t word = 0;
    for (; mask; mask &= mask - 1, bits >>= 1) word |= bits & 1 ? mask & -mask : 0;
    return word;
}

static inline uint64_t load(const unsigned char *state, const struct PackedPiece *piece) {
    uint64_t word;
    memcpy(&word, state + piece->offset, 8);
    return word >> piece->skipped;
}

/// How states of a size are packed; null if they are not.
static inline const struct SizePacking *packingOfSize(const struct Packing *packing, int64_t size) {
    for (int64_t number = 0; number < packing->sizeCount; number++) {
        if (packing->sizes[number].size == size) return packing->sizes + number;
    }
    return 0;
}

// MARK: States

#define ATTRIBUTE
#define NAMED(name) name##Slowly
#define GATHER gatherSlowly
#define SCATTER scatterSlowly
#include "PackingLoops.h"
#undef ATTRIBUTE
#undef NAMED
#undef GATHER
#undef SCATTER

#if defined(__x86_64__)
#define ATTRIBUTE __attribute__((target("bmi2")))
#define NAMED(name) name##Fast
#define GATHER _pext_u64
#define SCATTER _pdep_u64
#include "PackingLoops.h"

bool packingIsFast(void) {
    __builtin_cpu_init();
    // These have the instructions, and take hundreds of cycles for each.
    if (__builtin_cpu_is("znver1") || __builtin_cpu_is("znver2")) return false;
    return __builtin_cpu_supports("bmi2");
}
#else
#define packSizeFast packSizeSlowly
#define unpackSizeFast unpackSizeSlowly

bool packingIsFast(void) { return false; }
#endif

bool packState(const struct Packing *packing, const void *state, int64_t size, uint64_t *key) {
    const struct SizePacking *own = packingOfSize(packing, size);
    if (!own) return false;
    return packing->isFast ? packSizeFast(own, state, key, packing->keyWords) : packSizeSlowly(own, state, key, packing->keyWords);
}

int64_t unpackState(const struct Packing *packing, const UnalignedWord *key, uint64_t *state) {
    const struct SizePacking *own = packing->sizes + (key[0] & packing->sizeMask);
    if (packing->isFast) {
        unpackSizeFast(own, key, state);
    } else {
        unpackSizeSlowly(own, key, state);
    }
    return own->size;
}

// MARK: Successors

int takeState(struct SuccessorSink *sink, const unsigned char *state, int64_t size) {
    if (sink->count == sink->capacity) return -1;
    uint64_t *const key = sink->keys + sink->count * sink->keyWords;
    if (sink->asleep) sink->asleep[sink->count] = sink->later;
    if (sink->movers) sink->movers[sink->count] = sink->mover;
    struct SuccessorPlace *const place = sink->places + sink->count++;
    if (packState(sink->packing, state, size, key)) {
        takeKey(sink, key, sink->keyWords, place);
    } else {
        *place = (struct SuccessorPlace){sink->keep(sink->keeper, state, size), sink->unheardOf};
    }
    return 0;
}
