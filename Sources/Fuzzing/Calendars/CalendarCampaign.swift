import Synchronization
import TimeTravel

/// Many runs of clients against a calendar; every outcome is kept once, with as little as brings it about. Several threads may make runs
/// at a time.
public final class CalendarCampaign: Sendable {
    /// What a calendar did not stand.
    public struct Finding: Sendable {
        public var outcome: CalendarOutcome
        /// The seed of the first run that had it.
        public var seed: UInt64
        /// Runs that had it.
        public var count = 1
        public var plan: CalendarPlan
        /// What the calendar has printed last.
        public var console: [String]
        /// How often the shortest plan had it again, of `FuzzCampaign.replays`.
        public var replayed = 0
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
        let process = try CalendarProcess(command, expected: expected)
        let outcome = try CalendarRun.run(plan, against: process, patience: patience, shouldStop: shouldStop)
        let ends = outcome == .survived && process.ending(within: 1000) != nil
        state.withLock { state in
            state.runs += 1
            state.endsByItself = ends
        }
        return outcome
    }

    /// A run with the clients that belong to a seed.
    /// - Returns: what was found, if it had not been found before.
    @discardableResult
    public func step(seed: UInt64, shouldStop: () -> Bool) throws(SystemError) -> Finding? {
        var plan = CalendarPlan.random(seed: seed, expected: expected)
        var (outcome, console) = try run(plan, reuse: reuse, shouldStop)
        guard outcome != .survived, !shouldStop(), !countAgain(outcome, or: nil) else { return nil }
        var tries = 0
        shortening: while tries < Self.shortening {
            for smaller in plan.smaller(expected: expected) where tries < Self.shortening && !shouldStop() {
                tries += 1
                let again = try run(smaller, reuse: 1, shouldStop)
                guard again.outcome == outcome else { continue }
                (plan, (outcome, console)) = (smaller, again)
                continue shortening
            }
            break
        }
        var finding = Finding(outcome: outcome, seed: seed, plan: plan, console: console)
        for _ in 0..<FuzzCampaign.replays where try run(plan, reuse: 1, shouldStop).outcome == outcome { finding.replayed += 1 }
        // Another thread may have found it in the meantime.
        return shouldStop() || countAgain(outcome, or: finding) ? nil : finding
    }

    /// Counts an outcome that there has been; otherwise keeps what has been found.
    private func countAgain(_ outcome: CalendarOutcome, or finding: Finding?) -> Bool {
        state.withLock { state in
            if let index = state.findings.firstIndex(where: { $0.outcome == outcome }) {
                state.findings[index].count += 1
                return true
            }
            if let finding { state.findings.append(finding) }
            return false
        }
    }

    private func run(
        _ plan: CalendarPlan, reuse: Int, _ shouldStop: () -> Bool
    ) throws(SystemError) -> (outcome: CalendarOutcome, console: [String]) {
        let (idle, endsByItself) = state.withLock { state in
            state.runs += 1
            return (reuse > 1 ? state.processes.popLast() : nil, state.endsByItself)
        }
        let process = if let idle { idle } else { try CalendarProcess(command, expected: expected) }
        process.uses += 1
        let outcome = try CalendarRun.run(plan, against: process, patience: patience, shouldStop: shouldStop)
        guard outcome == .survived else { return (outcome, process.lines) }
        // The clients' connections are closed by now: a calendar that fails over that, or goes on for ever, is found out here.
        let ending = process.ending(within: endsByItself ? Int32(patience.starvation / .milliseconds(1)) : 0)
        if let ending, case .killed = ending { return (.ended(ending), process.lines) }
        if ending == nil, endsByItself { return (.goesOn, process.lines) }
        if ending == nil, process.uses < reuse { state.withLock { $0.processes.append(process) } }
        return (outcome, [])
    }
}
