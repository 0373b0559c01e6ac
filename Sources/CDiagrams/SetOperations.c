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

uint32_t unite(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    if (one == other || other == emptyNode) return one;
    if (one == emptyNode) return other;
    putInOrder(&one, &other);
    uint32_t result;
    if (findResult(&diagrams->results, unionOperation, one, other, &result)) return result;
    countStep(diagrams);
    struct EdgeReader first = {one, edgeCountOf(diagrams, one), 0}, second = {other, edgeCountOf(diagrams, other), 0};
    const uint32_t number = levelOf(diagrams, one);
    const struct Level *const level = diagrams->levels + number;
    uint32_t count = 0;
    for (;; count++) {
        const uint32_t rank = nextRank(diagrams, &first), otherRank = nextRank(diagrams, &second);
        if (rank < otherRank) {
            level->ranks[count] = (uint16_t)rank;
            level->children[count] = nextChild(diagrams, &first);
        } else if (otherRank < rank) {
            level->ranks[count] = (uint16_t)otherRank;
            level->children[count] = nextChild(diagrams, &second);
        } else {
            if (rank == rankLimit) break;
            level->ranks[count] = (uint16_t)rank;
            const uint32_t child = nextChild(diagrams, &first);
            level->children[count] = unite(diagrams, child, nextChild(diagrams, &second));
        }
    }
    result = makeNode(diagrams, number, level->ranks, level->children, count);
    storeResult(diagrams, &diagrams->results, unionOperation, one, other, result);
    // What events make of a union, they make of its parts.
    if (isClosed(diagrams, one) && isClosed(diagrams, other)) markClosed(diagrams, result);
    return result;
}

// MARK: Interface

struct DiagramResult uniteSets(struct Diagrams *diagrams, uint32_t one, uint32_t other) { RESULT(diagrams, unite(diagrams, one, other)); }

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
