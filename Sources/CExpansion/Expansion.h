// What an expansion knows besides what the machine code of a model may see; and the functions that follow each other in these files:
// SleepingMoves.h, what sleeps after a step; Steps.h, steps; WholeSteps.h, those in one call; AtomicChain.h, those inside atomic sequences;
// Expansion.c, states.

#ifndef EXPANSION_H
#define EXPANSION_H

#include "CExpansion.h"

#include <string.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum {
    /// States inside atomic sequences that are followed from one state, and their bytes in all.
    heldLimit = 1024, chainRoom = 1 << 17,
    heldSlots = 4096,
    /// Bytes of a state in which somebody has to receive.
    offerRoom = 1 << 15,
    cutLimit = 256, oddLimit = 16
};

struct Key {
    uint64_t words[keyWordLimit];
};

/// A state inside an atomic sequence, and the process that goes on in it.
struct HeldState {
    int64_t at, size, pid;
    /// Whether its key says all of it, but for `odd`: see `oddBits`.
    bool hasKey;
    uint64_t odd, hash;
    struct Key key;
    struct SleepingMoves later;
    uint64_t movers;
};

struct Expansion {
    struct ExpansionContext context;
    const struct CompiledModel *model;
    /// How many processes there are in the state that was looked at last, and of which type.
    int64_t processCount;
    unsigned char types[processRoom];
    intptr_t *cutCounts;
    int64_t cutCount, cuts[cutLimit];

    /// The state of which steps are taken.
    const unsigned char *state;
    int64_t size;
    /// Where the successor goes that is made next, and the end of the room for it.
    unsigned char *output, *outputEnd;
    /// Where bytes go.
    intptr_t *ends, *lastEnd, used;
    struct SleepingMoves *masks;
    uint64_t *moverBits;

    /// Where keys go; null if bytes are asked for.
    struct SuccessorSink *sink;
    /// How the state that is expanded is packed, and its bytes.
    const struct SizePacking *packing;
    const unsigned char *stored;
    int64_t keyWords;
    /// How whole steps are taken of the state that is expanded, and of others of which the key says as much.
    const struct WholeSteps *steps;
    /// The key of the state of which steps are taken, and of the one that is made.
    struct Key base, key;
    /// Bytes in which bits changed that no key has, in some state that came of the one that is expanded; there may be more.
    int64_t oddCount, odd[oddLimit];
    /// Whether some of these may differ from those of the state that is expanded: in the state of which steps are taken, and in the one
    /// that is made.
    bool mayBaseBeOdd, mayBeOdd;

    /// What sleeps in the state that is expanded, that with what was taken and asked, and what sleeps after the step that is taken.
    struct SleepingMoves asleep, done, later;
    /// Whether steps are taken of the state itself, and not inside atomic sequences; and whether all those of a process had bits.
    bool isAwake, hasBits;
    /// The process that is expanded, and the bit of its first move.
    int64_t pid, firstMoveBit;
    /// Of how many processes something is known, the first ones, and for each the number of the place at its first location, 0 if nothing is.
    int64_t knownCount, firstPlaces[moverLimit];
    /// How many bits each process has, and as many ones.
    int64_t moveBits;
    uint64_t moveMask;
    /// Who took part in the atomic sequence up to the state of which steps are taken, and who does in the step that is taken, as bits by
    /// pid; and who can move in the state that is expanded. They count where there are no more processes than bits.
    uint64_t baseMovers, movers, enabled;

    /// Whether states inside atomic sequences are compared by their bytes: they have no keys, or more bits that no key has than are listed.
    bool comparesBytes;
    /// States inside atomic sequences. Slots of other generations are empty, so that nothing has to be cleared.
    int64_t heldCount, chained;
    uint64_t generation, slots[heldSlots];
    struct HeldState held[heldLimit];
    unsigned char offered[offerRoom], chain[chainRoom];
};

typedef struct ExpansionContext Context;

static inline void copyKey(uint64_t *copy, const uint64_t *key, int64_t words) {
    SHORT_LOOP
    for (int64_t word = 0; word < words; word++) copy[word] = key[word];
}

/// The expansion that a context is the beginning of.
static inline struct Expansion *expansionOf(Context *context) { return (struct Expansion *)context; }

#endif
