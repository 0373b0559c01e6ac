import Automata

/// A path as a claim sees it: only the states in which no process is inside an atomic sequence, and who moves between them.
struct ObservedRun {
    /// One state that the claim observes.
    struct Position {
        /// How many steps of the path lead here.
        var stepCount: Int
        var bytes: [UInt8]
        var state: Trace.State
        /// Where each process stands, by its pid.
        var locations: [Int]
        /// The processes that could move here; of a rendezvous, that is the sender, as in Spin and in `SuccessorGenerator.moves`.
        var able: Set<Int>
        /// How propositions are to be evaluated here.
        var circumstances: PropositionEvaluator.Circumstances
        /// Whether nothing at all can move.
        var isBlocked: Bool
        /// The processes that move between here and the next position.
        var movers: Set<Int> = []

        /// When this is, in words.
        var time: String { stepCount == 0 ? "in the initial state" : "after step \(stepCount)" }
    }

    private(set) var positions: [Position] = []
    /// The position that follows on the last one; nil for a path that is looked at only as far as it goes.
    private(set) var loopStart: Int?

    /// Whether nothing can move in the last state, which lasts for ever: it is a position twice, when it is met and from
    /// then on.
    var staysForEver: Bool { positions.last?.circumstances.isStuttering == true }

    /// What comes after a position; nil if that is not known.
    func position(after index: Int) -> Int? { index + 1 < positions.count ? index + 1 : loopStart }

    /// The positions that come again and again.
    var cycle: ArraySlice<Position> { loopStart.map { positions[$0...] } ?? [] }

    // MARK: Watching a walk

    /// Takes a look at the state that a walk is in.
    /// - Parameter stepCount: how many steps it has taken.
    mutating func look(at walk: ModelWalk, after stepCount: Int) {
        guard walk.control == nil else { return }
        let steps = walk.candidates.map(\.move.step) + walk.faults.map(\.step)
        positions.append(
            Position(
                stepCount: stepCount, bytes: walk.bytes, state: walk.state, locations: walk.locations,
                able: Set(steps.map(\.pid)), circumstances: .init(isTimeout: steps.allSatisfy(\.isTimeout), isStuttering: false),
                isBlocked: steps.isEmpty))
    }

    /// Takes note of a step that a walk is about to take.
    mutating func note(_ step: Step) {
        guard !positions.isEmpty else { return }
        positions[positions.count - 1].movers.insert(step.pid)
        if let receiver = step.receiver { positions[positions.count - 1].movers.insert(receiver.pid) }
    }

    /// Declares the run complete.
    /// - Parameters:
    ///   - stepCount: how many steps there were.
    ///   - loopStart: after how many of them the cycle begins.
    /// - Returns: why that is no cycle, or why the path ends where no claim looks; nil if all is well.
    mutating func close(after stepCount: Int, loopStart: Int?) -> String? {
        guard let last = positions.last, last.stepCount == stepCount else {
            return "the path ends inside an atomic sequence"
        }
        guard let loopStart else { return nil }
        guard let start = positions.firstIndex(where: { $0.stepCount == loopStart }) else {
            return loopStart > stepCount || loopStart < 0
                ? "there is no state after step \(loopStart)" : "the cycle begins inside an atomic sequence"
        }
        if start == positions.count - 1 {
            guard last.isBlocked else { return "something can still move, so the last state does not last for ever" }
            stay(in: last)
            return nil
        }
        guard last.bytes == positions[start].bytes else {
            return "the cycle does not close: the last state is not the one "
                + (loopStart == 0 ? "at the start" : "after step \(loopStart)") + difference(from: positions[start])
        }
        positions.removeLast()
        self.loopStart = start
        return nil
    }

    /// The run on which a path is the beginning, if there is but one way to go on: not to move at all.
    var onlyContinuation: ObservedRun? {
        guard loopStart == nil, let last = positions.last, last.isBlocked else { return nil }
        var result = self
        result.stay(in: last)
        return result
    }

    /// In what the last state differs from the one that it should be.
    private func difference(from start: Position) -> String {
        guard let last = positions.last else { return "" }
        let difference = ProcessMatching(recorded: start.state, current: last.state).firstDifference
        return difference.map { " (\($0))" } ?? ""
    }

    private mutating func stay(in last: Position) {
        var repeated = last
        repeated.circumstances.isStuttering = true
        positions.append(repeated)
        loopStart = positions.count - 1
    }
}
