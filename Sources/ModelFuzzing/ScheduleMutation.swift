import struct Fuzzing.SplitMix64

/// Small changes of the way to a state where something new was seen.
enum ScheduleMutation {
    /// The schedule that leads to a state, with some pieces of it left out, done again, or in another order.
    static func mutated(_ entry: Corpus.Entry, using random: inout SplitMix64) -> [ScheduleStep] {
        guard let path = entry.path else { return [] }
        var result = path.segment.steps(path.count)
        for _ in 0..<random.logarithmic(in: 1...8) where !result.isEmpty {
            let start = random.next(below: result.count)
            let end = min(result.count, start + random.logarithmic(in: 1...32))
            let piece = Array(result[start..<end])
            switch random.next(below: 4) {
            case 0: result.removeSubrange(start..<end)
            case 1: result.insert(contentsOf: piece, at: random.next(below: result.count + 1))
            case 2:
                result.removeSubrange(start..<end)
                result.insert(contentsOf: piece, at: random.next(below: result.count + 1))
            default:
                let pid = piece[0].pid
                result.replaceSubrange(start..<end, with: piece.filter { $0.pid != pid })
            }
        }
        return result
    }
}
