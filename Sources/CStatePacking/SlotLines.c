#include "SlotLines.h"

/// The first fingerprint for which the search starts in a line.
static uint64_t firstFingerprint(uint64_t line, uint64_t lineCount) { return ((line << fingerprintBits) + lineCount - 1) / lineCount; }

int64_t moveSlots(struct SlotLines from, struct SlotLines to, uint64_t first, uint64_t end, uint32_t *left, int64_t room) {
    const uint32_t tagMask = UINT32_MAX / ((uint64_t)from.numberMask + 1);
    const int tagShift = __builtin_popcount(from.numberMask);
    // A line into which numbers come from here and from the lines before belongs to those.
    uint64_t base = firstFingerprint(first, from.count);
    const uint64_t begin = base ? lineOfFingerprint(base - 1, to.count) + 1 : 0;
    // How many numbers there are in the lines to which those of one go, by the lowest bits.
    enum { window = 64 };
    unsigned char counts[window] = {0};
    uint64_t cleared = begin;
    int64_t leftCount = 0;
    for (uint64_t line = first; line < end; line++) {
        const uint32_t *const slots = from.slots + line * 16;
        const uint32_t empty = matchSlots(slots, 0, 0).empty;
        const uint64_t next = firstFingerprint(line + 1, from.count);
        for (; cleared <= lineOfFingerprint(next - 1, to.count); cleared++) counts[cleared % window] = 0;
        const int64_t homeCount = empty ? __builtin_ctz(empty) : from.homeCounts[line];
        for (int64_t slot = 0; slot < 16; slot++) {
            const uint32_t value = slots[slot], number = value & from.numberMask;
            if (!number) continue;
            const uint64_t fingerprint = base + (((uint32_t)((uint64_t)value >> tagShift) - (uint32_t)base) & tagMask);
            const uint64_t place = lineOfFingerprint(fingerprint, to.count);
            if (slot >= homeCount || place < begin || counts[place % window] == 16) {
                if (leftCount < room) left[leftCount] = number - 1;
                leftCount++;
                continue;
            }
            to.slots[place * 16 + counts[place % window]++] = tagOfFingerprint(fingerprint, to.numberMask) | number;
            if (counts[place % window] == 16) to.homeCounts[place] = 16;
        }
        base = next;
    }
    return leftCount;
}
