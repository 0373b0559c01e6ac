/// What came of replaying a trace.
public struct Replay: Hashable, Sendable {
    /// Whether the trace still shows its violation.
    public enum Outcome: Hashable, Sendable {
        /// Every step was possible, and the property fails at the end as it did.
        case reproduced
        /// The model cannot do this step any more (counted from 1; 0 is the initialization), or, for the last step, what
        /// failed after it holds now.
        case diverged(step: Int, reason: String)
    }

    public var outcome: Outcome
    /// What is different, but did not stand in the way.
    public var notes: [String]

    public init(outcome: Outcome, notes: [String] = []) {
        self.outcome = outcome
        self.notes = notes
    }

    /// Whether the trace still shows its violation.
    public var isReproduced: Bool { outcome == .reproduced }
}

extension Replay: CustomStringConvertible {
    /// The outcome in one line.
    public var description: String {
        switch outcome {
        case .reproduced: "reproduced"
        case .diverged(0, let reason): "diverged: \(reason)"
        case .diverged(let step, let reason): "diverged at step \(step): \(reason)"
        }
    }
}
