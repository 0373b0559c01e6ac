#include "Kernel.h"

#include <stdlib.h>

static inline bool isEvent(uint32_t relation) { return relation != emptyRelation && relation != identityRelation; }

enum DiagramFailure setEvents(struct Diagrams *diagrams, const uint32_t *relations, int64_t count) {
    FAIL_WITH(diagrams, diagrams->failure);
    clearResults(&diagrams->images);
    forgetClosed(diagrams);
    for (uint32_t level = 0; level < diagrams->levelCount; level++) {
        struct Level *const own = diagrams->levels + level;
        if (own->events) release(diagrams, own->events, own->eventCount * sizeof(uint32_t));
        own->events = 0;
        own->eventCount = 0;
        own->hasFirings = false;
    }
    for (int64_t event = 0; event < count; event++) {
        if (isEvent(relations[event])) diagrams->levels[diagrams->relations[relations[event]].level].eventCount++;
    }
    for (uint32_t level = 0; level < diagrams->levelCount; level++) {
        struct Level *const own = diagrams->levels + level;
        if (own->eventCount == 0) continue;
        own->events = allocate(diagrams, own->eventCount * sizeof(uint32_t));
        own->eventCount = 0;
    }
    for (int64_t event = 0; event < count; event++) {
        if (!isEvent(relations[event])) continue;
        struct Level *const own = diagrams->levels + diagrams->relations[relations[event]].level;
        own->events[own->eventCount++] = relations[event];
    }
    return noFailure;
}

// MARK: Firings

/// A firing, and the level at which it goes on.
struct LeveledFiring {
    struct Firing firing;
    uint32_t level;
};

static int compareFirings(const void *one, const void *other) {
    const struct LeveledFiring *const first = one, *const second = other;
    if (first->firing.to != second->firing.to) return first->firing.to < second->firing.to ? -1 : 1;
    if (first->level != second->level) return first->level < second->level ? -1 : 1;
    return first->firing.relation < second->firing.relation ? -1 : first->firing.relation > second->firing.relation;
}

/// Takes the firings of some edges from a rank.
static size_t takeFirings(
    const struct Diagrams *diagrams, struct EdgeRange range, uint32_t rank, struct LeveledFiring *firings, size_t count) {
    for (uint32_t at = range.start; at < range.end; at++) {
        const struct RelationEdge edge = diagrams->relationEdges[at];
        const uint32_t to = edge.to == sameRank ? rank : edge.to;
        // Nothing would change.
        if (to == rank && edge.child == identityRelation) continue;
        firings[count++] = (struct LeveledFiring){{to, edge.child}, diagrams->relations[edge.child].level};
    }
    return count;
}

/// What any of some firings do. Halves are united first, so that no union is made anew for each of the rest.
static uint32_t uniteFirings(struct Diagrams *diagrams, const struct LeveledFiring *firings, size_t count) {
    if (count == 1) return firings->firing.relation;
    const uint32_t first = uniteFirings(diagrams, firings, count / 2);
    return uniteRelationNodes(diagrams, first, uniteFirings(diagrams, firings + count / 2, count - count / 2));
}

/// Lays out what is fired from a rank.
/// \param firings all that is, in any order.
/// \returns how many firings there are then.
static size_t layOutRank(struct Diagrams *diagrams, struct Level *level, struct LeveledFiring *firings, size_t count, size_t laidOut) {
    // One union is fired instead of many relations if they go on close to each other. Others would only be copied to the levels between.
    enum { levelsApart = 2 };
    qsort(firings, count, sizeof(struct LeveledFiring), compareFirings);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count; end++) {
            if (firings[end].firing.to != firings[first].firing.to || firings[end].level - firings[first].level > levelsApart) break;
        }
        if (laidOut == level->firingCapacity) {
            level->firings = enlarge(diagrams, level->firings, &level->firingCapacity, laidOut + 1, sizeof(struct Firing));
        }
        level->firings[laidOut++] = (struct Firing){firings[first].firing.to, uniteFirings(diagrams, firings + first, end - first)};
    }
    return laidOut;
}

void layOutFirings(struct Diagrams *diagrams, struct Level *level) {
    if (level->hasFirings) return;
    clearRanks(level->fired, level->wordCount);
    size_t edgeCount = 0, laidOut = 0;
    for (uint32_t event = 0; event < level->eventCount; event++) {
        const struct RelationNode *const relation = diagrams->relations + level->events[event];
        edgeCount += relation->anyEnd - diagrams->rowStarts[relation->rows];
    }
    struct LeveledFiring *const firings = allocateTemporary(diagrams, edgeCount * sizeof(struct LeveledFiring));
    for (uint32_t rank = 0; rank < level->domain; rank++) {
        size_t count = 0;
        for (uint32_t event = 0; event < level->eventCount; event++) {
            const struct RelationNode *const relation = diagrams->relations + level->events[event];
            count = takeFirings(diagrams, edgesFrom(diagrams, relation, rank), rank, firings, count);
            count = takeFirings(diagrams, edgesFromAny(diagrams, relation), rank, firings, count);
        }
        level->firingStarts[rank] = (uint32_t)laidOut;
        laidOut = layOutRank(diagrams, level, firings, count, laidOut);
        if (count > 0) insertRank(level->fired, rank);
    }
    level->firingStarts[level->domain] = (uint32_t)laidOut;
    releaseTemporary(diagrams);
    level->hasFirings = true;
}
