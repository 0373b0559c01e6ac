import Automata

/// What an engine says fails at the end of a path; a recorder checks it before it writes it down.
public enum Finding: Sendable {
    /// The last step runs into this, or, on an empty path, the initialization does.
    case fault(Fault)
    /// Nothing can move, and some process is not where it may end.
    case invalidEndState
    /// A run that breaks a claim.
    ///
    /// The path is the stem and then one turn of the cycle, in single steps; `loopStart` is the number of steps of the stem.
    /// The state after the last step is the state after the stem; where the stem is all of the path, nothing can move in its
    /// last state, which lasts for ever. Without `loopStart` the path alone breaks the claim, however it goes on.
    case claim(Claim, loopStart: Int?, fairness: Fairness)

    /// The kind of failure.
    var cause: Trace.Cause {
        switch self {
        case .fault(let fault): Trace.Cause(fault.kind)
        case .invalidEndState: .invalidEndState
        case .claim(let claim, _, _): Trace.Cause(claim)
        }
    }
}

extension Trace.Cause {
    init(_ claim: Claim) {
        self =
            switch claim {
            case .formula: .formulaViolated
            case .neverClaim: .claimMatched
            case .acceptance: .acceptanceCycle
            case .progress: .nonProgressCycle
            }
    }

    init(_ kind: Fault.Kind) {
        self =
            switch kind {
            case .assertionFailed: .assertionFailed
            case .indexOutOfBounds: .indexOutOfBounds
            case .divisionByZero: .divisionByZero
            case .uninitializedChannel: .uninitializedChannel
            case .wrongMessageLength: .wrongMessageLength
            case .tooManyProcesses: .tooManyProcesses
            case .tooManyChannels: .tooManyChannels
            case .blockedDeterministicStep: .blockedDeterministicStep
            case .endlessDeterministicStep: .endlessDeterministicStep
            case .rendezvousInDeterministicStep: .rendezvousInDeterministicStep
            case .remoteReferenceToOtherType: .remoteReferenceToOtherType
            case .priorityOutOfRange: .priorityOutOfRange
            case .selectRangeTooLarge: .selectRangeTooLarge
            case .wrapAround: .wrapAround
            case .traceMismatch: .traceMismatch
            case .notraceMatched: .notraceMatched
            case .unfinishedTrace: .unfinishedTrace
            case .nondeterministicTrace: .nondeterministicTrace
            }
    }
}
