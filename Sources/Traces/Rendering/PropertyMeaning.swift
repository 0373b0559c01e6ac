/// What it means that a property is violated.
enum PropertyMeaning {
    /// One line that says what is wrong.
    static func title(of violation: Trace.Violation) -> String {
        guard violation.cause.isOfClaim else { return "\(violation.property): \(text(of: violation))" }
        let fairness = violation.fairness == .none ? "" : " under \(violation.fairness.rawValue) fairness"
        return "\(violation.property) violated\(fairness): \(text(of: violation))"
    }

    static func text(of violation: Trace.Violation) -> String {
        switch violation.cause {
        case .assertionFailed: "an assertion fails"
        case .invalidEndState: "nothing can move any more, but not every process has come to an end"
        case .formulaViolated: violation.subject ?? "a formula is false on a run"
        case .claimMatched: "a run is matched by the claim"
        case .acceptanceCycle: "a run goes through an accept label for ever"
        case .nonProgressCycle: "a run goes on for ever without progress"
        case .indexOutOfBounds: "an index is out of the bounds of its array"
        case .divisionByZero: "something is divided by zero"
        case .uninitializedChannel: "a channel is used that was never created"
        case .wrongMessageLength: "a message does not have as many fields as its channel's messages"
        case .tooManyProcesses: "more processes are started than can be"
        case .tooManyChannels: "more channels are created than can be"
        case .blockedDeterministicStep: "a d_step blocks after it has started"
        case .endlessDeterministicStep: "a d_step does not come to its end"
        case .rendezvousInDeterministicStep: "a d_step waits for a partner"
        case .remoteReferenceToOtherType: "a remote reference names a process of another type"
        case .priorityOutOfRange: "a priority is set that is not possible"
        case .wrapAround: "a value is cut to size"
        case .selectRangeTooLarge: "a select has too many values"
        case .traceMismatch: "a message is sent or received that the trace assertion has no place for"
        case .notraceMatched: "what the notrace assertion rules out has happened"
        case .unfinishedTrace: "nothing can move any more, but the trace assertion has not come to its end"
        case .nondeterministicTrace: "a message fits two ways on in the trace assertion"
        }
    }
}
