// What sleeps after a step; see `SleepTable`, which says the same to the interpreter.

#include "Expansion.h"

/// Says which moves may sleep in the states that are expanded next.
static inline void useSleep(struct Expansion *e, const struct SleepRecord *table) {
    e->context.sleep = table;
    if (table) (e->moveBits = 1 << table->slotShift, e->moveMask = ((uint64_t)1 << e->moveBits) - 1);
}

/// The move that is looked at is taken, and not inside an atomic sequence.
/// \returns what sleeps after it.
static __attribute__((noinline)) struct SleepingMoves noteMove(struct Expansion *e) {
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
