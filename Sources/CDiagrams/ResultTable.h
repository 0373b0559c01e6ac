// What operations gave, so that nothing is worked out twice while there is room to remember it.

#ifndef RESULT_TABLE_H
#define RESULT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct Diagrams;

/// What was worked out.
enum Operation {
    noOperation,
    unionOperation, intersectionOperation, differenceOperation, imageOperation, disjointOperation,
    relationUnionOperation
};

struct Result {
    uint32_t one, other, number;
    /// An `Operation`; other numbers are none.
    uint32_t operation;
};

/// Results, each in the one place that there is for it: a later one drives it out.
struct ResultTable {
    struct Result *places;
    size_t mask;
    /// Places that are taken.
    size_t count;
};

/// Where a result belongs. Those of the same first number are near each other if the second ones are: the images of a set under one
/// event after the other are in few lines of the cache.
static inline struct Result *placeOfResult(const struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other) {
    const uint64_t product = (one + ((uint64_t)operation << 32)) * 0x9E3779B97F4A7C15;
    return table->places + (((product >> 32) + other) & table->mask);
}

static inline bool isResult(const struct Result *place, uint32_t operation, uint32_t one, uint32_t other) {
    return place->one == one && place->other == other && place->operation == operation;
}

/// Finds a result.
static inline bool findResult(const struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other, uint32_t *number) {
    const struct Result *const place = placeOfResult(table, operation, one, other);
    if (!isResult(place, operation, one, other)) return false;
    *number = place->number;
    return true;
}

/// Makes a table that is empty.
void makeResultTable(struct Diagrams *diagrams, struct ResultTable *table);

/// Makes room, if there is memory for it.
void growResultTable(struct Diagrams *diagrams, struct ResultTable *table);

void clearResults(struct ResultTable *table);

static inline void storeResult(
    struct Diagrams *diagrams, struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other, uint32_t number) {
    struct Result *const place = placeOfResult(table, operation, one, other);
    const bool wasFree = place->operation == noOperation;
    *place = (struct Result){one, other, number, operation};
    if (wasFree && ++table->count > table->mask / 2) growResultTable(diagrams, table);
}

#endif
