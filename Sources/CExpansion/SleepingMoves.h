// What sleeps after a step; see `SleepTable`, which says the same to the interpreter.

#include "Expansion.h"

/// Finds out what is known of the processes that there are now.
static inline void useTypes(struct Expansion *e) {
    const struct SleepRecord *const table = e->context.sleep;
    if (!table) return;
    e->knownCount = e->processCount < table->processCount ? e->processCount : table->processCount;
    for (int64_t pid = 0; pid < e->knownCount; pid++) e->firstPlaces[pid] = table->firstPlace[pid * table->typeCount + e->types[pid]];
    for (int64_t pid = e->knownCount; pid < e->processCount; pid++) e->context.places[pid] = 0;
}

/// Says which moves may sleep in the states that are expanded next.
static inline void useSleep(struct Expansion *e, const struct SleepRecord *table) {
    e->context.sleep = table;
    if (table) (e->moveBits = 1 << table->slotShift, e->moveMask = ((uint64_t)1 << e->moveBits) - 1);
    useTypes(e);
}

/// The move that is looked at is taken, and not inside an atomic sequence.
/// \returns what sleeps after it.
ALWAYS_INLINE struct SleepingMoves noteMove(struct Expansion *e) {
    const struct SleepRecord *const table = e->context.sleep;
    const int64_t here = e->context.places[e->pid], slot = e->context.slot, kind = here ? table->kinds[table->firstMove[here] + slot] : 0;
    const int64_t width = e->moveBits;
    const uint32_t *const accords = table->accords + kind * table->placeCount;
    // Of all processes, for which of them have done anything cannot be foreseen; the last one first, so that all shifts are the same.
    struct SleepingMoves later = {0, 0};
    SHORT_LOOP
    for (int64_t pid = table->processCount - 1; pid >= 0; pid--) {
        const uint64_t accord = accords[e->context.places[pid]];
        later.moves = later.moves << width | (accord & 0xFFFF);
        later.processes = later.processes * 2 | accord >> 16;
    }
    later.moves &= e->done.moves;
    later.processes &= e->done.processes;
    if (here && slot < width) {
        e->done.moves |= (uint64_t)1 << (e->firstMoveBit + slot);
    } else {
        e->hasBits = false;
    }
    return later;
}
