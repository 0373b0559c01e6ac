// The steps of processes: what changes in a state is changed in its key too, so that successors need not be packed.

#include "SleepingMoves.h"

// MARK: Values, which lie anywhere

static inline uint64_t load(const unsigned char *place, int64_t bytes) {
    uint64_t value = 0;
    memcpy(&value, place, bytes);
    return value;
}

static inline void store(unsigned char *place, uint64_t value, int64_t bytes) { memcpy(place, &value, bytes); }

/// Copies a state: most are so short that a call would take longer.
static inline void copyState(unsigned char *copy, const unsigned char *state, int64_t size) {
    if (size < 16 || size > 80) {
        memcpy(copy, state, size);
        return;
    }
    SHORT_LOOP
    for (int64_t at = 0; at < size - 16; at += 16) memcpy(copy + at, state + at, 16);
    memcpy(copy + size - 16, state + size - 16, 16);
}

// MARK: Beginning

static inline unsigned char *start(struct Expansion *e, unsigned char *copy, const unsigned char *state, int64_t size) {
    if (e->isAwake) e->later = noteMove(e);
    copyState(copy, state, size);
    copyKey(e->key.words, e->base.words, e->keyWords);
    e->mayBeOdd = e->mayBaseBeOdd;
    return copy;
}

static unsigned char *begin(Context *context, const unsigned char *state, int64_t size) {
    struct Expansion *const e = expansionOf(context);
    return e->outputEnd - e->output < size ? 0 : start(e, e->output, state, size);
}

static unsigned char *hold(Context *context, const unsigned char *state, int64_t size) {
    struct Expansion *const e = expansionOf(context);
    return e->heldCount == heldLimit || chainRoom - e->chained < size ? 0 : start(e, e->chain + e->chained, state, size);
}

static unsigned char *offer(Context *context, const unsigned char *state, int64_t size) {
    struct Expansion *const e = expansionOf(context);
    return size > offerRoom ? 0 : start(e, e->offered, state, size);
}

// MARK: Changes

/// Notes that bits of a byte have changed which no key has: often they are as before when the step is done.
static __attribute__((noinline)) void noteOdd(struct Expansion *e, int64_t at) {
    e->mayBeOdd = true;
    for (int64_t number = 0; number < e->oddCount && number < oddLimit; number++) {
        if (e->odd[number] == at) return;
    }
    if (e->oddCount > oddLimit) return;
    if (e->oddCount < oddLimit) e->odd[e->oddCount] = at;
    e->oddCount++;
}

/// What the state that is made, as large as the one that is expanded, has of bits that no key has: 0 if they are as in that one, and the same
/// number for the same bits, unless there are too many.
static inline uint64_t oddBits(const struct Expansion *e, const unsigned char *state) {
    if (!e->mayBeOdd) return 0;
    if (e->oddCount > oddLimit) return 1;
    uint64_t sum = 0, any = 0;
    SHORT_LOOP
    for (int64_t number = 0; number < e->oddCount; number++) {
        const int64_t at = e->odd[number];
        const uint64_t bits = (state[at] ^ e->stored[at]) & e->packing->same[at];
        any |= bits;
        sum += bits * (0x9E3779B97F4A7C15 + (uint64_t)at * 2);
    }
    return any ? sum | 1 : 0;
}

/// What bits that change in a byte of a state change in the key of the state that is made.
/// \returns those bits that no key has.
static inline uint64_t changeKey(struct Expansion *e, int64_t at, uint64_t bits) {
    const uint64_t *change = e->packing->changes + at * 32;
    SHORT_LOOP
    for (int64_t word = 0; word < e->keyWords; word++, change += e->packing->size * 32)
        e->key.words[word] ^= change[bits & 15] ^ change[16 + (bits >> 4)];
    return bits & e->packing->same[at];
}

