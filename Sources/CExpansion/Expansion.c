#include "AtomicChain.h"

static const char header[] = {
#embed "include/CompiledModel.h"
    , 0};

const char *const compiledModelHeader = header;

// MARK: Processes

/// Finds out where the processes and channels of a state lie.
static __attribute__((noinline)) void locateAnew(struct Expansion *e, const unsigned char *state) {
    Context *const c = &e->context;
    const int64_t count = state[0];
    int64_t at = e->model->processesOffset, channel = e->model->channelCount;
    for (int64_t pid = 0; pid < count; pid++) {
        const struct ModelProcess *const process = e->model->processes + state[at];
        c->frames[pid] = at;
        e->types[pid] = state[at];
        for (int64_t number = 0; number < process->channelCount; number++, channel++) {
            c->channels[channel] = at + process->channels[number].offset;
            c->kinds[channel] = process->channels[number].kind;
        }
        at += process->size;
    }
    (e->processCount = count, c->channelCount = channel);
    useTypes(e);
}

/// The same, which often lie where they did in the state before it.
static inline void locate(struct Expansion *e, const unsigned char *state) {
    const int64_t count = state[0];
    int64_t known = 0;
    if (count == e->processCount) {
        if (e->model->keepsTypes) return;
        SHORT_LOOP
        while (known < count && state[e->context.frames[known]] == e->types[known]) known++;
        if (known == count) return;
    }
    locateAnew(e, state);
}

/// \param locationSize the bytes of a location, which the compiler knows.
ALWAYS_INLINE void findPlacesBySize(struct Expansion *e, const unsigned char *state, int64_t locationSize) {
    const unsigned char *const locations = state + e->model->locationOffset;
    const int64_t known = e->knownCount;
    SHORT_LOOP
    for (int64_t pid = 0; pid < known; pid++) {
        const int64_t first = e->firstPlaces[pid], place = first + (int64_t)load(locations + e->context.frames[pid], locationSize);
        e->context.places[pid] = first ? place : 0;
    }
}

/// Finds out the places where the processes of a state stand, for moves that may sleep.
static inline void findPlaces(struct Expansion *e, const unsigned char *state) {
    if (e->model->locationSize == 1) findPlacesBySize(e, state, 1); else findPlacesBySize(e, state, 2);
    if (e->model->forgetPlaces) e->model->forgetPlaces(&e->context, state, e->knownCount);
}

static inline uint64_t bitOf(int64_t pid) { return (uint64_t)1 << (pid & 63); }

/// \param bit that of its pid.
static inline int expandProcess(struct Expansion *e, int64_t pid, uint64_t bit) {
    e->movers = e->baseMovers | bit;
    return e->model->expansions[e->types[pid]](&e->context, e->state, e->size, pid);
}

/// Has the processes from this one on take their steps.
static int expandProcesses(struct Expansion *e, int64_t first) {
    int moved = 0;
    for (e->pid = e->state[0] - 1; e->pid >= first; e->pid--) {
        const uint64_t bit = bitOf(e->pid);
        const int result = expandProcess(e, e->pid, bit);
        if (result < 0) return -1;
        moved |= result;
        if (result) e->enabled |= bit;
    }
    return moved;
}

/// Has all processes take their steps in the state itself, unless whatever they can do sleeps.
static int expandAwake(struct Expansion *e) {
    Context *const c = &e->context;
    const uint64_t asleepMoves = e->asleep.moves;
    int moved = expandProcesses(e, e->knownCount);
    if (moved < 0) return -1;
    if (asleepMoves) moved = 1;
    uint64_t awake = e->knownCount ? ~e->asleep.processes & ~(uint64_t)0 >> (64 - e->knownCount) : 0;
    while (awake) {
        const int64_t pid = 63 - __builtin_clzll(awake), firstMoveBit = pid * e->moveBits;
        const uint64_t bit = bitOf(pid);
        awake ^= bit;
        (e->pid = pid, e->hasBits = true, e->firstMoveBit = firstMoveBit);
        // Those that sleep, and so are possible.
        c->sleeping = asleepMoves >> firstMoveBit & e->moveMask;
        const int result = expandProcess(e, pid, bit);
        if (result < 0) return -1;
        moved |= result;
        if (result) e->enabled |= bit;
        if (e->hasBits && c->places[pid]) e->done.processes |= bit;
    }
    (e->isAwake = false, c->sleeping = 0);
    return moved;
}

/// Has every other process try to receive what is offered.
static int meet(Context *context, int64_t size, int64_t sender) {
    struct Expansion *const e = expansionOf(context);
    const struct Key base = e->base;
    const bool mayBaseBeOdd = e->mayBaseBeOdd;
    const uint64_t movers = e->movers;
    int received = 0;
    (e->base = e->key, e->mayBaseBeOdd = e->mayBeOdd);
    for (int64_t pid = e->offered[0] - 1; pid >= 0; pid--) {
        const ProcessExpansion receive = e->model->receives[e->offered[context->frames[pid]]];
        if (pid == sender || !receive) continue;
        e->movers = movers | bitOf(pid);
        const int result = receive(context, e->offered, size, pid);
        if (result < 0) return -1;
        received |= result;
    }
    (e->base = base, e->mayBaseBeOdd = mayBaseBeOdd, e->movers = movers);
    return received;
}

