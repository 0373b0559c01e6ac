// Sets of vectors as multi-valued decision diagrams, and the closure of such sets under relations by saturation (G. Ciardo, G. Luettgen,
// R. Siminiceanu, "Saturation: An Efficient Iteration Strategy for Symbolic State-Space Generation", 2001; G. Ciardo, R. Marmorstein,
// R. Siminiceanu, "Saturation Unbound", 2003).

#ifndef C_DIAGRAMS_H
#define C_DIAGRAMS_H

#include <stdbool.h>
#include <stdint.h>

/// Diagrams over the same levels, with the relations between them, and the tables in which all of them are found.
///
/// A node says for each rank at its level which set of the ranks below goes with it. Nodes are numbers; sets that are equal have the same.
/// Every path has a node at each level. Diagrams belong to one thread at a time; there is nothing that different ones share.
struct Diagrams;

enum {
    /// The node of the empty set, and the node below the last level.
    emptyNode = 0, terminalNode = 1,
    /// The relation that leads nowhere, and the one that changes nothing from its level on.
    emptyRelation = 0, identityRelation = 1,
    /// Stands for all ranks that an edge of a relation starts from, and for the rank that it started from where it leads to.
    anyRank = 0xFFFF, sameRank = 0xFFFF,
    /// The most ranks at a level, and the most levels. Operations go down the levels by recursion.
    rankLimit = 0xFFFF, levelLimit = 0x7FFF
};

/// Why an operation has no result. Afterwards, no other has one.
enum DiagramFailure { noFailure, memoryFailure, stoppedFailure, stepsFailure };

/// A node, or a relation, unless there was a failure.
struct DiagramResult {
    uint32_t number;
    enum DiagramFailure failure;
};

/// A rank, and the node below it.
struct DiagramEdge {
    uint16_t rank;
    uint32_t child;
};

/// What a relation does to one rank, and the relation between what lies below.
struct RelationEdge {
    /// A rank, or `anyRank`; and a rank, or `sameRank`.
    uint16_t from, to;
    uint32_t child;
};

/// What is to be stopped at.
struct DiagramLimits {
    /// Bytes of all nodes, relations, and tables.
    uint64_t bytes;
    /// Results that are worked out rather than found in a table.
    uint64_t steps;
    /// Not zero once another thread wants an end; null if none will.
    const int32_t *stop;
};

/// Makes diagrams without any node.
/// \param domains for each level, from the top, the number of its ranks.
/// \returns null if there is no memory for them, or it may not be taken.
struct Diagrams *createDiagrams(const uint32_t *domains, int64_t levelCount, struct DiagramLimits limits);

void destroyDiagrams(struct Diagrams *diagrams);

/// Lets a level have more ranks. What is known of nodes and of events stays true.
enum DiagramFailure growDomain(struct Diagrams *diagrams, int64_t level, uint32_t domain);

/// Bytes of all nodes, relations, and tables; and results that have been worked out.
uint64_t bytesOfDiagrams(const struct Diagrams *diagrams);
uint64_t stepsOfDiagrams(const struct Diagrams *diagrams);

// Sets.

/// The set that has these edges.
/// \param edges in the order of their ranks, each of which there is once, to nodes of the next level that are not empty.
struct DiagramResult makeSet(struct Diagrams *diagrams, int64_t level, const struct DiagramEdge *edges, int64_t count);

/// The set of one vector.
struct DiagramResult makeSingleton(struct Diagrams *diagrams, const uint16_t *ranks);

struct DiagramResult uniteSets(struct Diagrams *diagrams, uint32_t one, uint32_t other);

// Relations.

/// The relation that has these edges; at the levels between its own and that of a child, nothing changes.
struct DiagramResult makeRelation(struct Diagrams *diagrams, int64_t level, const struct RelationEdge *edges, int64_t count);

/// The level of a relation: the number of levels for the empty one, and for the identity.
int64_t levelOfRelation(const struct Diagrams *diagrams, uint32_t relation);

/// The relation of what one does, or another.
struct DiagramResult uniteRelations(struct Diagrams *diagrams, uint32_t one, uint32_t other);

/// What a relation makes of a set in one step.
struct DiagramResult imageOfSet(struct Diagrams *diagrams, uint32_t set, uint32_t relation);

/// Finds out whether a relation makes nothing of a set: then the number is one, and zero otherwise.
struct DiagramResult hasSetNoImage(struct Diagrams *diagrams, uint32_t set, uint32_t relation);

/// Says which relations sets are to be closed under, and forgets what was known of others.
enum DiagramFailure setEvents(struct Diagrams *diagrams, const uint32_t *relations, int64_t count);

/// The smallest set that has another in it, and all that any number of events makes of it.
struct DiagramResult saturateSet(struct Diagrams *diagrams, uint32_t set);

// What there is to know of a set.

/// The level of a node: the number of levels for the terminal one, and for the empty one.
int64_t levelOfNode(const struct Diagrams *diagrams, uint32_t node);

int64_t edgeCountOfNode(const struct Diagrams *diagrams, uint32_t node);

/// The edges of a node, in the order of their ranks.
/// \param edges room for all of them.
void readEdges(const struct Diagrams *diagrams, uint32_t node, struct DiagramEdge *edges);

/// Whether a vector is in a set.
bool isInSet(const struct Diagrams *diagrams, uint32_t set, const uint16_t *ranks);

/// The number of vectors in a set, as two words.
struct DiagramCount {
    uint64_t high, low;
    /// Whether there are more than the words can say.
    bool isOverflow;
    enum DiagramFailure failure;
};

struct DiagramCount countOfSet(struct Diagrams *diagrams, uint32_t set);

/// The number of nodes of a set, but for the terminal one.
struct DiagramCount nodeCountOfSet(struct Diagrams *diagrams, uint32_t set);

/// Finds out which ranks of any two levels there are together in vectors of a set.
/// \param rows for each rank of each level, one after the other, the ranks of all levels as bits, in as many words as these take. They have
/// been zero.
enum DiagramFailure jointRanksOfSet(struct Diagrams *diagrams, uint32_t set, uint64_t *rows);

#endif