/// Notes which bits of a byte have changed. A state that has become larger is packed when it is done.
static inline void noteChange(struct Expansion *e, int64_t at, uint64_t bits) {
    if (e->sink && at < e->packing->size && changeKey(e, at, bits)) noteOdd(e, at);
}

static inline void set(Context *context, unsigned char *state, int64_t at, uint64_t value, int64_t bytes) {
    uint64_t changes = load(state + at, bytes) ^ value;
    store(state + at, value, bytes);
    SHORT_LOOP
    for (int64_t byte = 0; byte < bytes; byte++, changes >>= 8) noteChange(expansionOf(context), at + byte, changes & 255);
}

static void set8(Context *c, unsigned char *state, int64_t at, uint64_t value) { set(c, state, at, value, 1); }
static void set16(Context *c, unsigned char *state, int64_t at, uint64_t value) { set(c, state, at, value, 2); }
static void set32(Context *c, unsigned char *state, int64_t at, uint64_t value) { set(c, state, at, value, 4); }
static void set64(Context *c, unsigned char *state, int64_t at, uint64_t value) { set(c, state, at, value, 8); }

static void compare(Context *context, const unsigned char *state, int64_t at, const unsigned char *old, int64_t size) {
    for (int64_t byte = 0; byte < size; byte++) {
        if (state[at + byte] != old[byte]) noteChange(expansionOf(context), at + byte, state[at + byte] ^ old[byte]);
    }
}

static int grow(Context *context, unsigned char *state, int64_t size, int64_t more) {
    struct Expansion *const e = expansionOf(context);
    const unsigned char *const end =
        state == e->output ? e->outputEnd : state == e->offered ? e->offered + offerRoom : e->chain + chainRoom;
    const int64_t pid = state[0];
    if (end - state < size + more || pid >= processLimit) return -1;
    // Changes are no more those of the key that the state had, not even if it becomes as large as that again.
    (e->mayBeOdd = true, e->oddCount = oddLimit + 1);
    memset(state + size, 0, more);
    context->frames[pid] = size;
    state[0] = (unsigned char)(pid + 1);
    return 0;
}

/// The first value that is cut at each place is for the interpreter to tell of.
static int cut(Context *context, int64_t site) {
    struct Expansion *const e = expansionOf(context);
    if (e->cutCounts[site] == 0 || e->cutCount == cutLimit) return -1;
    e->cuts[e->cutCount++] = site;
    return 0;
}

// MARK: Finishing

/// The next successor has a key, of so many words, which is in its place, and so is what sleeps there.
static inline int deliverKey(struct Expansion *e, struct SuccessorSink *sink, int64_t words) {
    if (sink->movers) sink->movers[sink->count] = e->movers;
    takeKey(sink, sink->keys + sink->count * words, words, sink->places + sink->count);
    sink->count++;
    return 0;
}

static int deliver(Context *context, int64_t size) {
    struct Expansion *const e = expansionOf(context);
    for (int64_t number = 0; number < e->model->hiddenCount; number++) {
        const struct HiddenBytes *const hidden = e->model->hidden + number;
        memcpy(e->output + hidden->offset, hidden->values, hidden->count);
    }
    if (e->sink) {
        if (size == e->packing->size && !oddBits(e, e->output)) {
            if (e->sink->count == e->sink->capacity) return -1;
            if (e->sink->asleep) e->sink->asleep[e->sink->count] = e->later;
            copyKey(e->sink->keys + e->sink->count * e->keyWords, e->key.words, e->keyWords);
            return deliverKey(e, e->sink, e->keyWords);
        }
        (e->sink->later = e->later, e->sink->mover = e->movers);
        return takeState(e->sink, e->output, size);
    }
    if (e->ends == e->lastEnd) return -1;
    e->output += size;
    e->used += size;
    if (e->masks) *e->masks++ = e->later;
    if (e->moverBits) *e->moverBits++ = e->movers;
    *e->ends++ = e->used;
    return 0;
}
