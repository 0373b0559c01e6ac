#include "Kernel.h"

/// The image of a set under a relation that does nothing above its level.
static uint32_t makeImage(struct Diagrams *diagrams, uint32_t set, uint32_t relation) {
    if (relation == identityRelation || set == emptyNode) return set;
    if (relation == emptyRelation || leadsNowhere(diagrams, set, relation)) return emptyNode;
    uint32_t result;
    if (findResult(&diagrams->results, imageOperation, set, relation, &result)) return result;
    countStep(diagrams);
    const uint32_t number = levelOf(diagrams, set), count = edgeCountOf(diagrams, set);
    const struct Level *const level = diagrams->levels + number;
    const struct RelationNode *const own = diagrams->relations + relation;
    clearRanks(level->present, level->wordCount);
    bool isEmpty = true;
    for (uint32_t edge = 0; edge < count; edge++) {
        const uint32_t rank = ranksOf(diagrams, set)[edge], child = childAt(diagrams, set, edge);
        if (number < own->level) {
            const uint32_t image = makeImage(diagrams, child, relation);
            if (image == emptyNode) continue;
            addChild(diagrams, level, rank, image);
            isEmpty = false;
            continue;
        }
        struct EdgeRange range = edgesFrom(diagrams, own, rank);
        for (int half = 0; half < 2; half++, range = edgesFromAny(diagrams, own)) {
            for (uint32_t at = range.start; at < range.end; at++) {
                const struct RelationEdge *const step = diagrams->relationEdges + at;
                const uint32_t image = makeImage(diagrams, child, step->child);
                if (image == emptyNode) continue;
                addChild(diagrams, level, step->to == sameRank ? rank : step->to, image);
                isEmpty = false;
            }
        }
    }
    result = isEmpty ? emptyNode : makePresentNode(diagrams, number);
    storeResult(diagrams, &diagrams->results, imageOperation, set, relation, result);
    return result;
}

/// Whether a filter leaves nothing of a set.
static bool isDisjoint(struct Diagrams *diagrams, uint32_t set, uint32_t filter) {
    if (set == emptyNode) return true;
    if (filter == identityRelation) return false;
    if (leadsNowhere(diagrams, set, filter)) return true;
    uint32_t result;
    if (findResult(&diagrams->results, disjointOperation, set, filter, &result)) return result;
    countStep(diagrams);
    const struct RelationNode own = diagrams->relations[filter];
    const uint32_t count = edgeCountOf(diagrams, set);
    const uint16_t *const ranks = ranksOf(diagrams, set);
    const bool isOwnLevel = levelOf(diagrams, set) == own.level;
    bool isNothing = true;
    for (uint32_t edge = 0; edge < count && isNothing; edge++) {
        uint32_t rest = filter;
        if (isOwnLevel) {
            const struct EdgeRange range = edgesFrom(diagrams, &own, ranks[edge]);
            if (range.start == range.end) continue;
            rest = diagrams->relationEdges[range.start].child;
        }
        isNothing = isDisjoint(diagrams, childAt(diagrams, set, edge), rest);
    }
    storeResult(diagrams, &diagrams->results, disjointOperation, set, filter, isNothing);
    return isNothing;
}

// MARK: Interface

struct DiagramResult imageOfSet(struct Diagrams *diagrams, uint32_t set, uint32_t relation) {
    RESULT(diagrams, makeImage(diagrams, set, relation));
}

struct DiagramResult restrictSet(struct Diagrams *diagrams, uint32_t set, const struct DiagramCondition *conditions, int64_t count) {
    RESULT(diagrams, makeImage(diagrams, set, makeFilter(diagrams, conditions, count)));
}

struct DiagramResult isSetDisjoint(struct Diagrams *diagrams, uint32_t set, const struct DiagramCondition *conditions, int64_t count) {
    RESULT(diagrams, isDisjoint(diagrams, set, makeFilter(diagrams, conditions, count)));
}
