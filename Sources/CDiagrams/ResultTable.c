#include "ResultTable.h"

#include "Kernel.h"

/// Places that a table starts with.
enum { firstSize = 512 };

void makeResultTable(struct Diagrams *diagrams, struct ResultTable *table) {
    table->places = allocate(diagrams, firstSize * sizeof(struct Result));
    table->mask = firstSize - 1;
    table->count = 0;
}

void growResultTable(struct Diagrams *diagrams, struct ResultTable *table) {
    const size_t size = table->mask + 1, bytes = size * sizeof(struct Result);
    // Results can be worked out again, so that they leave half of the memory to what is needed.
    const bool isAllowed = diagrams->bytes + 2 * bytes <= diagrams->limits.bytes / 2;
    struct ResultTable larger = {isAllowed ? allocateIfPossible(diagrams, 2 * bytes) : 0, 2 * size - 1, 0};
    if (!larger.places) {
        table->count = 0;
        return;
    }
    for (size_t number = 0; number < size; number++) {
        const struct Result *const result = table->places + number;
        if (result->operation == noOperation) continue;
        struct Result *const place = placeOfResult(&larger, result->operation, result->one, result->other);
        larger.count += place->operation == noOperation;
        *place = *result;
    }
    release(diagrams, table->places, bytes);
    *table = larger;
}

void clearResults(struct ResultTable *table) {
    memset(table->places, 0, (table->mask + 1) * sizeof(struct Result));
    table->count = 0;
}
