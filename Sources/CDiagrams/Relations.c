#include "Kernel.h"

#include <stdlib.h>

// MARK: Making

static int compareEdges(const void *one, const void *other) {
    const struct RelationEdge *const first = one, *const second = other;
    if (first->from != second->from) return first->from < second->from ? -1 : 1;
    if (first->to != second->to) return first->to < second->to ? -1 : 1;
    return first->child < second->child ? -1 : first->child > second->child;
}

/// Sorts edges: by ranks, and then by children.
static void sortRelationEdges(struct RelationEdge *edges, size_t count) {
    // Most are sorted already.
    bool isSorted = true;
    for (size_t edge = 1; edge < count && isSorted; edge++) isSorted = compareEdges(edges + edge - 1, edges + edge) <= 0;
    if (!isSorted) qsort(edges, count, sizeof(struct RelationEdge), compareEdges);
}

static inline bool isSameEdge(const struct RelationEdge *one, const struct RelationEdge *other) {
    return one->from == other->from && one->to == other->to && one->child == other->child;
}

static uint64_t hashOfEdges(uint32_t level, const struct RelationEdge *edges, size_t count) {
    uint64_t hash = level + 1;
    for (size_t edge = 0; edge < count; edge++) {
        hash = (hash ^ edges[edge].from ^ (uint64_t)edges[edge].to << 16 ^ (uint64_t)edges[edge].child << 32) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
    }
    return hash ^ hash >> 32;
}

/// Where the edges of a relation start.
static inline uint32_t firstEdge(const struct Diagrams *diagrams, const struct RelationNode *relation) {
    return diagrams->rowStarts[relation->rows];
}

static bool hasEdges(
    const struct Diagrams *diagrams, const struct RelationNode *relation, uint32_t level, const struct RelationEdge *edges, size_t count) {
    const uint32_t start = firstEdge(diagrams, relation);
    if (relation->level != level || relation->anyEnd - start != count) return false;
    for (size_t edge = 0; edge < count; edge++) {
        if (!isSameEdge(diagrams->relationEdges + start + edge, edges + edge)) return false;
    }
    return true;
}

static void growRelationSlots(struct Diagrams *diagrams) {
    const size_t count = diagrams->relationSlotMask + 1, mask = 2 * count - 1;
    uint32_t *const slots = allocate(diagrams, 2 * count * sizeof(uint32_t));
    for (size_t number = 2; number < diagrams->relationCount; number++) {
        const struct RelationNode *const relation = diagrams->relations + number;
        const uint32_t start = firstEdge(diagrams, relation);
        size_t place = hashOfEdges(relation->level, diagrams->relationEdges + start, relation->anyEnd - start) & mask;
        while (slots[place]) place = (place + 1) & mask;
        slots[place] = (uint32_t)number;
    }
    release(diagrams, diagrams->relationSlots, count * sizeof(uint32_t));
    diagrams->relationSlots = slots;
    diagrams->relationSlotMask = mask;
}

/// Adds a relation, and says where the edges from each rank start.
static void addRelation(struct Diagrams *diagrams, uint32_t level, const struct RelationEdge *edges, size_t count) {
    size_t ranked = count;
    while (ranked > 0 && edges[ranked - 1].from == anyRank) ranked--;
    const uint32_t rowCount = ranked ? edges[ranked - 1].from + 1 : 0;
    const size_t end = diagrams->relationEdgeCount + count, rowEnd = diagrams->rowStartCount + rowCount + 1;
    if (end > UINT32_MAX || diagrams->relationCount == UINT32_MAX) fail(diagrams, memoryFailure);
    if (diagrams->relationCount == diagrams->relationCapacity) {
        diagrams->relations =
            enlarge(diagrams, diagrams->relations, &diagrams->relationCapacity, diagrams->relationCount + 1, sizeof(struct RelationNode));
    }
    if (end > diagrams->relationEdgeCapacity) {
        diagrams->relationEdges =
            enlarge(diagrams, diagrams->relationEdges, &diagrams->relationEdgeCapacity, end, sizeof(struct RelationEdge));
    }
    if (rowEnd > diagrams->rowStartCapacity) {
        diagrams->rowStarts = enlarge(diagrams, diagrams->rowStarts, &diagrams->rowStartCapacity, rowEnd, sizeof(uint32_t));
    }
    memcpy(diagrams->relationEdges + diagrams->relationEdgeCount, edges, count * sizeof(struct RelationEdge));
    size_t edge = 0;
    for (uint32_t rank = 0; rank <= rowCount; rank++) {
        while (edge < ranked && edges[edge].from < rank) edge++;
        diagrams->rowStarts[diagrams->rowStartCount + rank] = (uint32_t)(diagrams->relationEdgeCount + edge);
    }
    uint64_t required = ~(uint64_t)0, possible = 0;
    for (edge = 0; edge < count; edge++) {
        const bool isRanked = edge < ranked;
        const uint64_t own = isRanked ? signatureOfRank(diagrams, level, edges[edge].from) : 0;
        required &= own | diagrams->relations[edges[edge].child].required;
        possible |= isRanked ? own : ~(uint64_t)0;
    }
    diagrams->relations[diagrams->relationCount++] =
        (struct RelationNode){level, rowCount, diagrams->rowStartCount, (uint32_t)end, required, possible};
    diagrams->relationEdgeCount = end;
    diagrams->rowStartCount = rowEnd;
}

