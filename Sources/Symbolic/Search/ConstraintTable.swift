import Automata
import Foundation

/// Sets of constraints by their numbers: those that are equal have the same number, and share their memory.
final class ConstraintTable {
    private struct Entry {
        var hash: UInt64
        var zone: ZoneView
    }

    private var entries: [Entry] = []
    /// What is in the sets that are more than a zone.
    private var others: [Int: [LinearExpression]] = [:]
    /// Finds entries by their hash: one more than the number of an entry, or 0.
    private var slots = [UInt32](repeating: 0, count: 1024)
    private var memory = 0

    deinit { for entry in entries { entry.zone.bounds.deallocate() } }

    /// Bytes that all this takes, about.
    var byteCount: Int { memory + entries.capacity * MemoryLayout<Entry>.stride + slots.count * MemoryLayout<UInt32>.stride }

    /// The set with a number.
    subscript(number: Int) -> ConstraintSet { ConstraintSet(zone: Zone(entries[number].zone), others: others[number] ?? []) }

    /// The zone of the set with a number; valid as long as this table is.
    func zone(_ number: Int) -> ZoneView { entries[number].zone }

    /// Whether the set with a number is a zone, and nothing more.
    func isZone(_ number: Int) -> Bool { others.isEmpty || others[number] == nil }

    /// The number of a set, which is added if it is not there yet.
    func number(of set: ConstraintSet) -> Int {
        set.zone.withView { zone in
            let bytes = UnsafeRawBufferPointer(zone.bounds)
            guard let start = bytes.baseAddress else { return 0 }
            var hash = StateHash.hash(start, count: bytes.count)
            for other in set.others { hash ^= UInt64(bitPattern: Int64(other.hashValue)) }
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 {
                let number = Int(slots[slot]) - 1
                let known = UnsafeRawBufferPointer(entries[number].zone.bounds)
                if entries[number].hash == hash, known.count == bytes.count, let knownStart = known.baseAddress,
                    memcmp(knownStart, start, bytes.count) == 0, others[number] ?? [] == set.others
                {
                    return number
                }
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = UInt32(entries.count + 1)
            append(zone, set.others, hash)
            return entries.count - 1
        }
    }

    private func append(_ zone: ZoneView, _ others: [LinearExpression], _ hash: UInt64) {
        let copy = UnsafeMutableBufferPointer<Int128>.allocate(capacity: zone.bounds.count)
        _ = copy.initialize(from: zone.bounds)
        if !others.isEmpty { self.others[entries.count] = others }
        entries.append(Entry(hash: hash, zone: ZoneView(side: zone.side, bounds: UnsafeBufferPointer(copy))))
        memory += zone.bounds.count * MemoryLayout<Int128>.stride + 16 + others.reduce(0) { $0 + $1.byteCount }
        if entries.count * 2 > slots.count { growSlots() }
    }

    private func growSlots() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        for (number, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }
}
