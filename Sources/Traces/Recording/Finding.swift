import Automata

/// What an engine says fails at the end of a path; a recorder checks it before it writes it down.
public enum Finding: Sendable {
    /// The last step runs into this, or, on an empty path, the initialization does.
    case fault(Fault)
    /// Nothing can move, and some process is not where it may end.
    case invalidEndState
    /// A run that breaks a claim.
    case claim(Claim, loopStart: Int?, fairness: Fairness)

    /// The kind of failure.
    var cause: Trace.Cause {
        switch self {
        case .fault(let fault): Trace.Cause(fault.kind)
        case .invalidEndState: .invalidEndState
        case .claim: .assertionFailed
        }
    }
}

extension Trace.Cause {
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
            case .traceMismatch: .traceMismatch
            case .notraceMatched: .notraceMatched
            case .unfinishedTrace: .unfinishedTrace
            case .nondeterministicTrace: .nondeterministicTrace
            }
    }
}