// MARK: States

/// Two if nothing can move, plus one if nothing can without a timeout; -1 to leave the state to the interpreter.
static int expand(struct Expansion *e, const unsigned char *state, int64_t size, struct SleepingMoves asleep) {
    Context *const c = &e->context;
    (e->state = state, e->size = size, e->cutCount = 0, c->handshake = 0, c->sleeping = 0, e->baseMovers = 0, e->enabled = 0);
    if (e->heldCount) forgetHeldStates(e);
    e->comparesBytes = !e->sink;
    locate(e, state);
    useSteps(e, e->steps);
    e->isAwake = c->sleep != 0;
    if (e->isAwake) {
        findPlaces(e, state);
        (e->asleep = asleep, e->done = asleep);
    }
    int moved = e->isAwake ? expandAwake(e) : expandProcesses(e, 0);
    if (moved < 0) return -1;
    const int isLate = !moved;
    if (isLate) {
        c->timeout = 1;
        moved = expandProcesses(e, 0);
        c->timeout = 0;
        if (moved < 0) return -1;
    }
    for (int64_t next = 0; next < e->heldCount; next++) {
        // Nothing has to be known of the first one before there is another.
        if (next && e->oddCount > oddLimit && !e->comparesBytes) compareBytes(e, next);
        if (next == 1) isFollowed(e, 0);
        if (next && isFollowed(e, next)) continue;
        const struct HeldState *const held = e->held + next;
        (e->state = e->chain + held->at, e->size = held->size, e->later = held->later, e->mayBaseBeOdd = held->odd, e->baseMovers = held->movers);
        copyKey(e->base.words, held->key.words, e->keyWords);
        locate(e, e->state);
        useSteps(e, held->hasKey && !held->odd ? e->steps : &stateSteps);
        const int result = expandProcess(e, held->pid, bitOf(held->pid));
        if (result < 0) return -1;
        if (result == 0 && (!begin(c, e->state, e->size) || deliver(c, e->size))) return -1;
    }
    for (int64_t number = 0; number < e->cutCount; number++) e->cutCounts[e->cuts[number]]++;
    return !moved * 2 + isLate;
}

intptr_t expandState(
    struct Expansion *e, const unsigned char *state, intptr_t size, const struct SleepRecord *sleep, struct SleepingMoves asleep,
    struct SuccessorBytes *bytes) {
    (e->sink = 0, e->context.notesChanges = 0, e->keyWords = 0, e->steps = &stateSteps);
    useSleep(e, sleep);
    (e->output = bytes->output, e->outputEnd = bytes->output + bytes->room);
    (e->ends = bytes->ends, e->lastEnd = bytes->ends + bytes->endRoom, e->used = bytes->used);
    (e->masks = bytes->asleep, e->moverBits = bytes->movers);
    const int result = expand(e, state, size, asleep);
    bytes->enabled = e->enabled;
    return result < 0 ? -1 : (e->ends - bytes->ends) * 4 + result;
}

int64_t passStates(
    struct Expansion *e, struct SuccessorSink *sink, const struct StoredKeys *keys, int64_t first, int64_t end, int64_t enough,
    const struct SleepRecord *sleep, const struct SleepingMoves *asleep, uint64_t *state, struct PassedState *passed) {
    (e->sink = sink, e->context.notesChanges = 1, e->keyWords = sink->keyWords, e->steps = stepsWithKeys(sink->keyWords));
    useSleep(e, sleep);
    (e->output = sink->state, e->outputEnd = sink->state + sink->stateRoom);
    int64_t number = first;
    for (; number < end && sink->count < enough; number++) {
        const int64_t before = sink->count;
        const UnalignedWord *const key = storedKey(keys, number);
        e->packing = sink->packing->sizes + (key[0] & sink->packing->sizeMask);
        e->stored = (const unsigned char *)state;
        (e->oddCount = 0, e->mayBaseBeOdd = false);
        loadStoredKey(keys, number, e->base.words);
        // From where it is stored: to wait for the copy takes twenty cycles.
        unpackState(sink->packing, key, state);
        const int result = sink->movers && e->stored[0] > moverLimit
            ? -1 : expand(e, e->stored, e->packing->size, asleep ? asleep[number - first] : (struct SleepingMoves){0, 0});
        if (result < 0) {
            sink->count = before;
            break;
        }
        passed[number - first] = (struct PassedState){(int32_t)(sink->count - before), result, e->enabled};
    }
    return number - first;
}

// MARK: Expansions

intptr_t expansionSize(void) { return sizeof(struct Expansion); }

void prepareExpansion(struct Expansion *e, const struct CompiledModel *model, intptr_t *cutCounts) {
    (e->model = model, e->cutCounts = cutCounts, e->generation = 1, e->processCount = -1);
    Context *const c = &e->context;
    (c->begin = begin, c->hold = hold, c->offer = offer, c->deliver = deliver, c->follow = follow, c->meet = meet);
    (c->grow = grow, c->set8 = set8, c->set16 = set16, c->set32 = set32, c->set64 = set64, c->compare = compare, c->cut = cut);
    for (int64_t number = 0; number < model->channelCount; number++) {
        c->channels[number] = model->channels[number].offset;
        c->kinds[number] = model->channels[number].kind;
    }
}
