#include "Kernel.h"

/// The edges of a node, while others are made.
struct EdgeReader {
    uint32_t node, count, edge;
};

/// The next rank of a node; more than there are ranks if there is none.
static inline uint32_t nextRank(const struct Diagrams *diagrams, const struct EdgeReader *reader) {
    return reader->edge < reader->count ? ranksOf(diagrams, reader->node)[reader->edge] : rankLimit;
}

static inline uint32_t nextChild(const struct Diagrams *diagrams, struct EdgeReader *reader) {
    return childAt(diagrams, reader->node, reader->edge++);
}

/// Two nodes of a level, of which another is made.
struct Pair {
    uint32_t one, other, operation, level;
    struct EdgeReader first, second;
};

/// Begins an operation on two nodes.
/// \param result is told the node, if it is known.
/// \returns whether it is not.
static inline bool beginPair(
    struct Diagrams *diagrams, uint32_t operation, uint32_t one, uint32_t other, struct Pair *pair, uint32_t *result) {
    if (findResult(&diagrams->results, operation, one, other, result)) return false;
    countStep(diagrams);
    *pair = (struct Pair){
        one, other, operation, levelOf(diagrams, one), {one, edgeCountOf(diagrams, one), 0}, {other, edgeCountOf(diagrams, other), 0}};
    return true;
}

/// Makes the node of the edges that the level has now.
static inline uint32_t endPair(struct Diagrams *diagrams, const struct Pair *pair, const struct Level *level, uint32_t count) {
    const uint32_t result = makeNode(diagrams, pair->level, level->ranks, level->children, count);
    storeResult(diagrams, &diagrams->results, pair->operation, pair->one, pair->other, result);
    return result;
}

uint32_t unite(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    if (one == other || other == emptyNode) return one;
    if (one == emptyNode) return other;
    putInOrder(&one, &other);
    uint32_t result;
    struct Pair pair;
    if (!beginPair(diagrams, unionOperation, one, other, &pair, &result)) return result;
    const struct Level *const level = diagrams->levels + pair.level;
    uint32_t count = 0;
    for (;; count++) {
        const uint32_t rank = nextRank(diagrams, &pair.first), otherRank = nextRank(diagrams, &pair.second);
        if (rank < otherRank) {
            level->ranks[count] = (uint16_t)rank;
            level->children[count] = nextChild(diagrams, &pair.first);
        } else if (otherRank < rank) {
            level->ranks[count] = (uint16_t)otherRank;
            level->children[count] = nextChild(diagrams, &pair.second);
        } else {
            if (rank == rankLimit) break;
            level->ranks[count] = (uint16_t)rank;
            const uint32_t child = nextChild(diagrams, &pair.first);
            level->children[count] = unite(diagrams, child, nextChild(diagrams, &pair.second));
        }
    }
    result = endPair(diagrams, &pair, level, count);
    // What events make of a union, they make of its parts.
    if (isClosed(diagrams, one) && isClosed(diagrams, other)) markClosed(diagrams, result);
    return result;
}

static uint32_t intersect(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    if (one == other || one == emptyNode) return one;
    if (other == emptyNode) return other;
    putInOrder(&one, &other);
    uint32_t result;
    struct Pair pair;
    if (!beginPair(diagrams, intersectionOperation, one, other, &pair, &result)) return result;
    const struct Level *const level = diagrams->levels + pair.level;
    uint32_t count = 0;
    while (pair.first.edge < pair.first.count && pair.second.edge < pair.second.count) {
        const uint32_t rank = nextRank(diagrams, &pair.first), otherRank = nextRank(diagrams, &pair.second);
        pair.first.edge += rank < otherRank;
        pair.second.edge += otherRank < rank;
        if (rank != otherRank) continue;
        const uint32_t child = nextChild(diagrams, &pair.first), common = intersect(diagrams, child, nextChild(diagrams, &pair.second));
        if (common == emptyNode) continue;
        level->ranks[count] = (uint16_t)rank;
        level->children[count++] = common;
    }
    return endPair(diagrams, &pair, level, count);
}

static uint32_t subtract(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    if (one == other) return emptyNode;
    if (one == emptyNode || other == emptyNode) return one;
    uint32_t result;
    struct Pair pair;
    if (!beginPair(diagrams, differenceOperation, one, other, &pair, &result)) return result;
    const struct Level *const level = diagrams->levels + pair.level;
    uint32_t count = 0;
    while (pair.first.edge < pair.first.count) {
        const uint32_t rank = nextRank(diagrams, &pair.first), otherRank = nextRank(diagrams, &pair.second);
        if (otherRank < rank) {
            pair.second.edge++;
            continue;
        }
        uint32_t child = nextChild(diagrams, &pair.first);
        if (rank == otherRank) child = subtract(diagrams, child, nextChild(diagrams, &pair.second));
        if (child == emptyNode) continue;
        level->ranks[count] = (uint16_t)rank;
        level->children[count++] = child;
    }
    return endPair(diagrams, &pair, level, count);
}

// MARK: Interface

struct DiagramResult uniteSets(struct Diagrams *diagrams, uint32_t one, uint32_t other) { RESULT(diagrams, unite(diagrams, one, other)); }

struct DiagramResult intersectSets(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    RESULT(diagrams, intersect(diagrams, one, other));
}

struct DiagramResult subtractSets(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    RESULT(diagrams, subtract(diagrams, one, other));
}

struct DiagramResult makeSet(struct Diagrams *diagrams, int64_t level, const struct DiagramEdge *edges, int64_t count) {
    FAIL_WITH(diagrams, ((struct DiagramResult){emptyNode, diagrams->failure}));
    const struct Level *const own = diagrams->levels + level;
    for (int64_t edge = 0; edge < count; edge++) {
        own->ranks[edge] = edges[edge].rank;
        own->children[edge] = edges[edge].child;
    }
    return (struct DiagramResult){makeNode(diagrams, (uint32_t)level, own->ranks, own->children, (uint32_t)count), noFailure};
}

struct DiagramResult makeSingleton(struct Diagrams *diagrams, const uint16_t *ranks) {
    FAIL_WITH(diagrams, ((struct DiagramResult){emptyNode, diagrams->failure}));
    uint32_t node = terminalNode;
    for (uint32_t level = diagrams->levelCount; level-- > 0;) {
        const uint32_t child = node;
        node = makeNode(diagrams, level, ranks + level, &child, 1);
    }
    return (struct DiagramResult){node, noFailure};
}
