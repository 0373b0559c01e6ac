import Exploration
import Promela

/// How far a property is known to hold.
public enum BoundedVerdict: Hashable, Sendable {
    case holds(Proof)
    /// Violated after so many steps: by no fewer, in any run.
    case violated(depth: Int)
    case inconclusive(Reason)

    /// Why a property holds of all runs.
    public enum Proof: Hashable, Sendable {
        /// No run has more steps than this.
        case allRuns(depth: Int)
        /// What holds in so many states in a row holds in the next.
        case induction(Int)
        /// Z3's Horn engine found what is true of every state and excludes a violation.
        case invariant

        /// The proof, in words that go on after "holds: ".
        public var explanation: String {
            switch self {
            case .allRuns(let depth): "every run ends within \(depth) step\(depth == 1 ? "" : "s"), and none violates it"
            case .induction(0): "it holds in every state that fits what is known of all states"
            case .induction(1): "by induction: every step keeps it"
            case .invariant: "Z3 found an invariant that excludes a violation, and it was checked"
            case .induction(let length): "by induction: where it held in \(length) states in a row, it holds in the next"
            }
        }
    }

    /// Why nothing is known of all runs.
    public enum Reason: Hashable, Sendable {
        /// No run of so many steps violates it.
        case depth(Int)
        /// The solver gave up at this depth.
        case solver(String, depth: Int)
        /// So many processes at once are more than this engine keeps apart.
        case processes(Int, depth: Int)
        /// A loop inside a `d_step` may go round more often than this engine follows it.
        case rounds(Int, depth: Int)
        case interrupted(depth: Int)
        /// Some runs end in a violation of another property, and there is no telling how they would go on.
        case runsEndInViolation
        /// Z3's Horn engine gave no answer; why.
        case prover(String)

        /// The reason, in words that go on after "inconclusive: ".
        public var explanation: String {
            switch self {
            case .depth(let depth): "no violation within \(depth) step\(depth == 1 ? "" : "s"), and there are longer runs"
            case .solver(let reason, let depth): "no violation within \(depth) steps; then the solver gave up: \(reason)"
            case .processes(let count, let depth):
                "no violation within \(depth) steps; then there may be more than \(count) processes"
            case .rounds(let count, let depth):
                "no violation within \(depth) steps; then a loop inside a `d_step` may go round more than \(count) times"
            case .interrupted(let depth): "interrupted; no violation within \(depth) steps"
            case .prover(let reason): "Z3's Horn engine gave no answer: \(reason)"
            case .runsEndInViolation: "some runs end in a violation of another property"
            }
        }
    }
}

/// Counts of a bounded check.
public struct BoundedStatistics: Hashable, Sendable {
    /// Steps of the longest runs that were looked at.
    public var depth = 0
    /// Moves that were told apart in all those steps.
    public var moves = 0
    public var solver = SolverStatistics()
    public var seconds = 0.0

    public init() {}
}

/// What a bounded check found.
public struct BoundedResult: Sendable {
    /// In the order of a report.
    public var verdicts: [(property: Property, verdict: BoundedVerdict)]
    /// Each was replayed, step by step.
    public var violations: [Violation]
    public var statistics: BoundedStatistics
}