uint32_t makeRelationNode(struct Diagrams *diagrams, uint32_t level, struct RelationEdge *edges, size_t count) {
    sortRelationEdges(edges, count);
    size_t kept = 0;
    for (size_t edge = 0; edge < count; edge++) {
        if (edges[edge].child == emptyRelation || (kept > 0 && isSameEdge(edges + kept - 1, edges + edge))) continue;
        edges[kept++] = edges[edge];
    }
    if (kept == 0) return emptyRelation;
    // A level at which nothing is asked, and nothing changes, is skipped.
    if (kept == 1 && edges[0].from == anyRank && edges[0].to == sameRank) return edges[0].child;
    size_t place = hashOfEdges(level, edges, kept) & diagrams->relationSlotMask;
    for (uint32_t number; (number = diagrams->relationSlots[place]); place = (place + 1) & diagrams->relationSlotMask) {
        if (hasEdges(diagrams, diagrams->relations + number, level, edges, kept)) return number;
    }
    const uint32_t number = (uint32_t)diagrams->relationCount;
    addRelation(diagrams, level, edges, kept);
    diagrams->relationSlots[place] = number;
    if (diagrams->relationCount > diagrams->relationSlotMask / 2) growRelationSlots(diagrams);
    return number;
}

// MARK: Union

/// Copies the edges of a relation, as if it were one of a level at which it may do nothing.
static size_t copyEdges(const struct Diagrams *diagrams, uint32_t relation, uint32_t level, struct RelationEdge *edges) {
    const struct RelationNode *const own = diagrams->relations + relation;
    if (relation == identityRelation || own->level > level) {
        edges[0] = (struct RelationEdge){anyRank, sameRank, relation};
        return 1;
    }
    const uint32_t start = firstEdge(diagrams, own), count = own->anyEnd - start;
    memcpy(edges, diagrams->relationEdges + start, count * sizeof(struct RelationEdge));
    return count;
}

/// How many edges are copied at most.
static size_t edgeLimit(const struct Diagrams *diagrams, uint32_t relation) {
    if (relation == identityRelation) return 1;
    const struct RelationNode *const own = diagrams->relations + relation;
    return own->anyEnd - firstEdge(diagrams, own) + 1;
}

uint32_t uniteRelationNodes(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    if (one == other || other == emptyRelation) return one;
    if (one == emptyRelation) return other;
    putInOrder(&one, &other);
    uint32_t result;
    if (findResult(&diagrams->results, relationUnionOperation, one, other, &result)) return result;
    countStep(diagrams);
    const uint32_t oneLevel = diagrams->relations[one].level, otherLevel = diagrams->relations[other].level;
    const uint32_t level = oneLevel < otherLevel ? oneLevel : otherLevel;
    const size_t room = edgeLimit(diagrams, one) + edgeLimit(diagrams, other);
    struct RelationEdge *const edges = allocateTemporary(diagrams, room * sizeof(struct RelationEdge));
    size_t count = copyEdges(diagrams, one, level, edges);
    count += copyEdges(diagrams, other, level, edges + count);
    sortRelationEdges(edges, count);
    size_t kept = 0;
    for (size_t edge = 0; edge < count; edge++) {
        if (kept > 0 && edges[kept - 1].from == edges[edge].from && edges[kept - 1].to == edges[edge].to) {
            edges[kept - 1].child = uniteRelationNodes(diagrams, edges[kept - 1].child, edges[edge].child);
        } else {
            edges[kept++] = edges[edge];
        }
    }
    result = makeRelationNode(diagrams, level, edges, kept);
    releaseTemporary(diagrams);
    storeResult(diagrams, &diagrams->results, relationUnionOperation, one, other, result);
    return result;
}

// MARK: Interface

int64_t levelOfRelation(const struct Diagrams *diagrams, uint32_t relation) { return diagrams->relations[relation].level; }

struct DiagramResult makeRelation(struct Diagrams *diagrams, int64_t level, const struct RelationEdge *edges, int64_t count) {
    FAIL_WITH(diagrams, ((struct DiagramResult){emptyRelation, diagrams->failure}));
    const size_t bytes = (size_t)count * sizeof(struct RelationEdge);
    struct RelationEdge *const sorted = allocateTemporary(diagrams, bytes);
    memcpy(sorted, edges, bytes);
    const uint32_t relation = makeRelationNode(diagrams, (uint32_t)level, sorted, (size_t)count);
    releaseTemporary(diagrams);
    return (struct DiagramResult){relation, noFailure};
}

struct DiagramResult uniteRelations(struct Diagrams *diagrams, uint32_t one, uint32_t other) {
    RESULT(diagrams, uniteRelationNodes(diagrams, one, other));
}
