// Finds the successors of states with machine code of a model: what all models have in common is here, and never compiled again.

#ifndef C_EXPANSION_H
#define C_EXPANSION_H

#include "CStatePacking.h"
#include "CompiledModel.h"

/// The text that the C of every model begins with.
extern const char *const compiledModelHeader;

/// What one thread works with.
struct Expansion;

/// Bytes of an `Expansion`.
intptr_t expansionSize(void);

/// Makes an expansion ready, in memory that is zero, and as aligned as a line of the cache.
/// \param model its code is used for as long as the expansion is; its `contextSize` is that of an `ExpansionContext`.
/// \param cutCounts how often values were cut, by the place in the model.
void prepareExpansion(struct Expansion *expansion, const struct CompiledModel *model, intptr_t *cutCounts);

/// More processes than this have no bits.
enum { moverLimit = 64 };

/// Where the bytes of successors go, one after the other.
struct SuccessorBytes {
    unsigned char *output;
    /// Bytes that there is room for.
    intptr_t room;
    /// Where each successor ends, counted from `used`.
    intptr_t *ends;
    /// How many there is room for.
    intptr_t endRoom;
    intptr_t used;
    /// What sleeps in each of them, with a `SleepRecord`.
    struct SleepingMoves *asleep;
    /// Who takes part in the steps to each of them, as bits by pid, or null if nobody asks; there are no more processes than `moverLimit` then.
    uint64_t *movers;
    /// Who can move in the state.
    uint64_t enabled;
};

/// Writes the successors of a state.
/// \param sleep what is known of moves that may sleep; null if none is to.
/// \param asleep what sleeps in the state.
/// \returns their number times four, plus two if nothing can move, plus one if nothing can without a timeout; -1 to leave the state to the
///   interpreter, whatever was written.
intptr_t expandState(
    struct Expansion *expansion, const unsigned char *state, intptr_t size, const struct SleepRecord *sleep, struct SleepingMoves asleep,
    struct SuccessorBytes *bytes);

/// What became of a state whose successors were to be taken.
struct PassedState {
    /// How many it has.
    int32_t successorCount;
    /// Two if nothing can move, plus one if nothing can without a timeout.
    int32_t result;
    /// Who can move, as bits by pid, where the sink asks who moves.
    uint64_t enabled;
};

/// Has the key of each successor of some states written to a sink, told from the key of the state, until there are enough of them.
/// \param keys the packed keys of all states.
/// \param enough so many successors, with those that there were before.
/// \param sleep what is known of moves that may sleep; null if none is to.
/// \param asleep what sleeps in each of the states; null if nothing does.
/// \param state room for the words of a state.
/// \param passed what became of each state.
/// \returns how many states that was; the one after them is left to the interpreter if there are not enough successors yet.
int64_t passStates(
    struct Expansion *expansion, struct SuccessorSink *sink, const struct StoredKeys *keys, int64_t first, int64_t end, int64_t enough,
    const struct SleepRecord *sleep, const struct SleepingMoves *asleep, uint64_t *state, struct PassedState *passed);

#endif
