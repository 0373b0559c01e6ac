// What the parts of the kernel share: how nodes and relations lie in memory, and how an operation ends early.

#ifndef KERNEL_H
#define KERNEL_H

#include "CDiagrams.h"
#include "ResultTable.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>

/// An event from some rank of a level: the rank it leads to, and the relation between what lies below.
struct Firing {
    uint32_t to, relation;
};

/// A level, and the room in which a node of it is made.
///
/// One node at most is made at each level at a time: whatever is worked out for its children belongs to the levels below.
struct Level {
    uint32_t domain;
    /// Words of a set of ranks.
    uint32_t wordCount;
    /// The bit of a signature that stands for the first rank; see `signatureOf`.
    uint32_t firstBit;
    /// Of the node that is made: its ranks, and those from which events are still to be fired.
    uint64_t *present, *pending;
    /// Its children by rank; or its ranks and its children, one after the other.
    uint32_t *children;
    uint16_t *ranks;
    /// The relations that are fired at this level and do nothing above it.
    uint32_t *events;
    uint32_t eventCount;
    /// Whether the firings were laid out for these events and this domain.
    bool hasFirings;
    /// The ranks from which there are firings, where those of each rank start, and all of them.
    uint64_t *fired;
    uint32_t *firingStarts;
    struct Firing *firings;
    size_t firingCapacity;
};

/// A relation: where its edges lie.
struct RelationNode {
    uint32_t level;
    /// The ranks less than this have rows, which start at `rows`; edges from any rank follow those of the last row.
    uint32_t rowCount;
    size_t rows;
    uint32_t anyEnd;
    /// Ranks, as in a signature, without all of which the relation leads nowhere, and without any of which it does.
    uint64_t required, possible;
};

/// Memory that is needed until an operation ends.
struct Temporary {
    struct Temporary *next;
    size_t bytes;
};

struct Diagrams {
    struct Level *levels;
    uint32_t levelCount;

    /// The nodes, one after the other: their numbers say where they start. Each has its header, its signature in two words, the children,
    /// and their ranks, two in a word. The header has the number of edges, the level above it, and `closedBit`.
    uint32_t *words;
    size_t wordCount, wordCapacity;
    /// Where nodes are found: the upper half of each slot is that of a hash, and the lower one is a node, or zero.
    uint64_t *slots;
    size_t slotMask, nodeCount;

    struct RelationNode *relations;
    size_t relationCount, relationCapacity;
    struct RelationEdge *relationEdges;
    size_t relationEdgeCount, relationEdgeCapacity;
    /// For each row, where its edges start, and where those of the last end.
    uint32_t *rowStarts;
    size_t rowStartCount, rowStartCapacity;
    uint32_t *relationSlots;
    size_t relationSlotMask;

    /// What operations on sets and relations gave, and what events gave.
    struct ResultTable results, images;

    /// What is to be freed if an operation does not come to its end, the latest first.
    struct Temporary *temporaries;

    struct DiagramLimits limits;
    uint64_t bytes;
    /// Steps that were taken before limits were looked at last, and how many are left until they are looked at next, of so many.
    uint64_t steps, stepsLeft, stepsBetween;
    enum DiagramFailure failure;
    /// Where an operation goes on when it fails.
    jmp_buf exit;
};

/// Stands at the start of an operation: its failures end it here.
#define FAIL_WITH(diagrams, result) \
    if ((diagrams)->failure != noFailure || setjmp((diagrams)->exit)) return result

/// The whole of an operation that has a node, a relation, or a truth value for a result.
#define RESULT(diagrams, value) \
    FAIL_WITH(diagrams, ((struct DiagramResult){0, (diagrams)->failure})); \
    return (struct DiagramResult){value, noFailure}

/// Ends the operation.
_Noreturn void fail(struct Diagrams *diagrams, enum DiagramFailure failure);

/// Looks at the limits.
void checkLimits(struct Diagrams *diagrams);

/// Takes note of a result that has to be worked out.
static inline void countStep(struct Diagrams *diagrams) {
    if (__builtin_expect(--diagrams->stepsLeft == 0, 0)) checkLimits(diagrams);
}

// MARK: Memory

/// Bytes of a large page, and the memory of which large pages are asked for.
enum { largePageSize = 1 << 21 };

/// Memory that is all zeros; null if there is none.
void *allocateIfPossible(struct Diagrams *diagrams, size_t bytes);

/// Memory that is all zeros.
void *allocate(struct Diagrams *diagrams, size_t bytes);

void release(struct Diagrams *diagrams, void *memory, size_t bytes);

/// Memory that is all zeros, and is freed with the diagrams if the operation fails.
void *allocateTemporary(struct Diagrams *diagrams, size_t bytes);

/// Frees the latest memory of that kind.
void releaseTemporary(struct Diagrams *diagrams);

/// Makes room for so many elements, at least twice as many as before.
void *enlarge(struct Diagrams *diagrams, void *memory, size_t *capacity, size_t needed, size_t elementSize);

// MARK: Nodes

enum {
    /// Words of a node before its children.
    headWords = 3,
    /// The first node behind the empty one and the terminal one, which share words that say their level and no signature.
    firstNode = 4
};

/// Says of a node, in its header, that no event makes anything else of it.
static const uint32_t closedBit = (uint32_t)1 << 31;

