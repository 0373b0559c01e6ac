// States inside atomic sequences: they are no successors, and one process goes on in each of them at once.

#include "WholeSteps.h"

static void emptySlots(struct Expansion *e) {
    if (e->generation++ < UINT32_MAX) return;
    memset(e->slots, 0, sizeof e->slots);
    e->generation = 1;
}

static void forgetHeldStates(struct Expansion *e) {
    (e->heldCount = 0, e->chained = 0);
    emptySlots(e);
}

/// The state that was held last goes on by itself. Whether there is another like it is asked when it does: it would take long to read what
/// has just been written.
static int follow(Context *context, int64_t size, int64_t pid) {
    struct Expansion *const e = expansionOf(context);
    struct HeldState *const held = e->held + e->heldCount++;
    (held->at = e->chained, held->size = size, held->pid = pid, held->later = e->later, held->movers = e->movers);
    held->hasKey = e->sink && size == e->packing->size;
    held->odd = held->hasKey ? oddBits(e, e->chain + e->chained) : 1;
    copyKey(held->key.words, e->key.words, e->keyWords);
    e->chained += size;
    return 0;
}

static uint64_t hashOfBytes(const unsigned char *state, int64_t size) {
    uint64_t hash = size;
    int64_t at = 0;
    SHORT_LOOP
    for (; at + 8 <= size; at += 8) {
        hash = (hash ^ load(state + at, 8)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
    }
    // The last eight bytes, where fewer are left.
    if (at < size) hash = (hash ^ (size < 8 ? load(state, size) : load(state + size - 8, 8))) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 29;
}

static inline bool isComparedByKey(const struct Expansion *e, const struct HeldState *held) { return held->hasKey && !e->comparesBytes; }

static uint64_t hashOfHeld(const struct Expansion *e, const struct HeldState *held) {
    const uint64_t hash = isComparedByKey(e, held) ? hashOfKey(held->key.words, e->keyWords) ^ held->odd : hashOfBytes(e->chain + held->at, held->size);
    return hash + (uint64_t)held->pid;
}

/// Whether two states that are as large and have the same hash are equal.
static bool areEqual(const struct Expansion *e, const struct HeldState *one, const struct HeldState *other) {
    const unsigned char *const bytes = e->chain + one->at, *const others = e->chain + other->at;
    if (!isComparedByKey(e, one)) return !memcmp(bytes, others, one->size);
    for (int64_t word = 0; word < e->keyWords; word++) {
        if (one->key.words[word] != other->key.words[word]) return false;
    }
    for (int64_t number = 0; number < e->oddCount; number++) {
        if (bytes[e->odd[number]] != others[e->odd[number]]) return false;
    }
    return true;
}

/// Whether a state was followed before with the same process in control, and the same moves asleep.
static bool isFollowed(struct Expansion *e, int64_t number) {
    struct HeldState *const held = e->held + number;
    held->hash = hashOfHeld(e, held);
    uint64_t slot = held->hash % heldSlots;
    for (; e->slots[slot] >> 32 == e->generation; slot = (slot + 1) % heldSlots) {
        const struct HeldState *const known = e->held + (uint32_t)e->slots[slot];
        if (known->hash == held->hash && known->pid == held->pid && known->size == held->size
            && known->later.moves == held->later.moves && known->later.processes == held->later.processes
            && areEqual(e, known, held)) return true;
    }
    e->slots[slot] = e->generation << 32 | (uint64_t)number;
    return false;
}

/// From here on states are compared by their bytes; so many have been followed.
static void compareBytes(struct Expansion *e, int64_t followed) {
    e->comparesBytes = true;
    emptySlots(e);
    for (int64_t number = 0; number < followed; number++) isFollowed(e, number);
}
