#include "Kernel.h"

#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

enum {
    /// Words, and slots, that diagrams start with.
    firstWordCapacity = 1024, firstSlotCount = 256, firstRelationSlotCount = 64,
    /// Steps after which limits are looked at.
    stepsBetweenChecks = 2048
};

// MARK: Limits

void fail(struct Diagrams *diagrams, enum DiagramFailure failure) {
    diagrams->failure = failure;
    longjmp(diagrams->exit, 1);
}

/// Begins to count the steps to the next look at the limits.
static void scheduleCheck(struct Diagrams *diagrams) {
    const uint64_t left = diagrams->limits.steps - diagrams->steps;
    // One more, as the limit may be reached.
    diagrams->stepsBetween = left < stepsBetweenChecks ? left + 1 : stepsBetweenChecks;
    diagrams->stepsLeft = diagrams->stepsBetween;
}

void checkLimits(struct Diagrams *diagrams) {
    diagrams->steps += diagrams->stepsBetween;
    if (diagrams->steps > diagrams->limits.steps) fail(diagrams, stepsFailure);
    if (diagrams->limits.stop && __atomic_load_n(diagrams->limits.stop, __ATOMIC_RELAXED)) fail(diagrams, stoppedFailure);
    scheduleCheck(diagrams);
}

uint64_t bytesOfDiagrams(const struct Diagrams *diagrams) { return diagrams->bytes; }

uint64_t stepsOfDiagrams(const struct Diagrams *diagrams) { return diagrams->steps + diagrams->stepsBetween - diagrams->stepsLeft; }

// MARK: Memory

void *allocateIfPossible(struct Diagrams *diagrams, size_t bytes) {
    if (bytes > diagrams->limits.bytes - diagrams->bytes) return 0;
    void *memory = 0;
#if defined(__linux__)
    // Tables are looked into everywhere: with small pages, where these are would have to be looked up each time.
    if (bytes >= largePageSize && !posix_memalign(&memory, largePageSize, bytes)) {
        madvise(memory, bytes, MADV_HUGEPAGE);
        memset(memory, 0, bytes);
        diagrams->bytes += bytes;
        return memory;
    }
#endif
    memory = calloc(1, bytes ? bytes : 1);
    if (memory) diagrams->bytes += bytes;
    return memory;
}

void *allocate(struct Diagrams *diagrams, size_t bytes) {
    void *const memory = allocateIfPossible(diagrams, bytes);
    if (!memory) fail(diagrams, memoryFailure);
    return memory;
}

void release(struct Diagrams *diagrams, void *memory, size_t bytes) {
    free(memory);
    diagrams->bytes -= bytes;
}

void *enlarge(struct Diagrams *diagrams, void *memory, size_t *capacity, size_t needed, size_t elementSize) {
    size_t larger = *capacity < 16 ? 16 : *capacity * 2;
    while (larger < needed) larger *= 2;
    const size_t bytes = (larger - *capacity) * elementSize;
    if (bytes > diagrams->limits.bytes - diagrams->bytes) fail(diagrams, memoryFailure);
    void *const moved = realloc(memory, larger * elementSize);
    if (!moved) fail(diagrams, memoryFailure);
    diagrams->bytes += bytes;
    *capacity = larger;
    return moved;
}

void *allocateTemporary(struct Diagrams *diagrams, size_t bytes) {
    struct Temporary *const temporary = allocate(diagrams, sizeof(struct Temporary) + bytes);
    *temporary = (struct Temporary){diagrams->temporaries, sizeof(struct Temporary) + bytes};
    diagrams->temporaries = temporary;
    return temporary + 1;
}

void releaseTemporary(struct Diagrams *diagrams) {
    struct Temporary *const temporary = diagrams->temporaries;
    diagrams->temporaries = temporary->next;
    release(diagrams, temporary, temporary->bytes);
}

// MARK: Levels

static size_t wordsOfRanks(uint32_t domain) { return (domain + 63) / 64; }

/// Bytes of the room of a level: sets of ranks, the children, where firings start, and ranks.
static size_t bytesOfRoom(uint32_t domain) { return wordsOfRanks(domain) * 3 * 8 + ((size_t)domain * 2 + 1) * 4 + (size_t)domain * 2; }

