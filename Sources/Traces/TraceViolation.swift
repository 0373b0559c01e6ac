import Automata
import Promela

extension Trace {
    /// What fails at the end of a trace.
    public struct Violation: Hashable, Sendable {
        /// Name of the property, such as `assertions` or `end-states`.
        public var property: String
        /// What is wrong, in words.
        public var message: String
        /// What to look for when the trace is replayed.
        public var cause: Cause
        /// The statement that fails.
        public var location: SourceLocation?
        /// The text that fails: the condition of an assertion, the index that is out of bounds, the formula.
        public var subject: String?
        /// The name of the formula or never claim that fails, if it has one.
        public var claim: String?
        /// For a path that goes on for ever: which runs were looked at.
        public var fairness: Fairness
        /// What breaks the claim, one thought a line: what never happens, and from where on.
        public var explanation: [String]
        /// The variables that take part, with their values when it fails.
        public var values: [Field]
        /// For an end state that is not valid: the processes that have not come to an end.
        public var waiting: [Wait]
        /// The step that could not be completed, where the fault kept it from happening at all.
        public var failedStep: Step?

        public init(
            property: String, message: String, cause: Cause, location: SourceLocation? = nil, subject: String? = nil,
            values: [Field] = [], waiting: [Wait] = [], failedStep: Step? = nil, claim: String? = nil,
            fairness: Fairness = .none, explanation: [String] = []
        ) {
            self.property = property
            self.message = message
            self.cause = cause
            self.location = location
            self.subject = subject
            self.values = values
            self.waiting = waiting
            self.failedStep = failedStep
            self.claim = claim
            self.fairness = fairness
            self.explanation = explanation
        }
    }

    /// The kind of failure, with names that are stable in files.
    public enum Cause: String, CaseIterable, Hashable, Sendable {
        case assertionFailed = "assertion-failed"
        case indexOutOfBounds = "index-out-of-bounds"
        case divisionByZero = "division-by-zero"
        case uninitializedChannel = "uninitialized-channel"
        case wrongMessageLength = "wrong-message-length"
        case tooManyProcesses = "too-many-processes"
        case tooManyChannels = "too-many-channels"
        case blockedDeterministicStep = "blocked-d_step"
        case endlessDeterministicStep = "endless-d_step"
        case rendezvousInDeterministicStep = "rendezvous-in-d_step"
        case remoteReferenceToOtherType = "remote-reference-to-other-type"
        case priorityOutOfRange = "priority-out-of-range"
        case selectRangeTooLarge = "select-range-too-large"
        case wrapAround = "wrap-around"
        case traceMismatch = "trace-mismatch"
        case notraceMatched = "notrace-matched"
        case unfinishedTrace = "unfinished-trace"
        case nondeterministicTrace = "nondeterministic-trace"
        /// Nothing can move, and not every process has come to an end.
        case invalidEndState = "invalid-end-state"
        /// A formula of linear temporal logic is false on the path.
        case formulaViolated = "formula-violated"
        /// A never claim goes along with the path.
        case claimMatched = "claim-matched"
        /// The path goes through an `accept` label for ever.
        case acceptanceCycle = "acceptance-cycle"
        /// The path goes on for ever without `progress`.
        case nonProgressCycle = "non-progress-cycle"

        /// Whether a `trace` or `notrace` assertion fails: only a system that was built for it can show that.
        public var isOfTraceAssertion: Bool {
            switch self {
            case .traceMismatch, .notraceMatched, .unfinishedTrace, .nondeterministicTrace: true
            default: false
            }
        }

        /// Whether a claim on whole runs fails, rather than one step or state.
        public var isOfClaim: Bool {
            switch self {
            case .formulaViolated, .claimMatched, .acceptanceCycle, .nonProgressCycle: true
            default: false
            }
        }
    }

    /// A process that cannot go on.
    public struct Wait: Hashable, Sendable {
        public var pid: Int
        /// Name of the proctype.
        public var process: String
        public var location: SourceLocation
        /// One for each way that it could go on if it were not blocked; what it waits for, in words.
        public var reasons: [String]

        public init(pid: Int, process: String, location: SourceLocation, reasons: [String]) {
            self.pid = pid
            self.process = process
            self.location = location
            self.reasons = reasons
        }

        /// The process as people name it, such as `Client(1)`.
        public var actor: String { Trace.processName(process, pid) }
    }
}
