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
    unionOperation, imageOperation, emptinessOperation, relationUnionOperation
};

struct Result {
    uint32_t one, other, number;
    /// An `Operation`; other numbers are none.
    uint32_t operation;
};

/// Results, each in one of the two places that there are for it: the latest drives out the one before the last.
struct ResultTable {
    struct Result *places;
    size_t mask;
    /// Places that are taken.
    size_t count;
    /// Bytes from the first place on that are for this table alone; they take memory once they are used.
    size_t reserve;
};

/// The first of the two places where a result belongs. Those of the same first number are near each other if the second ones are: the
/// images of a set under one event after the other are in few lines of the cache.
static inline struct Result *placesOfResult(const struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other) {
    const uint64_t product = (one + ((uint64_t)operation << 32)) * 0x9E3779B97F4A7C15;
    return table->places + (((product >> 32) + other) & table->mask & ~(size_t)1);
}

static inline bool isResult(const struct Result *place, uint32_t operation, uint32_t one, uint32_t other) {
    return place->one == one && place->other == other && place->operation == operation;
}

/// Finds a result.
static inline bool findResult(const struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other, uint32_t *number) {
    const struct Result *const places = placesOfResult(table, operation, one, other);
    for (int place = 0; place < 2; place++) {
        if (!isResult(places + place, operation, one, other)) continue;
        *number = places[place].number;
        return true;
    }
    return false;
}

/// Makes a table that is empty.
void makeResultTable(struct Diagrams *diagrams, struct ResultTable *table);

void releaseResultTable(struct ResultTable *table);

/// Makes room, if there is memory for it.
void growResultTable(struct Diagrams *diagrams, struct ResultTable *table);

void clearResults(struct ResultTable *table);

static inline void storeResult(
    struct Diagrams *diagrams, struct ResultTable *table, uint32_t operation, uint32_t one, uint32_t other, uint32_t number) {
    struct Result *const places = placesOfResult(table, operation, one, other);
    const bool wasFree = places[1].operation == noOperation;
    places[1] = places[0];
    places[0] = (struct Result){one, other, number, operation};
    if (wasFree && ++table->count > table->mask * 3 / 4) growResultTable(diagrams, table);
}

#endif
