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
    private var slots = HashSlots()
    private var memory = 0

    deinit { for entry in entries { entry.zone.bounds.deallocate() } }

    /// Bytes that all this takes, about.
    var byteCount: Int { memory + entries.capacity * MemoryLayout<Entry>.stride + slots.byteCount }

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
            let known = slots.first(hash) { number in
                let known = UnsafeRawBufferPointer(entries[number].zone.bounds)
                return entries[number].hash == hash && known.count == bytes.count
                    && known.baseAddress.map { memcmp($0, start, bytes.count) == 0 } ?? false && others[number] ?? [] == set.others
            }
            if let known { return known }
            append(zone, set.others, hash)
            return entries.count - 1
        }
    }

    private func append(_ zone: ZoneView, _ others: [LinearExpression], _ hash: UInt64) {
        let copy = UnsafeMutableBufferPointer<Int128>.allocate(capacity: zone.bounds.count)
        _ = copy.initialize(from: zone.bounds)
        if !others.isEmpty { self.others[entries.count] = others }
        slots.append(entries.count, hash) { entries[$0].hash }
        entries.append(Entry(hash: hash, zone: ZoneView(side: zone.side, bounds: UnsafeBufferPointer(copy))))
        memory += zone.bounds.count * MemoryLayout<Int128>.stride + 16 + others.reduce(0) { $0 + $1.byteCount }
    }
}