/// Gives a level room for its ranks, one memory for all.
static void makeRoom(struct Diagrams *diagrams, struct Level *level, uint32_t domain) {
    const uint32_t wordCount = (uint32_t)wordsOfRanks(domain);
    unsigned char *memory = allocate(diagrams, bytesOfRoom(domain));
    if (level->present) release(diagrams, level->present, bytesOfRoom(level->domain));
    level->domain = domain;
    level->wordCount = wordCount;
    level->present = (uint64_t *)memory;
    level->pending = level->present + wordCount;
    level->fired = level->pending + wordCount;
    level->children = (uint32_t *)(level->fired + wordCount);
    level->firingStarts = level->children + domain;
    level->ranks = (uint16_t *)(level->firingStarts + domain + 1);
    level->hasFirings = false;
}

static enum DiagramFailure makeAll(struct Diagrams *diagrams, const uint32_t *domains, int64_t levelCount) {
    FAIL_WITH(diagrams, diagrams->failure);
    diagrams->levels = allocate(diagrams, (size_t)levelCount * sizeof(struct Level));
    // The ranks of levels next to each other are those that relations ask for together: their bits differ if there are enough.
    uint32_t rankCount = 0;
    for (int64_t level = 0; level < levelCount; level++) {
        diagrams->levels[level].firstBit = rankCount;
        rankCount += domains[level];
        diagrams->levelCount = (uint32_t)level + 1;
        makeRoom(diagrams, diagrams->levels + level, domains[level]);
    }
    diagrams->words = enlarge(diagrams, 0, &diagrams->wordCapacity, firstWordCapacity, sizeof(uint32_t));
    memset(diagrams->words, 0, firstNode * sizeof(uint32_t));
    diagrams->words[emptyNode] = diagrams->words[terminalNode] = diagrams->levelCount << 16;
    diagrams->wordCount = firstNode;
    diagrams->slots = allocate(diagrams, firstSlotCount * sizeof(uint64_t));
    diagrams->slotMask = firstSlotCount - 1;
    diagrams->relations = enlarge(diagrams, 0, &diagrams->relationCapacity, 2, sizeof(struct RelationNode));
    memset(diagrams->relations, 0, 2 * sizeof(struct RelationNode));
    diagrams->relations[emptyRelation].level = diagrams->relations[identityRelation].level = (uint32_t)levelCount;
    diagrams->relationCount = 2;
    diagrams->relationSlots = allocate(diagrams, firstRelationSlotCount * sizeof(uint32_t));
    diagrams->relationSlotMask = firstRelationSlotCount - 1;
    makeResultTable(diagrams, &diagrams->results);
    makeResultTable(diagrams, &diagrams->images);
    return noFailure;
}

void destroyDiagrams(struct Diagrams *diagrams) {
    for (uint32_t level = 0; diagrams->levels && level < diagrams->levelCount; level++) {
        free(diagrams->levels[level].present);
        free(diagrams->levels[level].events);
        free(diagrams->levels[level].firings);
    }
    free(diagrams->levels);
    free(diagrams->words);
    free(diagrams->slots);
    free(diagrams->relations);
    free(diagrams->relationEdges);
    free(diagrams->rowStarts);
    free(diagrams->relationSlots);
    releaseResultTable(&diagrams->results);
    releaseResultTable(&diagrams->images);
    while (diagrams->temporaries) releaseTemporary(diagrams);
    free(diagrams);
}

struct Diagrams *createDiagrams(const uint32_t *domains, int64_t levelCount, struct DiagramLimits limits) {
    struct Diagrams *const diagrams = calloc(1, sizeof(struct Diagrams));
    if (!diagrams) return 0;
    diagrams->limits = limits;
    scheduleCheck(diagrams);
    if (makeAll(diagrams, domains, levelCount) == noFailure) return diagrams;
    destroyDiagrams(diagrams);
    return 0;
}

enum DiagramFailure growDomain(struct Diagrams *diagrams, int64_t level, uint32_t domain) {
    FAIL_WITH(diagrams, diagrams->failure);
    struct Level *const own = diagrams->levels + level;
    if (domain > own->domain) makeRoom(diagrams, own, domain);
    return noFailure;
}
