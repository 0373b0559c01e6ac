import Exploration
import Traces

/// What came of one check of a suite.
public enum CheckOutcome: Sendable {
    case finished(CheckResult)
    /// The model cannot be checked.
    case wrong(ModelError)
    /// The suite was interrupted before it.
    case notRun
}

/// What a search found, as far as a suite compares it.
public struct CheckResult: Sendable {
    /// On all properties together.
    public var verdict: Verdict
    /// The counterexample, if there is one.
    public var trace: Trace?
    /// Whether what is violated was asked for, rather than being checked of every model.
    public var isAskedFor = true
    /// How many were stored.
    public var states: Int
    /// The deepest level that was reached.
    public var depth: Int
    /// Whether all states were searched, so that their number means something.
    public var isComplete: Bool
    /// What the search took.
    public var seconds: Double
    /// Places of the model where a value did not fit its variable.
    public var truncations = 0
    /// How the kept counterexample of the suite fares, if it has one.
    public var kept: KeptTrace?
}

/// A counterexample that a suite names, on the model as it is now.
public enum KeptTrace: Hashable, Sendable {
    case missing
    case unreadable(String)
    /// - Parameters:
    ///   - property: the property that it says is violated.
    ///   - variant: with what it was made, if that is not what the check has.
    case read(steps: Int, property: String, variant: String?, replay: Replay)
}

extension Trace {
    /// Steps up to the failure, with the one that could not be completed.
    var stepCount: Int { steps.count + (violation.failedStep == nil ? 0 : 1) }
}
