import Automata
import Promela

/// A walk through a model that somebody, or chance, steers: one move after the other, each with what it does.
public final class Simulation {
    /// How a simulation stands.
    public enum Status: Sendable {
        /// These moves are possible.
        case running
        /// Every process is at an end.
        case ended
        /// The walk ran into a violation; nothing can be said about what would come after it.
        case violated(Trace.Violation)
    }

    private let walk: ModelWalk
    private let check: ViolationCheck
    public private(set) var status: Status
    /// What can be done next, in full.
    public private(set) var moves: [Trace.Step]
    /// What is wrong with some of the moves: by their index, or, past the moves, with steps that fail before they are done.
    private var failures: [(fault: Fault, step: Step)] = []

    public init(_ system: System) {
        walk = ModelWalk(system)
        check = ViolationCheck(walk: walk)
        status = .running
        moves = []
        if let fault = walk.initialFault {
            status = .violated(
                check.violation(fault, in: nil, property: "execution", message: fault.message))
        } else {
            lookAround()
        }
    }

    /// The state that the walk is in.
    public var state: Trace.State { walk.state }

    private func lookAround() {
        let candidates = walk.candidates.map { walk.describe($0, leadingTo: walk.state(after: $0)) }
        // A step that fails before it is done is a move too: somebody may want to run into it.
        failures = walk.faults.filter { found in !walk.candidates.contains { $0.move.step == found.step } }
        moves = candidates + failures.map { walk.describe($0.step) }
        guard moves.isEmpty else { return }
        status = check.isInvalidEnd
            ? .violated(
                check.violationAtEnd(
                    property: "end-states", message: "deadlock: nothing can move, and not every process has come to an end"))
            : .ended
    }

    /// Makes a move.
    /// - Parameter index: an index into `moves`.
    /// - Returns: what was done.
    @discardableResult
    public func take(_ index: Int) -> Trace.Step {
        let step = moves[index]
        guard index < walk.candidates.count else {
            let failure = failures[index - walk.candidates.count]
            status = .violated(violation(failure))
            moves = []
            return step
        }
        let candidate = walk.candidates[index]
        if let failure = walk.faults.first(where: { $0.step == candidate.move.step }) {
            status = .violated(violation(failure))
            walk.take(candidate)
            moves = []
            return step
        }
        walk.take(candidate)
        lookAround()
        return step
    }

    private func violation(_ failure: (fault: Fault, step: Step)) -> Trace.Violation {
        check.violation(
            failure.fault, in: failure.step, property: Trace.Cause(failure.fault.kind).rawValue,
            message: failure.fault.message)
    }
}
