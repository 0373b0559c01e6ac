// Steps in one call, of a process that goes to another location, and writes a value of so many bytes, if of any. Where the key of the state
// says what the key of the successor is, no state is made.

#include "Steps.h"

#define STEP_OPERANDS Context *context, int64_t frame, int64_t target, int64_t at, uint64_t value, int64_t bytes

/// A step for which a state is made.
static __attribute__((noinline)) int stepInState(STEP_OPERANDS) {
    struct Expansion *const e = expansionOf(context);
    unsigned char *const next = begin(context, e->state, e->size);
    if (!next) return -1;
    switch (bytes) {
    case 0: break;
    case 1: set8(context, next, at, value); break;
    case 2: set16(context, next, at, value); break;
    case 4: set32(context, next, at, value); break;
    default: set64(context, next, at, value);
    }
    const int64_t location = frame + e->model->locationOffset;
    if (e->model->locationSize == 1) set8(context, next, location, target); else set16(context, next, location, target);
    return deliver(context, e->size);
}

/// The key of the next successor is in its place.
ALWAYS_INLINE int finishStep(struct Expansion *e, int64_t words) {
    struct SuccessorSink *const sink = e->sink;
    if (sink->asleep) sink->asleep[sink->count] = e->isAwake ? noteMove(e) : e->later;
    return deliverKey(e, sink, words);
}

// Each with the words of a key as a number that the compiler knows, where they are few.
static __attribute__((noinline)) int finishStep1(struct Expansion *e) { return finishStep(e, 1); }
static __attribute__((noinline)) int finishStep2(struct Expansion *e) { return finishStep(e, 2); }
static __attribute__((noinline)) int finishStepAny(struct Expansion *e) { return finishStep(e, e->keyWords); }

/// A step from a state of which the key says all that changes.
/// \param words those of a key.
ALWAYS_INLINE int step(STEP_OPERANDS, int64_t words, int (*finish)(struct Expansion *)) {
    struct Expansion *const e = expansionOf(context);
    struct SuccessorSink *const sink = e->sink;
    const struct SizePacking *const packing = e->packing;
    const int64_t location = frame + e->model->locationOffset;
    // The bytes that are written, and how they change.
    int64_t places[] = {location, at, at + 1, at + 2, at + 3, at + 4, at + 5, at + 6, at + 7};
    uint64_t changes[9], odd = 0;
    changes[0] = (e->state[location] ^ target) & 255;
    for (int64_t byte = 0; byte < bytes; byte++) changes[1 + byte] = (e->state[at + byte] ^ value >> 8 * byte) & 255;
    for (int64_t byte = 0; byte < 1 + bytes; byte++) odd |= changes[byte] & packing->same[places[byte]];
    // Few steps go so far that the upper byte of the location changes.
    if (e->model->locationSize == 2) odd |= e->state[location + 1] ^ (target >> 8 & 255);
    if (odd || sink->count == sink->capacity) return stepInState(context, frame, target, at, value, bytes);
    uint64_t *const key = sink->keys + sink->count * words;
    const uint64_t *table = packing->changes;
    SHORT_LOOP
    for (int64_t word = 0; word < words; word++, table += packing->size * 32) {
        uint64_t bits = e->base.words[word];
        for (int64_t byte = 0; byte < 1 + bytes; byte++) {
            const uint64_t *const change = table + places[byte] * 32;
            bits ^= change[changes[byte] & 15] ^ change[16 + (changes[byte] >> 4)];
        }
        key[word] = bits;
    }
    return finish(e);
}

/// Defines the functions of `WholeSteps`: what takes each, and, behind a comma, what else it is told.
#define ASSIGN(name, bits, take, ...) \
    static int name##assign##bits(Context *c, int64_t frame, int64_t target, int64_t at, uint64_t value) { \
        return take(c, frame, target, at, value, bits / 8 __VA_ARGS__); \
    }
#define WHOLE_STEPS(name, take, ...) \
    static int name##go(Context *c, int64_t frame, int64_t target) { return take(c, frame, target, 0, 0, 0 __VA_ARGS__); } \
    ASSIGN(name, 8, take, __VA_ARGS__) ASSIGN(name, 16, take, __VA_ARGS__) ASSIGN(name, 32, take, __VA_ARGS__) ASSIGN(name, 64, take, __VA_ARGS__) \
    static const struct WholeSteps name##Steps = {name##go, name##assign8, name##assign16, name##assign32, name##assign64};

WHOLE_STEPS(state, stepInState, )
WHOLE_STEPS(oneWord, step, , 1, finishStep1)
WHOLE_STEPS(twoWord, step, , 2, finishStep2)
WHOLE_STEPS(anyWord, step, , expansionOf(c)->keyWords, finishStepAny)

/// How steps are taken from states of which keys of so many words say all that changes.
static inline const struct WholeSteps *stepsWithKeys(int64_t words) { return words == 1 ? &oneWordSteps : words == 2 ? &twoWordSteps : &anyWordSteps; }

static inline void useSteps(struct Expansion *e, const struct WholeSteps *steps) {
    if (e->context.steps.go != steps->go) e->context.steps = *steps;
}
