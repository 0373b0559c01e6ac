import Automata
import struct Fuzzing.SplitMix64

/// States from which something new was seen, to begin walks at.
struct Corpus: Sendable {
    struct Entry: Sendable {
        var state: [UInt8]
        /// The process that alone may move next, if it can, or -1.
        var control: Int
        /// For each claim, where it can be.
        var claimStates: [[Int32]]
        /// How to get there.
        var path: (segment: PathSegment, count: Int)?
        /// How many walks have begun here.
        var picks = 0
    }

    private(set) var entries: [Entry] = []
    private(set) var byteCount = 0
    private let byteLimit: Int

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Keeps the states at which one walk saw something new; as long as there is room.
    mutating func add(_ found: [Entry]) {
        guard let segment = found.last?.path?.segment, byteCount + segment.byteCount < byteLimit else { return }
        byteCount += segment.byteCount
        for entry in found where byteCount < byteLimit {
            entries.append(entry)
            byteCount += entry.state.count + MemoryLayout<Entry>.stride
        }
    }

    /// Picks one, sooner among those that came last and those that were not picked often.
    mutating func pick(using random: inout SplitMix64) -> Entry? {
        guard !entries.isEmpty else { return nil }
        let recent = random.happens(128) ? entries.count - (entries.count + 3) / 4 : 0
        var best = recent + random.next(below: entries.count - recent)
        for _ in 0..<2 {
            let other = recent + random.next(below: entries.count - recent)
            if entries[other].picks < entries[best].picks { best = other }
        }
        entries[best].picks += 1
        return entries[best]
    }
}
