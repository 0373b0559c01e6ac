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
    struct SleepingMoves later = {0, 0};
    if (kind) {
        const unsigned char *const row = table->rows + kind * table->kindCount, *const calm = table->calm + kind * table->placeCount;
        uint64_t known = 0;
        for (uint64_t rest = e->done.processes; rest; rest &= rest - 1) {
            const int64_t pid = __builtin_ctzll(rest);
            if (!calm[e->context.places[pid]]) continue;
            later.processes |= (uint64_t)1 << pid;
            known |= (((uint64_t)1 << width) - 1) << (pid << shift);
        }
        later.moves = e->done.moves & known;
        for (uint64_t rest = e->done.moves & ~known; rest; rest &= rest - 1) {
            const int64_t bit = __builtin_ctzll(rest);
            later.moves |= (uint64_t)row[table->kinds[e->context.moves[bit >> shift] + (bit & (width - 1))]] << bit;
        }
    }
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