static inline uint32_t levelOf(const struct Diagrams *diagrams, uint32_t node) { return (diagrams->words[node] & ~closedBit) >> 16; }

static inline uint32_t edgeCountOf(const struct Diagrams *diagrams, uint32_t node) { return diagrams->words[node] & 0xFFFF; }

static inline uint32_t childAt(const struct Diagrams *diagrams, uint32_t node, uint32_t edge) {
    return diagrams->words[node + headWords + edge];
}

/// The ranks of the edges of a node.
static inline const uint16_t *ranksOf(const struct Diagrams *diagrams, uint32_t node) {
    return (const uint16_t *)(diagrams->words + node + headWords + edgeCountOf(diagrams, node));
}

/// Words of a node that has so many edges.
static inline size_t wordsOfEdges(uint32_t edgeCount) { return headWords + edgeCount + (edgeCount + 1) / 2; }

/// The ranks at the level of a node and below that there are in its set, as bits: each has one, which others may share (B. Bloom,
/// "Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970).
static inline uint64_t signatureOf(const struct Diagrams *diagrams, uint32_t node) {
    uint64_t signature;
    memcpy(&signature, diagrams->words + node + 1, sizeof signature);
    return signature;
}

static inline uint64_t signatureOfRank(const struct Diagrams *diagrams, uint32_t level, uint32_t rank) {
    return (uint64_t)1 << (diagrams->levels[level].firstBit + rank) % 64;
}

/// Whether the signature of a node says that a relation, which is not the identity, makes nothing of it.
static inline bool leadsNowhere(const struct Diagrams *diagrams, uint32_t node, uint32_t relation) {
    const struct RelationNode *const own = diagrams->relations + relation;
    const uint64_t signature = signatureOf(diagrams, node);
    return own->required & ~signature || !(own->possible & signature);
}

static inline bool isClosed(const struct Diagrams *diagrams, uint32_t node) { return diagrams->words[node] & closedBit; }

static inline void markClosed(struct Diagrams *diagrams, uint32_t node) { diagrams->words[node] |= closedBit; }

/// Takes note that any node may have to be closed again.
void forgetClosed(struct Diagrams *diagrams);

/// The node that has these edges, in the order of their ranks.
uint32_t makeNode(struct Diagrams *diagrams, uint32_t level, const uint16_t *ranks, const uint32_t *children, uint32_t count);

/// The node that has the edges which are present at its level, of which there is one at least.
uint32_t makePresentNode(struct Diagrams *diagrams, uint32_t level);

/// The same; the empty one if there is no such node yet.
uint32_t findPresentNode(struct Diagrams *diagrams, uint32_t level);

/// Puts two numbers in order, for operations to which it makes no difference: so what they give is found for both orders.
static inline void putInOrder(uint32_t *one, uint32_t *other) {
    if (*one < *other) return;
    const uint32_t larger = *one;
    *one = *other;
    *other = larger;
}

/// The union of two sets of the same level.
uint32_t unite(struct Diagrams *diagrams, uint32_t one, uint32_t other);

// MARK: Relations

/// The relation that has these edges, which it sorts.
uint32_t makeRelationNode(struct Diagrams *diagrams, uint32_t level, struct RelationEdge *edges, size_t count);

uint32_t uniteRelationNodes(struct Diagrams *diagrams, uint32_t one, uint32_t other);

/// Some edges of a relation.
struct EdgeRange {
    uint32_t start, end;
};

/// The edges of a relation from one rank; those from any rank are not among them.
static inline struct EdgeRange edgesFrom(const struct Diagrams *diagrams, const struct RelationNode *relation, uint32_t rank) {
    if (rank >= relation->rowCount) return (struct EdgeRange){0, 0};
    const uint32_t *const starts = diagrams->rowStarts + relation->rows + rank;
    return (struct EdgeRange){starts[0], starts[1]};
}

/// The edges of a relation from any rank.
static inline struct EdgeRange edgesFromAny(const struct Diagrams *diagrams, const struct RelationNode *relation) {
    return (struct EdgeRange){diagrams->rowStarts[relation->rows + relation->rowCount], relation->anyEnd};
}

/// Lays out what is fired at a level, if that has changed.
void layOutFirings(struct Diagrams *diagrams, struct Level *level);

// MARK: Sets of ranks

static inline void insertRank(uint64_t *set, uint32_t rank) { set[rank / 64] |= (uint64_t)1 << rank % 64; }

static inline void removeRank(uint64_t *set, uint32_t rank) { set[rank / 64] &= ~((uint64_t)1 << rank % 64); }

static inline bool hasRank(const uint64_t *set, uint32_t rank) { return set[rank / 64] >> rank % 64 & 1; }

static inline void clearRanks(uint64_t *set, uint32_t wordCount) {
    for (uint32_t word = 0; word < wordCount; word++) set[word] = 0;
}

/// Adds a set to the children of the node that is made at a level.
/// \returns whether that changed anything.
static inline bool addChild(struct Diagrams *diagrams, const struct Level *level, uint32_t rank, uint32_t child) {
    if (!hasRank(level->present, rank)) {
        insertRank(level->present, rank);
        level->children[rank] = child;
        return true;
    }
    const uint32_t before = level->children[rank];
    if (before == child) return false;
    const uint32_t after = unite(diagrams, before, child);
    level->children[rank] = after;
    return after != before;
}

#endif
