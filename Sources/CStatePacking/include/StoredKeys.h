// The packed keys of the stored states, in no more bytes than their bits take.

#ifndef STORED_KEYS_H
#define STORED_KEYS_H

#include <stdint.h>
#include <string.h>

/// The most words of a key; see `KeyBits`, too.
enum { keyWordLimit = 8 };

/// Stands before loops that go round once or twice: compilers take them for long ones.
#define SHORT_LOOP _Pragma("clang loop unroll(disable) vectorize(disable)")

/// A word that may begin at any byte.
typedef uint64_t UnalignedWord __attribute__((aligned(1), may_alias));

/// Keys by the numbers of their states, one after the other, without gaps. Behind the last one there is room for a whole key.
///
/// One thread adds keys at the end; others may read those before it meanwhile.
struct StoredKeys {
    unsigned char *start;
    /// Words of a key, and the bytes of it that are stored: at most seven less.
    int64_t words, bytes;
    /// The bits of the last word that are stored.
    uint64_t lastMask;
};

static inline struct StoredKeys makeStoredKeys(void *start, int64_t bytes) {
    return (struct StoredKeys){start, (bytes + 7) / 8, bytes, ~(uint64_t)0 >> ((-bytes & 7) * 8)};
}

/// The words of a key. In the last one, the bits that are not stored are others.
static inline UnalignedWord *storedKey(const struct StoredKeys *keys, int64_t number) {
    return (UnalignedWord *)(keys->start + number * keys->bytes);
}

/// Reads a key.
static inline void loadStoredKey(const struct StoredKeys *keys, int64_t number, uint64_t *key) {
    const UnalignedWord *const own = storedKey(keys, number);
    const int64_t last = keys->words - 1;
    SHORT_LOOP
    for (int64_t word = 0; word < last; word++) key[word] = own[word];
    key[last] = own[last] & keys->lastMask;
}

/// Adds a key; behind it there is none yet.
/// \param words those of a key, which the caller may know better.
static inline void storeKey(const struct StoredKeys *keys, int64_t number, const uint64_t *key, int64_t words) {
    UnalignedWord *const own = storedKey(keys, number);
    for (int64_t word = 0; word < words; word++) own[word] = key[word];
}

/// Copies so many keys to where as many bytes are stored of each, or more. Up to seven bytes behind the last one are written, too.
static inline void copyStoredKeys(const struct StoredKeys *from, const struct StoredKeys *to, int64_t count) {
    const int64_t last = from->words - 1;
    for (int64_t number = 0; number < count; number++) {
        const UnalignedWord *const key = storedKey(from, number);
        UnalignedWord *const copy = storedKey(to, number);
        SHORT_LOOP
        for (int64_t word = 0; word < last; word++) copy[word] = key[word];
        copy[last] = key[last] & from->lastMask;
        SHORT_LOOP
        for (int64_t word = last + 1; word < to->words; word++) copy[word] = 0;
    }
}

/// Stores more bytes of each of so many keys, where they are.
/// \returns the keys; `keys` are none any more.
static inline struct StoredKeys widenStoredKeys(const struct StoredKeys *keys, int64_t bytes, int64_t count) {
    const struct StoredKeys wide = makeStoredKeys(keys->start, bytes);
    enum { batchSize = 64 };
    // From the last ones on, so that none is overwritten that is still to be moved.
    for (int64_t end = count; end > 0; end -= batchSize) {
        const int64_t first = end < batchSize ? 0 : end - batchSize;
        unsigned char moved[batchSize * keyWordLimit * 8 + 8];
        memcpy(moved, storedKey(keys, first), (end - first) * keys->bytes);
        struct StoredKeys from = *keys, to = wide;
        (from.start = moved, to.start = wide.start + first * bytes);
        const uint64_t behind = *storedKey(&wide, end);
        copyStoredKeys(&from, &to, end - first);
        *storedKey(&wide, end) = behind;
    }
    return wide;
}

#endif
