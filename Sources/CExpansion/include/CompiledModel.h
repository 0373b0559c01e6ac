// What machine code of a model and Heddle know of each other. The C of every model begins with this text, so it includes nothing else
// than every C compiler has by itself. Compiled models are kept by their texts: what is said here is not to change its meaning but by
// changing its words.

#ifndef COMPILED_MODEL_H
#define COMPILED_MODEL_H

#include <stdint.h>

/// Room for processes, for channels, and for the fields of a message; and the most processes that there may be.
enum { processRoom = 257, channelRoom = 512, fieldRoom = 257, processLimit = 255 };

/// Where a channel lies, in a state or in a process, and of which kind it is.
struct ModelChannel {
    int64_t offset, kind;
};

/// Processes of a type: their bytes, and their own channels.
struct ModelProcess {
    int64_t size, channelCount;
    const struct ModelChannel *channels;
};

/// Hidden variables are not part of a stored state: they have their initial values there.
struct HiddenBytes {
    int64_t offset, count;
    const unsigned char *values;
};

struct ExpansionContext;

/// Takes the steps of a process in a state that can be taken, or those that receive what is offered.
/// \returns 1 if there was one, 0 if there was none; -1 for a state that has to be left to the interpreter.
typedef int (*ProcessExpansion)(struct ExpansionContext *, const unsigned char *state, int64_t size, int64_t pid);

/// What the machine code of a model says of it. The first byte of a state counts its processes, the first byte of a process says its type.
struct CompiledModel {
    /// Bytes of an `ExpansionContext`, as the compiler of the model had it.
    int64_t contextSize;
    /// Where processes begin; and in them, where the location is, and its bytes.
    int64_t processesOffset, locationOffset, locationSize;
    /// By the type of the process; `receives` has nulls for those that never receive without a queue.
    const struct ModelProcess *processes;
    const ProcessExpansion *expansions, *receives;
    int64_t channelCount, hiddenCount;
    const struct ModelChannel *channels;
    const struct HiddenBytes *hidden;
    /// Whether no process is ever started, so that each has the type that it had at first.
    int64_t keepsTypes;
    /// Says of those of so many processes that do not have the constants of the `SleepRecord` that nothing is known of the place where
    /// they stand; or null.
    void (*forgetPlaces)(struct ExpansionContext *, const unsigned char *state, int64_t known);
};

/// What is known of moves that may sleep: see `SleepTable`.
struct SleepRecord {
    /// By pid and process type, the number of the place at its first location; place 0 is for those of which nothing is known.
    const int32_t *firstPlace;
    /// By the same, what the scalars have to be that never change.
    const int64_t *constants;
    /// For each place, the number of its first move.
    const int32_t *firstMove;
    /// For each move, by its number, what kind it is of.
    const uint16_t *kinds;
    /// For each kind, and each place where a process stands: in the lower half, a bit for each of the first moves there that does not mind
    /// moves of the kind, nor they it; in the upper half, 1 if nothing that is possible there, or is not, minds them.
    const uint32_t *accords;
    intptr_t placeCount, typeCount, constantLimit;
    /// Processes with moves that may sleep, by their pids.
    intptr_t processCount;
    /// The binary logarithm of how many bits each of them has.
    intptr_t slotShift;
};

/// Take a whole step of the process that starts so many bytes into the state that is expanded: it goes to another location, and, but for
/// `go`, a value is written, so many bytes from the beginning of the state.
struct WholeSteps {
    int (*go)(struct ExpansionContext *, int64_t frame, int64_t target);
    int (*assign8)(struct ExpansionContext *, int64_t frame, int64_t target, int64_t at, uint64_t value);
    int (*assign16)(struct ExpansionContext *, int64_t frame, int64_t target, int64_t at, uint64_t value);
    int (*assign32)(struct ExpansionContext *, int64_t frame, int64_t target, int64_t at, uint64_t value);
    int (*assign64)(struct ExpansionContext *, int64_t frame, int64_t target, int64_t at, uint64_t value);
};

/// What machine code works with: how to take steps, and what is known of the state that they are taken from.
///
/// A function that says -1, or null, leaves the state to the interpreter.
struct ExpansionContext {
    struct WholeSteps steps;
    /// Begin a step, with a copy of a state: `begin` for one that `deliver` finishes; `hold` for one inside an atomic sequence, which
    /// `follow` finishes; `offer` for one in which somebody has to receive at once, which `meet` finishes.
    unsigned char *(*begin)(struct ExpansionContext *, const unsigned char *state, int64_t size);
    unsigned char *(*hold)(struct ExpansionContext *, const unsigned char *state, int64_t size);
    unsigned char *(*offer)(struct ExpansionContext *, const unsigned char *state, int64_t size);
    int (*deliver)(struct ExpansionContext *, int64_t size);
    int (*follow)(struct ExpansionContext *, int64_t size, int64_t pid);
    /// \returns 1 if somebody received, 0 if nobody did, or -1.
    int (*meet)(struct ExpansionContext *, int64_t size, int64_t sender);
    /// Begin a process at the end of a state that was begun, which takes so many bytes up to there: its block has so many, which are zeros.
    int (*grow)(struct ExpansionContext *, unsigned char *state, int64_t size, int64_t more);
    /// Write a value to a state that was begun, so many bytes from its beginning.
    void (*set8)(struct ExpansionContext *, unsigned char *state, int64_t at, uint64_t value);
    void (*set16)(struct ExpansionContext *, unsigned char *state, int64_t at, uint64_t value);
    void (*set32)(struct ExpansionContext *, unsigned char *state, int64_t at, uint64_t value);
    void (*set64)(struct ExpansionContext *, unsigned char *state, int64_t at, uint64_t value);
    /// Notes what has been changed, in other ways, in bytes that were `old` before.
    void (*compare)(struct ExpansionContext *, const unsigned char *state, int64_t at, const unsigned char *old, int64_t size);
    /// Notes that a value was cut, at a place in the model.
    int (*cut)(struct ExpansionContext *, int64_t site);

    /// Whether it matters what `compare` is told.
    int64_t notesChanges;
    /// Whether nothing can move without a timeout; and the number of the rendezvous channel at which a sender waits, or 0.
    int64_t timeout, handshake;
    /// Where each process begins in the state.
    int64_t frames[processRoom];
    /// Where each channel lies in it, and of which kind it is, and how many there are.
    int64_t channels[channelRoom], kinds[channelRoom], channelCount;
    /// What is sent without a queue.
    int64_t message[fieldRoom];
    /// Of the moves of the process that is expanded, those that sleep, and so are possible, as bits, the first one where it stands
    /// being 1; and the number of the move that is looked at, counted likewise.
    uint64_t sleeping;
    int64_t slot;
    /// What is known of moves that sleep, or null; and for each process, the number of the place where it stands, 0 if nothing is known
    /// of it.
    const struct SleepRecord *sleep;
    int64_t places[processRoom];
};

#endif
