// What looks keys up and adds them, included once for each way to look at a line of slots, so that this is part of the loops:
// ATTRIBUTE says for which processors, NAMED how the functions are called there, and MATCH what looks at a line.

/// \param number that of the key, or -1 if there is none.
/// \returns the empty slot at which the search ended, if there is none.
ATTRIBUTE INLINE uint32_t *NAMED(find)(const struct KeyTable *table, const uint64_t *key, uint64_t hash, int64_t words, int64_t *number) {
    const uint32_t mask = table->numberMask;
    for (uint32_t *line = lineOf(table, hash);; line = nextLine(table, line)) {
        const struct SlotMatches matches = MATCH(line, (uint32_t)hash, mask);
        // No number is in an empty slot, whatever the tag.
        for (uint32_t equal = matches.equal & ~matches.empty; equal; equal &= equal - 1) {
            const int64_t found = (int64_t)(__atomic_load_n(line + __builtin_ctz(equal), __ATOMIC_RELAXED) & mask) - 1;
            // Later ones are not there yet, seen from a copy.
            if (found >= table->count || !isKey(table, found, key, words)) continue;
            *number = found;
            return 0;
        }
        if (!matches.empty) continue;
        *number = -1;
        return line + __builtin_ctz(matches.empty);
    }
}

ATTRIBUTE INLINE void NAMED(lookUpWords)(
    const struct KeyTable *table, struct SuccessorPlace *places, const uint64_t *keys, int64_t count, int64_t unknown, int64_t words) {
    const uint32_t mask = table->numberMask;
    const uint64_t *key = keys;
    for (struct SuccessorPlace *place = places; place < places + count; place++, key += words) {
        if (place->number != unknown) continue;
        const uint32_t *const line = lineOf(table, place->hash);
        const struct SlotMatches matches = MATCH(line, (uint32_t)place->hash, mask);
        const uint32_t equal = matches.equal & ~matches.empty;
        // Whether there is a slot cannot be foreseen, so that nothing branches by it; without one, what is asked for is the first key.
        const int64_t isThere = -(int64_t)(equal != 0);
        const uint32_t value = __atomic_load_n(line + __builtin_ctz(equal | 1 << 15), __ATOMIC_RELAXED);
        int64_t found = ((int64_t)(value & mask) - 1) & isThere;
        // Perhaps in a later line, or the slot has been taken since there was the copy.
        if ((found >= table->count) | !(equal | matches.empty)) {
            NAMED(find)(table, key, place->hash, words, &found);
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
        NAMED(find)(table, key, place->hash, words, &found);
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
        for (int64_t next = 0; next < listed; next++) {
            struct SuccessorPlace *const place = places + first + list[next];
            const uint64_t *const key = keys + (first + list[next]) * words;
            int64_t number;
            uint32_t *const slot = NAMED(find)(&own, key, place->hash, words, &number);
            if (number < 0) {
                number = own.count++;
                storeKey(&own.keys, number, key, words);
                setSlot(&own, slot, place->hash, number);
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

ATTRIBUTE static void NAMED(index)(
    const struct KeyTable *table, uint64_t first, uint64_t end, uint32_t *left, int64_t room, int64_t *leftCount) {
    const struct KeyTable own = *table;
    uint32_t *const endOfPart = own.slots + end * 16;
    int64_t spilled = 0;
    for (int64_t next = 0; next < own.count;) {
        uint64_t hashes[batchSize];
        uint32_t numbers[batchSize];
        int64_t size = 0;
        for (; next < own.count && size < batchSize; next++) {
            (hashes[size] = hashOfStored(&own, next), numbers[size] = (uint32_t)next);
            // No branch: whether it is in the part cannot be foreseen.
            size += lineOfHash(hashes[size], own.lineCount) - first < end - first;
        }
        for (int64_t offset = 0; offset < size; offset++) prefetchCacheLine(lineOf(&own, hashes[offset]));
        for (int64_t offset = 0; offset < size; offset++) {
            uint32_t *line = lineOf(&own, hashes[offset]), empty = 0;
            while (line < endOfPart && !(empty = MATCH(line, 0, 0).empty)) line += 16;
            if (empty) {
                setSlot(&own, line + __builtin_ctz(empty), hashes[offset], numbers[offset]);
            } else {
                if (spilled < room) left[spilled] = numbers[offset];
                spilled++;
            }
        }
    }
    *leftCount = spilled;
}
