// States inside atomic sequences: they are no successors, and one process goes on in each of them at once.

#include "Steps.h"

static void forgetHeldStates(struct Expansion *e) {
    e->heldCount = 0;
    e->chained = 0;
    if (e->generation++ < UINT32_MAX) return;
    memset(e->slots, 0, sizeof e->slots);
    e->generation = 1;
}

/// The state that was held last goes on by itself. Whether there is another like it is asked when it does: it would take long to read what
/// has just been written.
static int follow(Context *context, int64_t size, int64_t pid) {
    struct Expansion *const e = expansionOf(context);
    struct HeldState *const held = e->held + e->heldCount++;
    (held->at = e->chained, held->size = size, held->pid = pid, held->later = e->later, held->movers = e->movers);
    held->isOdd = e->sink && (size != e->packing->size || isOdd(e, e->chain + e->chained));
    copyKey(held->key.words, e->key.words, e->keyWords);
    e->chained += size;
    return 0;
}

static uint64_t hashOfHeld(const unsigned char *state, int64_t size) {
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

/// Whether a state was followed before with the same process in control, and the same moves asleep.
static bool isFollowed(struct Expansion *e, int64_t number) {
    struct HeldState *const held = e->held + number;
    held->hash = hashOfHeld(e->chain + held->at, held->size) + (uint64_t)held->pid;
    uint64_t slot = held->hash % heldSlots;
    for (; e->slots[slot] >> 32 == e->generation; slot = (slot + 1) % heldSlots) {
        const struct HeldState *const known = e->held + (uint32_t)e->slots[slot];
        if (known->hash == held->hash && known->pid == held->pid && known->size == held->size
            && known->later.moves == held->later.moves && known->later.processes == held->later.processes
            && !memcmp(e->chain + known->at, e->chain + held->at, held->size)) return true;
    }
    e->slots[slot] = e->generation << 32 | (uint64_t)number;
    return false;
}
