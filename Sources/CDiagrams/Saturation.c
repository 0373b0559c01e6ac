#include "Kernel.h"

/// The first rank of a set from one on, then those before it.
/// \returns false if the set is empty.
static inline bool nextRank(const uint64_t *set, uint32_t wordCount, uint32_t *rank) {
    uint32_t word = *rank / 64;
    uint64_t bits = set[word] & ~(uint64_t)0 << *rank % 64;
    for (uint32_t seen = 0; seen <= wordCount; seen++) {
        if (bits) {
            *rank = word * 64 + (uint32_t)__builtin_ctzll(bits);
            return true;
        }
        if (++word == wordCount) word = 0;
        bits = set[word];
    }
    return false;
}

static uint32_t workOutImage(struct Diagrams *diagrams, uint32_t node, uint32_t relation);

/// What is the least that is closed and has the image of a closed node in it.
static inline uint32_t closedImage(struct Diagrams *diagrams, uint32_t node, uint32_t relation) {
    if (relation == identityRelation) return node;
    if (leadsNowhere(diagrams, node, relation)) return emptyNode;
    uint32_t result;
    if (findResult(&diagrams->images, imageOperation, node, relation, &result)) return result;
    return workOutImage(diagrams, node, relation);
}

/// Fires the events of a level at the node that is made there until nothing changes. Its children are closed.
static uint32_t fireEvents(struct Diagrams *diagrams, uint32_t number) {
    const struct Level *const level = diagrams->levels + number;
    if (level->eventCount) {
        const uint32_t known = findPresentNode(diagrams, number);
        if (known != emptyNode && isClosed(diagrams, known)) return known;
        const uint32_t wordCount = level->wordCount;
        for (uint32_t word = 0; word < wordCount; word++) level->pending[word] = level->present[word] & level->fired[word];
        for (uint32_t rank = 0; nextRank(level->pending, wordCount, &rank);) {
            removeRank(level->pending, rank);
            const struct Firing *const end = level->firings + level->firingStarts[rank + 1];
            for (const struct Firing *firing = level->firings + level->firingStarts[rank]; firing < end; firing++) {
                const uint32_t image = closedImage(diagrams, level->children[rank], firing->relation);
                if (image == emptyNode || !addChild(diagrams, level, firing->to, image)) continue;
                if (hasRank(level->fired, firing->to)) insertRank(level->pending, firing->to);
            }
        }
    }
    const uint32_t node = makePresentNode(diagrams, number);
    markClosed(diagrams, node);
    return node;
}

/// Gives the children of the node that is made at a level the images of those of another, under a relation that does nothing there.
/// \returns whether all images are the same as the children.
static bool takeImagesBelow(struct Diagrams *diagrams, const struct Level *level, uint32_t node, uint32_t relation) {
    const uint32_t count = edgeCountOf(diagrams, node);
    // Each of the results may have to come from memory: all are asked for before any is waited for.
    for (uint32_t edge = 0; edge < count; edge++) {
        __builtin_prefetch(placesOfResult(&diagrams->images, imageOperation, childAt(diagrams, node, edge), relation));
    }
    bool isSame = true;
    for (uint32_t edge = 0; edge < count; edge++) {
        const uint32_t child = childAt(diagrams, node, edge), image = closedImage(diagrams, child, relation);
        isSame &= image == child;
        if (image == emptyNode) continue;
        const uint32_t rank = ranksOf(diagrams, node)[edge];
        insertRank(level->present, rank);
        level->children[rank] = image;
    }
    return isSame;
}

/// Adds the images of a child of a node under the edges of a relation from its rank.
static inline void takeImages(struct Diagrams *diagrams, const struct Level *level, uint32_t rank, uint32_t child, struct EdgeRange range) {
    for (uint32_t at = range.start; at < range.end; at++) {
        const struct RelationEdge *const edge = diagrams->relationEdges + at;
        const uint32_t image = closedImage(diagrams, child, edge->child);
        if (image != emptyNode) addChild(diagrams, level, edge->to == sameRank ? rank : edge->to, image);
    }
}

static uint32_t workOutImage(struct Diagrams *diagrams, uint32_t node, uint32_t relation) {
    countStep(diagrams);
    const uint32_t number = levelOf(diagrams, node);
    const struct Level *const level = diagrams->levels + number;
    const struct RelationNode *const own = diagrams->relations + relation;
    clearRanks(level->present, level->wordCount);
    bool isSame = false;
    if (number < own->level) {
        isSame = takeImagesBelow(diagrams, level, node, relation);
    } else {
        const struct EdgeRange any = edgesFromAny(diagrams, own);
        const uint32_t count = edgeCountOf(diagrams, node);
        for (uint32_t edge = 0; edge < count; edge++) {
            const uint32_t rank = ranksOf(diagrams, node)[edge], child = childAt(diagrams, node, edge);
            takeImages(diagrams, level, rank, child, edgesFrom(diagrams, own, rank));
            takeImages(diagrams, level, rank, child, any);
        }
    }
    bool isEmpty = true;
    for (uint32_t word = 0; word < level->wordCount; word++) isEmpty &= !level->present[word];
    const uint32_t result = isSame ? node : isEmpty ? emptyNode : fireEvents(diagrams, number);
    storeResult(diagrams, &diagrams->images, imageOperation, node, relation, result);
    return result;
}

/// Closes a node.
static uint32_t saturate(struct Diagrams *diagrams, uint32_t node) {
    if (node == emptyNode || node == terminalNode || isClosed(diagrams, node)) return node;
    uint32_t result;
    if (findResult(&diagrams->images, imageOperation, node, emptyRelation, &result)) return result;
    countStep(diagrams);
    const uint32_t number = levelOf(diagrams, node), count = edgeCountOf(diagrams, node);
    const struct Level *const level = diagrams->levels + number;
    clearRanks(level->present, level->wordCount);
    for (uint32_t edge = 0; edge < count; edge++) {
        const uint32_t child = saturate(diagrams, childAt(diagrams, node, edge)), rank = ranksOf(diagrams, node)[edge];
        insertRank(level->present, rank);
        level->children[rank] = child;
    }
    result = fireEvents(diagrams, number);
    storeResult(diagrams, &diagrams->images, imageOperation, node, emptyRelation, result);
    return result;
}

struct DiagramResult saturateSet(struct Diagrams *diagrams, uint32_t set) {
    FAIL_WITH(diagrams, ((struct DiagramResult){emptyNode, diagrams->failure}));
    for (uint32_t level = 0; level < diagrams->levelCount; level++) layOutFirings(diagrams, diagrams->levels + level);
    return (struct DiagramResult){saturate(diagrams, set), noFailure};
}
