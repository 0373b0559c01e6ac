import TimeTravel

/// One run of a client against a calendar that errs as it is told.
public struct FuzzRun: Sendable {
    /// What came of it.
    public var outcome: FuzzOutcome
    /// What the calendar did wrong.
    public var misdeeds: [Misdeed]
    /// What the clients printed.
    public var console: [String]
    /// Messages that the calendar was about to send.
    public var messages: Int
    /// What has been covered: messages, with the state of the client, and lines of the console.
    public var coverage: Set<String> = []
    /// The same for runs with the same messages in the same order, whatever their times; in this process only.
    var shape = 0
    public var phases = Phases()

    /// Where real time has gone.
    public struct Phases: Hashable, Sendable {
        /// Until the first message of a client.
        public var boot = Duration.zero
        /// Until the last one.
        public var protocolPhase = Duration.zero
        /// Until all has been cleared up.
        public var teardown = Duration.zero

        /// All of it.
        var sum: Duration { boot + protocolPhase + teardown }

        static func + (one: Phases, other: Phases) -> Phases {
            Phases(
                boot: one.boot + other.boot, protocolPhase: one.protocolPhase + other.protocolPhase,
                teardown: one.teardown + other.teardown)
        }
    }

    /// Whether a client failed although its calendar did nothing that it may not do.
    public var isFinding: Bool { outcome != .finished && misdeeds.allSatisfy(\.isAllowed) }

    /// The most lines of a console that are kept; a client that prints more is stopped.
    private static let maximumLines = 10_000

    /// Starts the clients, and lets them run to their end.
    /// - Parameters:
    ///   - patience: so much real time may go by with nothing happening before it is said to hang.
    ///   - shouldStop: ends the run early; what came of it is then not to be used.
    public static func run(
        _ configuration: CalendarServer.Configuration, plan: FaultPlan, patience: Duration = .seconds(10),
        shouldStop: () -> Bool = { false }
    ) throws(SystemError) -> FuzzRun {
        let begin = ContinuousClock.now
        let interference = PlannedInterference(plan)
        let witness = Witness()
        let server = try CalendarServer(configuration, interference: interference, report: witness.see)
        var last = (messages: 0, lines: 0, time: ContinuousClock.now)
        var fault: FuzzOutcome?
        var messages = 0
        let outcome = try server.run(
            shouldStop: {
                if messages != last.messages || witness.console.count != last.lines {
                    last = (messages, witness.console.count, .now)
                }
                if ContinuousClock.now - last.time > patience { fault = .hung }
                if witness.console.count > maximumLines { fault = .babbles }
                return fault != nil || shouldStop()
            },
            progress: { messages = $0.messages })
        let span = interference.span ?? (.now, .now)
        return FuzzRun(
            outcome: witness.outcome(stoppedFor: fault, endings: outcome.endings), misdeeds: interference.committed,
            console: witness.console, messages: interference.position,
            coverage: interference.coverage.union(witness.console.map(FuzzOutcome.withoutNumbers)), shape: interference.shape.finalize(),
            phases: Phases(boot: span.first - begin, protocolPhase: span.last - span.first, teardown: .now - span.last))
    }

    /// Sees what a server reports.
    private final class Witness {
        private(set) var console: [String] = []
        private var refusal: String?

        func see(_ event: CalendarServer.Event) {
            switch event {
            case .line(let bytes, _): console.append(String(decoding: bytes, as: UTF8.self))
            case .refused(let reason, _): if refusal == nil { refusal = FuzzOutcome.withoutNumbers(reason) }
            case .ended: break
            }
        }

        /// The first thing that went wrong. A kernel that is refused panics because its link is broken: not of its own fault.
        func outcome(stoppedFor fault: FuzzOutcome?, endings: [ProcessTree.Ending]) -> FuzzOutcome {
            if let refusal { return .refused(refusal) }
            if let failure = console.lazy.compactMap(FuzzOutcome.failure).first { return .failed(failure) }
            if let fault { return fault }
            return endings.first { !$0.isSuccess }.map(FuzzOutcome.ended) ?? .finished
        }
    }
}
