#include "ResultTable.h"

#include "Kernel.h"

#include <sys/mman.h>

/// Places that a table starts with.
enum { firstSize = 512 };

/// The most addresses that a table asks for.
static const size_t largestReserve = (size_t)1 << 36;

void makeResultTable(struct Diagrams *diagrams, struct ResultTable *table) {
    const size_t bytes = firstSize * sizeof(struct Result);
    if (bytes > diagrams->limits.bytes - diagrams->bytes) fail(diagrams, memoryFailure);
    size_t reserve = largestReserve;
    while (reserve / 2 > diagrams->limits.bytes && reserve > bytes) reserve /= 2;
    // Addresses are asked for once, so that a table grows where it is: memory that is used for the first time takes its time.
    void *places;
    while ((places = mmap(0, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) == MAP_FAILED) {
        reserve /= 2;
        if (reserve < bytes) fail(diagrams, memoryFailure);
    }
#if defined(MADV_HUGEPAGE)
    // It is looked into everywhere: with small pages, where these are would have to be looked up each time. What is small has no need.
    if (reserve > largePageSize) madvise((char *)places + largePageSize, reserve - largePageSize, MADV_HUGEPAGE);
#endif
    diagrams->bytes += bytes;
    *table = (struct ResultTable){places, firstSize - 1, 0, reserve};
}

void releaseResultTable(struct ResultTable *table) {
    if (table->places) munmap(table->places, table->reserve);
}

void growResultTable(struct Diagrams *diagrams, struct ResultTable *table) {
    const size_t size = table->mask + 1, bytes = size * sizeof(struct Result);
    // Results can be worked out again, so that they leave half of the memory to what is needed.
    if (2 * bytes > table->reserve || diagrams->bytes + bytes > diagrams->limits.bytes / 2) {
        table->count = 0;
        return;
    }
    diagrams->bytes += bytes;
    table->mask = 2 * size - 1;
    // Places that are others now are in the half that is new, and were free.
    for (size_t first = 0; first < size; first += 2) {
        size_t kept = first;
        size_t moved = first + size;
        for (size_t number = first; number < first + 2; number++) {
            const struct Result result = table->places[number];
            table->places[number].operation = noOperation;
            if (result.operation == noOperation) continue;
            const bool stays = placesOfResult(table, result.operation, result.one, result.other) == table->places + first;
            table->places[stays ? kept++ : moved++] = result;
        }
    }
}

void clearResults(struct ResultTable *table) {
    memset(table->places, 0, (table->mask + 1) * sizeof(struct Result));
    table->count = 0;
}
