#include "Kernel.h"

int64_t levelOfNode(const struct Diagrams *diagrams, uint32_t node) { return levelOf(diagrams, node); }

int64_t edgeCountOfNode(const struct Diagrams *diagrams, uint32_t node) { return edgeCountOf(diagrams, node); }

void readEdges(const struct Diagrams *diagrams, uint32_t node, struct DiagramEdge *edges) {
    const uint32_t count = edgeCountOf(diagrams, node);
    for (uint32_t edge = 0; edge < count; edge++) {
        edges[edge] = (struct DiagramEdge){ranksOf(diagrams, node)[edge], childAt(diagrams, node, edge)};
    }
}

bool isInSet(const struct Diagrams *diagrams, uint32_t set, const uint16_t *ranks) {
    uint32_t node = set;
    for (uint32_t level = 0; level < diagrams->levelCount && node != emptyNode; level++) {
        const uint16_t *const own = ranksOf(diagrams, node);
        uint32_t first = 0, end = edgeCountOf(diagrams, node);
        while (first < end) {
            const uint32_t middle = (first + end) / 2;
            if (own[middle] < ranks[level]) {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        node = first < edgeCountOf(diagrams, node) && own[first] == ranks[level] ? childAt(diagrams, node, first) : emptyNode;
    }
    return node != emptyNode;
}

// MARK: All nodes of a set

/// The nodes of a set as bits by number, and for each word of bits how many there are in those before it.
struct Marks {
    uint64_t *bits;
    uint32_t *counts;
    size_t wordCount;
    uint32_t nodeCount;
};

/// Marks the nodes of a set, but for the terminal one.
static struct Marks markNodes(struct Diagrams *diagrams, uint32_t set) {
    struct Marks marks = {0};
    marks.wordCount = (size_t)set / 64 + 1;
    marks.bits = allocateTemporary(diagrams, marks.wordCount * (sizeof(uint64_t) + sizeof(uint32_t)));
    marks.counts = (uint32_t *)(marks.bits + marks.wordCount);
    if (set > terminalNode) marks.bits[set / 64] |= (uint64_t)1 << set % 64;
    // A child is older than its parents, and has a smaller number: all parents of a node have been looked at before it.
    for (size_t word = marks.wordCount; word-- > 0;) {
        uint64_t seen = 0;
        for (uint64_t left; (left = marks.bits[word] & ~seen);) {
            const int bit = 63 - __builtin_clzll(left);
            seen |= (uint64_t)1 << bit;
            const uint32_t node = (uint32_t)(word * 64) + (uint32_t)bit, count = edgeCountOf(diagrams, node);
            for (uint32_t edge = 0; edge < count; edge++) {
                const uint32_t child = childAt(diagrams, node, edge);
                if (child != terminalNode) marks.bits[child / 64] |= (uint64_t)1 << child % 64;
            }
        }
    }
    for (size_t word = 0; word < marks.wordCount; word++) {
        marks.counts[word] = marks.nodeCount;
        marks.nodeCount += (uint32_t)__builtin_popcountll(marks.bits[word]);
    }
    return marks;
}

/// How many nodes are marked that have smaller numbers.
static inline uint32_t indexOfNode(const struct Marks *marks, uint32_t node) {
    const uint64_t before = marks->bits[node / 64] & (((uint64_t)1 << node % 64) - 1);
    return marks->counts[node / 64] + (uint32_t)__builtin_popcountll(before);
}

struct DiagramCount nodeCountOfSet(struct Diagrams *diagrams, uint32_t set) {
    FAIL_WITH(diagrams, ((struct DiagramCount){.failure = diagrams->failure}));
    const struct Marks marks = markNodes(diagrams, set);
    releaseTemporary(diagrams);
    return (struct DiagramCount){.low = marks.nodeCount};
}

struct DiagramCount countOfSet(struct Diagrams *diagrams, uint32_t set) {
    FAIL_WITH(diagrams, ((struct DiagramCount){.failure = diagrams->failure}));
    if (set <= terminalNode) return (struct DiagramCount){.low = set};
    const struct Marks marks = markNodes(diagrams, set);
    unsigned __int128 *const counts = allocateTemporary(diagrams, marks.nodeCount * sizeof(unsigned __int128));
    uint32_t index = 0;
    bool isOverflow = false;
    for (size_t word = 0; word < marks.wordCount; word++) {
        for (uint64_t left = marks.bits[word]; left; left &= left - 1, index++) {
            const uint32_t node = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left), count = edgeCountOf(diagrams, node);
            unsigned __int128 sum = 0;
            for (uint32_t edge = 0; edge < count; edge++) {
                const uint32_t child = childAt(diagrams, node, edge);
                isOverflow |= __builtin_add_overflow(sum, child == terminalNode ? 1 : counts[indexOfNode(&marks, child)], &sum);
            }
            counts[index] = sum;
        }
    }
    // Whatever a set has in it counts less than the set itself.
    const unsigned __int128 count = counts[marks.nodeCount - 1];
    releaseTemporary(diagrams);
    releaseTemporary(diagrams);
    return (struct DiagramCount){.high = (uint64_t)(count >> 64), .low = (uint64_t)count, .isOverflow = isOverflow};
}

enum DiagramFailure jointRanksOfSet(struct Diagrams *diagrams, uint32_t set, uint64_t *rows) {
    FAIL_WITH(diagrams, diagrams->failure);
    const struct Marks marks = markNodes(diagrams, set);
    size_t *const starts = allocateTemporary(diagrams, diagrams->levelCount * sizeof(size_t)), rankCount = 0;
    for (uint32_t level = 0; level < diagrams->levelCount; level++) {
        starts[level] = rankCount;
        rankCount += diagrams->levels[level].domain;
    }
    const size_t width = (rankCount + 63) / 64;
    // For each node, the ranks in its set: it has those of its children, which have smaller numbers, and its own.
    uint64_t *const sets = allocateTemporary(diagrams, marks.nodeCount * width * sizeof(uint64_t));
    uint64_t *own = sets;
    for (size_t word = 0; word < marks.wordCount; word++) {
        for (uint64_t left = marks.bits[word]; left; left &= left - 1, own += width) {
            const uint32_t node = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left), count = edgeCountOf(diagrams, node);
            for (uint32_t edge = 0; edge < count; edge++) {
                const size_t rank = starts[levelOf(diagrams, node)] + ranksOf(diagrams, node)[edge];
                const uint32_t child = childAt(diagrams, node, edge);
                uint64_t *const row = rows + rank * width;
                insertRank(row, (uint32_t)rank);
                insertRank(own, (uint32_t)rank);
                if (child == terminalNode) continue;
                const uint64_t *const below = sets + indexOfNode(&marks, child) * width;
                for (size_t part = 0; part < width; part++) {
                    row[part] |= below[part];
                    own[part] |= below[part];
                }
            }
        }
    }
    // What lies below a rank is known now; what lies above it has it below.
    for (size_t rank = 0; rank < rankCount; rank++) {
        for (size_t part = rank / 64; part < width; part++) {
            for (uint64_t left = rows[rank * width + part]; left; left &= left - 1) {
                insertRank(rows + (part * 64 + (size_t)__builtin_ctzll(left)) * width, (uint32_t)rank);
            }
        }
    }
    releaseTemporary(diagrams);
    releaseTemporary(diagrams);
    releaseTemporary(diagrams);
    return noFailure;
}
