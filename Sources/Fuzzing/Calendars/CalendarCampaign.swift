import Synchronization
import TimeTravel

/// Many runs of clients against a calendar; every outcome is kept once, with as little as brings it about. Several threads may make runs
/// at a time.
public final class CalendarCampaign: Sendable {
    /// What a calendar did not stand.
    public struct Finding: CountedFinding, Sendable {
        public var outcome: CalendarOutcome
        /// The seed of the first run that had it; nil if all clients kept to the protocol in that.
        public var seed: UInt64?
        /// Runs that had it.
        public var count = 1
        public var plan: CalendarPlan
        /// What the calendar has printed last.
        public var console: [String]
        /// How often the shortest plan had it again, of `FuzzCampaign.replays`.
        public var replayed = 0
        /// The last run that had it again, with its record.
        public var evidence: LiveRun?
    }

    public let command: [String]
    /// Clients that the calendar is told to wait for.
    public let expected: Int
    /// Runs against one process, as long as it goes on.
    public let reuse: Int
    public let patience: CalendarRun.Patience
    private let state = Mutex(State())

    private struct State {
        var findings: [Finding] = []
        var runs = 0
        /// Whether the calendar ends when all clients have gone.
        var endsByItself = false
        /// Processes that go on, and nobody uses.
        var processes: [CalendarProcess] = []
    }

    /// The most runs that shortening may take.
    private static let shortening = 60

    public init(command: [String], expected: Int, reuse: Int = 1, patience: CalendarRun.Patience = CalendarRun.Patience()) {
        self.command = command
        self.expected = expected
        self.reuse = reuse
        self.patience = patience
    }

    public var findings: [Finding] { state.withLock { $0.findings } }
    /// Runs that were made, those for shortening among them.
    public var runs: Int { state.withLock { $0.runs } }

    /// A run with clients that keep to the protocol.
    public func begin(shouldStop: () -> Bool) throws(SystemError) -> CalendarOutcome {
        let plan = CalendarPlan.peaceful(expected: expected)
        let (result, ends) = try trial.peace(plan, shouldStop: shouldStop)
        state.withLock { state in
            state.runs += 1
            state.endsByItself = ends
        }
        if result.outcome.isJudged { try look(into: result, of: plan, seed: nil, shouldStop) }
        return result.outcome
    }

    /// A run with the clients that belong to a seed.
    /// - Returns: what was found, if it had not been found before.
    @discardableResult
    public func step(seed: UInt64, shouldStop: () -> Bool) throws(SystemError) -> Finding? {
        let plan = CalendarPlan.random(seed: seed, expected: expected)
        return try look(into: try run(plan, reuse: reuse, shouldStop), of: plan, seed: seed, shouldStop)
    }

    /// Counts what a run came to if there has been the like; otherwise makes it short, and sees whether it is seen again.
    /// - Returns: what was found, if it had not been found before.
    @discardableResult
    private func look(
        into result: CalendarTrial.Result, of plan: CalendarPlan, seed: UInt64?, _ shouldStop: () -> Bool
    ) throws(SystemError) -> Finding? {
        guard result.outcome != .survived, !shouldStop(), !countAgain(result.outcome, or: nil) else { return nil }
        var finding = Finding(outcome: result.outcome, seed: seed, plan: plan, console: result.console)
        try shorten(&finding, shouldStop)
        try replay(&finding, shouldStop)
        // Another thread may have found it in the meantime.
        return shouldStop() || countAgain(finding.outcome, or: finding) ? nil : finding
    }

    /// Takes away clients, their faults and their events while the outcome stays.
    private func shorten(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
        var tries = 0
        shortening: while tries < Self.shortening {
            for smaller in finding.plan.smaller(expected: expected) where tries < Self.shortening && !shouldStop() {
                tries += 1
                let again = try run(smaller, reuse: 1, shouldStop)
                guard again.outcome == finding.outcome else { continue }
                (finding.plan, finding.console) = (smaller, again.console)
                continue shortening
            }
            break
        }
    }

    private func replay(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
        let stored = live(finding)
        for _ in 0..<FuzzCampaign.replays where !shouldStop() {
            state.withLock { $0.runs += 1 }
            let run = try LiveRun.make(stored, command: command, patience: patience.starvation, shouldStop: shouldStop)
            guard run.difference == nil else { continue }
            finding.replayed += 1
            finding.evidence = run
        }
    }

    /// A finding as it is kept.
    public func live(_ finding: Finding) -> LiveFinding {
        LiveFinding(
            title: "\(finding.outcome)", command: command, version: finding.evidence?.version,
            recipe: .clients(finding.plan, expected: expected, endsByItself: trial.endsByItself), outcome: .ofCalendar(finding.outcome),
            keepsRules: finding.plan.clients.allSatisfy(\.isInnocent), seen: finding.replayed, runs: FuzzCampaign.replays)
    }

    private var trial: CalendarTrial {
        CalendarTrial(
            command: command, expected: expected, endsByItself: state.withLock { $0.endsByItself }, patience: patience)
    }

    private func countAgain(_ outcome: CalendarOutcome, or finding: Finding?) -> Bool {
        state.withLock { $0.findings.countAgain(or: finding) { $0.outcome == outcome } }
    }

    private func run(_ plan: CalendarPlan, reuse: Int, _ shouldStop: () -> Bool) throws(SystemError) -> CalendarTrial.Result {
        let idle = state.withLock { state in
            state.runs += 1
            return reuse > 1 ? state.processes.popLast() : nil
        }
        let result = try trial.run(plan, on: idle, shouldStop: shouldStop)
        if let process = result.process, process.uses < reuse { state.withLock { $0.processes.append(process) } }
        return result
    }
}
