#include "Kernel.h"

static inline uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 32;
}

/// The hash of a node, which may be closed: of its header, its children, and their ranks.
static inline uint32_t hashOfNode(const uint32_t *words, size_t count) {
    uint64_t hash = mix(0xD6E8FEB86659FD93, words[0]);
    size_t word = headWords;
    for (; word + 1 < count; word += 2) {
        uint64_t two;
        memcpy(&two, words + word, sizeof two);
        hash = mix(hash, two);
    }
    if (word < count) hash = mix(hash, words[word]);
    return (uint32_t)(hash * 0x9E3779B97F4A7C15 >> 32);
}

/// Room for one more node behind the others.
static inline uint32_t *roomForNode(struct Diagrams *diagrams, uint32_t edgeCount) {
    const size_t needed = diagrams->wordCount + wordsOfEdges(edgeCount);
    if (__builtin_expect(needed > diagrams->wordCapacity, 0)) {
        if (needed > UINT32_MAX) fail(diagrams, memoryFailure);
        diagrams->words = enlarge(diagrams, diagrams->words, &diagrams->wordCapacity, needed, sizeof(uint32_t));
    }
    return diagrams->words + diagrams->wordCount;
}

/// Writes the header of a node, and what is left of its last word.
static inline void beginNode(uint32_t *words, uint32_t level, uint32_t edgeCount) {
    words[wordsOfEdges(edgeCount) - 1] = 0;
    words[0] = level << 16 | edgeCount;
}

static void growSlots(struct Diagrams *diagrams) {
    const size_t count = diagrams->slotMask + 1, mask = 2 * count - 1;
    uint64_t *const slots = allocate(diagrams, 2 * count * sizeof(uint64_t));
    for (size_t number = 0; number < count; number++) {
        const uint64_t slot = diagrams->slots[number];
        if (!slot) continue;
        size_t place = slot >> 32 & mask;
        while (slots[place]) place = (place + 1) & mask;
        slots[place] = slot;
    }
    release(diagrams, diagrams->slots, count * sizeof(uint64_t));
    diagrams->slots = slots;
    diagrams->slotMask = mask;
}

/// Finds the node that the words behind the others say.
/// \param slot is told the slot where it is, or might be.
static inline uint32_t findNode(const struct Diagrams *diagrams, const uint32_t *words, uint32_t hash, size_t *slot) {
    const size_t count = wordsOfEdges(words[0] & 0xFFFF);
    size_t place = hash & diagrams->slotMask;
    for (uint64_t own; (own = diagrams->slots[place]); place = (place + 1) & diagrams->slotMask) {
        if (own >> 32 != hash) continue;
        const uint32_t *const others = diagrams->words + (uint32_t)own;
        if ((others[0] & ~closedBit) != words[0]) continue;
        size_t word = headWords;
        while (word < count && others[word] == words[word]) word++;
        if (word == count) return (uint32_t)own;
    }
    *slot = place;
    return emptyNode;
}

/// Makes a node of the words behind the others, unless there is the same one.
static inline uint32_t takeNode(struct Diagrams *diagrams, uint32_t *words) {
    const uint32_t edgeCount = words[0] & 0xFFFF, level = words[0] >> 16;
    const uint32_t hash = hashOfNode(words, wordsOfEdges(edgeCount));
    size_t slot;
    const uint32_t known = findNode(diagrams, words, hash, &slot);
    if (known != emptyNode) return known;
    const uint32_t node = (uint32_t)diagrams->wordCount;
    uint64_t signature = 0;
    const uint16_t *const ranks = ranksOf(diagrams, node);
    for (uint32_t edge = 0; edge < edgeCount; edge++) {
        signature |= signatureOfRank(diagrams, level, ranks[edge]) | signatureOf(diagrams, childAt(diagrams, node, edge));
    }
    memcpy(words + 1, &signature, sizeof signature);
    // Slots have the hash, so that nodes need not be read when these are laid out anew.
    diagrams->slots[slot] = (uint64_t)hash << 32 | node;
    diagrams->wordCount += wordsOfEdges(edgeCount);
    if (++diagrams->nodeCount > diagrams->slotMask / 2) growSlots(diagrams);
    return node;
}

uint32_t makeNode(struct Diagrams *diagrams, uint32_t level, const uint16_t *ranks, const uint32_t *children, uint32_t count) {
    if (count == 0) return emptyNode;
    uint32_t *const words = roomForNode(diagrams, count);
    beginNode(words, level, count);
    memcpy(words + headWords, children, count * sizeof(uint32_t));
    memcpy(words + headWords + count, ranks, count * sizeof(uint16_t));
    return takeNode(diagrams, words);
}

/// Writes the node that is made at a level behind the others.
static inline uint32_t *writePresentNode(struct Diagrams *diagrams, uint32_t number) {
    const struct Level *const level = diagrams->levels + number;
    uint32_t count = 0;
    for (uint32_t word = 0; word < level->wordCount; word++) count += (uint32_t)__builtin_popcountll(level->present[word]);
    uint32_t *const words = roomForNode(diagrams, count), *child = words + headWords;
    beginNode(words, number, count);
    uint16_t *nextRank = (uint16_t *)(child + count);
    for (uint32_t word = 0; word < level->wordCount; word++) {
        for (uint64_t left = level->present[word]; left; left &= left - 1) {
            const uint32_t rank = word * 64 + (uint32_t)__builtin_ctzll(left);
            *child++ = level->children[rank];
            *nextRank++ = (uint16_t)rank;
        }
    }
    return words;
}

uint32_t makePresentNode(struct Diagrams *diagrams, uint32_t level) { return takeNode(diagrams, writePresentNode(diagrams, level)); }

uint32_t findPresentNode(struct Diagrams *diagrams, uint32_t level) {
    const uint32_t *const words = writePresentNode(diagrams, level);
    size_t slot;
    return findNode(diagrams, words, hashOfNode(words, wordsOfEdges(words[0] & 0xFFFF)), &slot);
}

void forgetClosed(struct Diagrams *diagrams) {
    for (size_t node = firstNode; node < diagrams->wordCount; node += wordsOfEdges(diagrams->words[node] & 0xFFFF)) {
        diagrams->words[node] &= ~closedBit;
    }
}
