// What sleeps after a step; see `SleepTable`, which says the same to the interpreter.

#include "Expansion.h"

/// Where steps are taken of the state itself: those moves of a process that sleep, and so are possible, as bits counted from its first one where it stands.
static inline uint64_t sleepingMoves(const struct Expansion *e, int64_t pid) {
    const struct SleepRecord *const table = e->context.sleep;
    if (pid >= table->processCount) return 0;
    return e->asleep.moves >> (pid << table->slotShift) & ((1 << (1 << table->slotShift)) - 1);
}

/// The move that is looked at is taken, and not inside an atomic sequence.
/// \returns what sleeps after it.
static __attribute__((noinline)) struct SleepingMoves noteMove(struct Expansion *e) {
    const struct SleepRecord *const table = e->context.sleep;
    const int64_t here = e->context.moves[e->pid], slot = e->context.slot, kind = here ? table->kinds[here + slot] : 0;
    const int64_t shift = table->slotShift, width = 1 << shift;
    const uint32_t *const accords = table->accords + kind * table->placeCount;
    // Of all processes, for which of them have done anything cannot be foreseen.
    struct SleepingMoves later = {0, 0};
    for (int64_t pid = 0; pid < table->processCount; pid++) {
        const uint64_t accord = accords[e->context.places[pid]];
        later.moves |= (accord & 0xFFFF) << (pid << shift);
        later.processes |= accord >> 16 << pid;
    }
    later.moves &= e->done.moves;
    later.processes &= e->done.processes;
    if (here && slot < width) {
        e->done.moves |= (uint64_t)1 << ((e->pid << shift) + slot);
    } else {
        e->hasBits = false;
    }
    return later;
}

/// Whether a process need not be asked, for whatever it can do sleeps.
static inline bool isQuiet(const struct Expansion *e, int64_t pid) { return pid < 64 && e->asleep.processes >> pid & 1; }

/// A process was asked for all that it can do.
static inline void noteAsked(struct Expansion *e, int64_t pid) {
    if (e->hasBits && e->context.moves[pid]) e->done.processes |= (uint64_t)1 << pid;
}
