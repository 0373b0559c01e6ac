import Automata

/// Makes the path to a violation short: what is not needed is taken out piece by piece (delta debugging: A. Zeller,
/// R. Hildebrandt, 2002), and short ways are looked for between the states that are left.
struct Shortening {
    private let reenactment: Reenactment
    private(set) var path: Reenactment.Path
    private let stepLimit: Int

    /// Steps that may be tried to make one path shorter.
    static let usualStepLimit = 4_000_000
    /// States that may be looked at around one path, all told, and from one of its states.
    private static let stateLimit = 300_000
    private static let statesPerSearch = 30_000
    /// Searches from states of a path in one round.
    private static let searchesPerRound = 16

    /// - Parameter path: one that shows the violation.
    init(_ reenactment: Reenactment, _ path: Reenactment.Path, stepLimit: Int = Self.usualStepLimit) {
        self.reenactment = reenactment
        self.path = path
        self.stepLimit = reenactment.stepCount + stepLimit
    }

    /// Where the steps begin that are repeated for ever, or the end of the path.
    private var stemCount: Int { path.loopStart ?? path.steps.count }

    /// Makes the path as short as it can.
    mutating func run() {
        eraseLoops()
        var statesLeft = Self.stateLimit
        if stemCount == path.steps.count { takeShortcut(at: 0, statesLeft: &statesLeft, limit: Self.stateLimit / 3) }
        var before = Int.max
        while path.steps.count < before, reenactment.stepCount < stepLimit {
            before = path.steps.count
            takeOut()
            eraseLoops()
            let stride = max(1, stemCount / Self.searchesPerRound)
            var position = 0
            while position < stemCount, statesLeft > 0 {
                takeShortcut(at: position, statesLeft: &statesLeft, limit: Self.statesPerSearch)
                position += stride
            }
        }
    }

    /// Goes over to another path, if that is shorter and shows the violation.
    private mutating func adopt(_ steps: [ScheduleStep], loopStart: Int?) -> Bool {
        guard let found = reenactment.run(steps, loopStart: loopStart), found.steps.count < path.steps.count else { return false }
        path = found
        return true
    }

    // MARK: Loops

    /// Takes out what leads from a state back to the same state.
    private mutating func eraseLoops() {
        let trail = reenactment.trail(of: path.steps, through: stemCount)
        var last: [UInt64: Int] = [:]
        for (position, point) in trail.enumerated() { last[point.key] = position }
        var kept: [ScheduleStep] = []
        var position = 0
        while position < trail.count {
            position = last[trail[position].key] ?? position
            if position < stemCount { kept.append(path.steps[position]) }
            position += 1
        }
        guard kept.count < stemCount else { return }
        _ = adopt(kept + path.steps[stemCount...], loopStart: path.loopStart == nil ? nil : kept.count)
    }

    // MARK: Pieces

    private mutating func takeOut() {
        for pid in Set(path.steps.map(\.pid)).sorted() { _ = takeOut(0..<path.steps.count, of: pid) }
        var size = path.steps.count / 2
        while size > 0 {
            var start = 0
            while start < path.steps.count, reenactment.stepCount < stepLimit {
                let range = start..<min(start + size, path.steps.count)
                if takeOut(range, of: nil) { continue }
                if size > 2 {
                    for pid in Set(path.steps[range].map(\.pid)).sorted() {
                        _ = takeOut(range.clamped(to: 0..<path.steps.count), of: pid)
                    }
                }
                start += size
            }
            size /= 2
        }
    }

    /// Tries to do without some steps of all processes, or of one.
    private mutating func takeOut(_ range: Range<Int>, of pid: Int?) -> Bool {
        var kept: [ScheduleStep] = []
        var stem = 0
        for (position, step) in path.steps.enumerated() {
            if range.contains(position), pid == nil || step.pid == pid { continue }
            kept.append(step)
            if position < stemCount { stem += 1 }
        }
        guard kept.count < path.steps.count else { return false }
        return adopt(kept, loopStart: path.loopStart == nil ? nil : stem)
    }

    // MARK: Shortcuts

    /// Looks around a state of the path for a shorter way to a later one, or to the violation.
    private mutating func takeShortcut(at position: Int, statesLeft: inout Int, limit: Int) {
        let trail = reenactment.trail(of: path.steps, through: stemCount)
        guard position < trail.count, reenactment.stepCount < stepLimit else { return }
        var goals: [UInt64: Int] = [:]
        for later in position + 1..<max(position + 1, trail.count) { goals[trail[later].key] = later - position }
        var search = ShortcutSearch(reenactment, findsViolations: stemCount == path.steps.count)
        let shortcut = search.run(
            from: trail[position], to: goals, saving: path.steps.count - position, limit: min(limit, statesLeft))
        statesLeft -= search.stateCount
        guard let shortcut else { return }
        let rest = shortcut.distance.map { path.steps[(position + $0)...] } ?? []
        let steps = path.steps[..<position] + shortcut.steps + rest
        _ = adopt(
            Array(steps), loopStart: path.loopStart.map { $0 + shortcut.steps.count - (shortcut.distance ?? $0 - position) })
    }
}
