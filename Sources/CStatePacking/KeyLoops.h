// What looks keys up and adds them, included once for each way to look at a line of slots, so that this is part of the loops:
// ATTRIBUTE says for which processors, NAMED how the functions are called there, and MATCH what looks at a line.

/// \param number that of the key, or -1 if there is none.
/// \param line where the search ended.
/// \returns the empty slots there.
ATTRIBUTE INLINE uint32_t NAMED(find)(
    const struct KeyTable *table, const uint64_t *key, uint64_t hash, int64_t words, int64_t *number, uint64_t *line) {
    const uint32_t mask = table->lines.numberMask, tag = tagOfHash(hash, mask);
    for (*line = lineOfHash(hash, table->lines.count);; *line = *line + 1 == table->lines.count ? 0 : *line + 1) {
        const uint32_t *const slots = table->lines.slots + *line * 16;
        const struct SlotMatches matches = MATCH(slots, tag, mask);
        // No number is in an empty slot, whatever the tag.
        for (uint32_t equal = matches.equal & ~matches.empty; equal; equal &= equal - 1) {
            const int64_t found = (int64_t)(readSlot(slots + __builtin_ctz(equal)) & mask) - 1;
            // Later ones are not there yet, seen from a copy.
            if (found >= table->count || !isKey(table, found, key, words)) continue;
            *number = found;
            return matches.empty;
        }
        if (!matches.empty) continue;
        *number = -1;
        return matches.empty;
    }
}

ATTRIBUTE INLINE void NAMED(lookUpWords)(
    const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown, int64_t words) {
    const uint32_t mask = table->lines.numberMask;
    const uint64_t *key = keys;
    for (struct SuccessorPlace *place = places; place < places + count; place++, key += words) {
        if (place->number != unknown) continue;
        const uint32_t *const line = slotsOfHash(&table->lines, place->hash);
        const struct SlotMatches matches = MATCH(line, tagOfHash(place->hash, mask), mask);
        const uint32_t equal = matches.equal & ~matches.empty;
        // Whether there is a slot cannot be foreseen, so that nothing branches by it; without one, what is asked for is the first key.
        const int64_t isThere = -(int64_t)(equal != 0);
        const uint32_t value = readSlot(line + __builtin_ctz(equal | 1 << 15));
        int64_t found = ((int64_t)(value & mask) - 1) & isThere;
        // Perhaps in a later line, or the slot has been taken since there was the copy.
        if ((found >= table->count) | !(equal | matches.empty)) {
            uint64_t last;
            NAMED(find)(table, key, place->hash, words, &found, &last);
            place->number = found < 0 ? unknown : found;
            continue;
        }
        prefetchCacheLine(storedKey(&table->keys, found));
        place->number = found | (unknown & ~isThere);
    }
    key = keys;
    for (struct SuccessorPlace *place = places; place < places + count; place++, key += words) {
        const int64_t number = place->number, isThere = ~(number >> 63);
        if ((int)isKey(table, number & isThere, key, words) | (int)(number < 0)) continue;
        int64_t found;
        uint64_t last;
        NAMED(find)(table, key, place->hash, words, &found, &last);
        place->number = found < 0 ? unknown : found;
    }
}

ATTRIBUTE static void NAMED(lookUp)(
    const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown) {
    switch (table->keys.words) {
    case 1: NAMED(lookUpWords)(table, places, keys, count, unknown, 1); break;
    case 2: NAMED(lookUpWords)(table, places, keys, count, unknown, 2); break;
    default: NAMED(lookUpWords)(table, places, keys, count, unknown, table->keys.words);
    }
}

ATTRIBUTE INLINE void NAMED(insertWords)(
    struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t words) {
    // What is written to the slots and the keys does not change the table, which the compiler cannot know.
    struct KeyTable own = *table;
    for (int64_t first = 0; first < count; first += batchSize) {
        const int64_t size = count - first < batchSize ? count - first : batchSize;
        // Which are to be added cannot be foreseen, so that they are listed before.
        unsigned char list[batchSize];
        int64_t listed = 0;
        for (int64_t offset = 0; offset < size; offset++) {
            list[listed] = (unsigned char)offset;
            listed += places[first + offset].number < 0;
        }
        // They may have been looked for on another thread.
        for (int64_t next = 0; next < listed; next++) prefetchCacheLine(slotsOfHash(&own.lines, places[first + list[next]].hash));
        for (int64_t next = 0; next < listed; next++) {
            struct SuccessorPlace *const place = places + first + list[next];
            const uint64_t *const key = keys + (first + list[next]) * words;
            int64_t number;
            uint64_t line;
            const uint32_t empty = NAMED(find)(&own, key, place->hash, words, &number, &line);
            if (number < 0) {
                number = own.count++;
                storeKey(&own.keys, number, key, words);
                takeSlot(&own.lines, line, empty, place->hash, number);
            }
            place->number = number;
        }
    }
    table->count = own.count;
}

ATTRIBUTE static void NAMED(insert)(struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count) {
    switch (table->keys.words) {
    case 1: NAMED(insertWords)(table, places, keys, count, 1); break;
    case 2: NAMED(insertWords)(table, places, keys, count, 2); break;
    default: NAMED(insertWords)(table, places, keys, count, table->keys.words);
    }
}
