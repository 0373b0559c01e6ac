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

/// Whether a relation, which does nothing above its level, makes nothing of a set.
static bool isWithoutImage(struct Diagrams *diagrams, uint32_t set, uint32_t relation) {
    if (set == emptyNode || relation == emptyRelation) return true;
    if (relation == identityRelation) return false;
    if (leadsNowhere(diagrams, set, relation)) return true;
    uint32_t result;
    if (findResult(&diagrams->results, emptinessOperation, set, relation, &result)) return result;
    countStep(diagrams);
    const struct RelationNode *const own = diagrams->relations + relation;
    const uint32_t count = edgeCountOf(diagrams, set);
    const bool isAbove = levelOf(diagrams, set) < own->level;
    bool isWithout = true;
    for (uint32_t edge = 0; edge < count && isWithout; edge++) {
        const uint32_t child = childAt(diagrams, set, edge);
        if (isAbove) {
            isWithout = isWithoutImage(diagrams, child, relation);
            continue;
        }
        struct EdgeRange range = edgesFrom(diagrams, own, ranksOf(diagrams, set)[edge]);
        for (int half = 0; half < 2; half++, range = edgesFromAny(diagrams, own)) {
            for (uint32_t at = range.start; at < range.end && isWithout; at++) {
                isWithout = isWithoutImage(diagrams, child, diagrams->relationEdges[at].child);
            }
        }
    }
    storeResult(diagrams, &diagrams->results, emptinessOperation, set, relation, isWithout);
    return isWithout;
}

// MARK: Interface

struct DiagramResult imageOfSet(struct Diagrams *diagrams, uint32_t set, uint32_t relation) {
    RESULT(diagrams, makeImage(diagrams, set, relation));
}

struct DiagramResult hasSetNoImage(struct Diagrams *diagrams, uint32_t set, uint32_t relation) {
    RESULT(diagrams, isWithoutImage(diagrams, set, relation));
}
