import TimeTravel

/// Many runs of clients against a calendar; every outcome is kept once, with as little as brings it about.
public struct CalendarCampaign {
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
    public var patience = CalendarRun.Patience()
    public private(set) var findings: [Finding] = []
    /// Runs that were made, those for shortening among them.
    public private(set) var runs = 0
    /// Whether the calendar ends when all clients have gone.
    private var endsByItself = false
    private var process: CalendarProcess?
    private var uses = 0
    /// The most runs that shortening may take.
    private static let shortening = 60

    public init(command: [String], expected: Int, reuse: Int = 1) {
        self.command = command
        self.expected = expected
        self.reuse = reuse
    }

    /// A run with clients that keep to the protocol.
    public mutating func begin(shouldStop: () -> Bool) throws(SystemError) -> CalendarOutcome {
        let plan = CalendarPlan.peaceful(expected: expected)
        let process = try CalendarProcess(command, expected: expected)
        runs += 1
        let outcome = try CalendarRun.run(plan, against: process, patience: patience, shouldStop: shouldStop)
        guard outcome == .survived else { return outcome }
        endsByItself = process.ending(within: 1000) != nil
        return outcome
    }

    /// A run with the clients that belong to a seed.
    public mutating func step(seed: UInt64, shouldStop: () -> Bool) throws(SystemError) {
        var plan = CalendarPlan.random(seed: seed, expected: expected)
        var (outcome, console) = try run(plan, reuse: reuse, shouldStop)
        guard outcome != .survived, !shouldStop(), !countAgain(outcome) else { return }
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
        if !shouldStop() { findings.append(finding) }
    }

    private mutating func countAgain(_ outcome: CalendarOutcome) -> Bool {
        guard let index = findings.firstIndex(where: { $0.outcome == outcome }) else { return false }
        findings[index].count += 1
        return true
    }

    private mutating func run(
        _ plan: CalendarPlan, reuse: Int, _ shouldStop: () -> Bool
    ) throws(SystemError) -> (outcome: CalendarOutcome, console: [String]) {
        runs += 1
        let current = if let process, reuse > 1, uses < reuse { process } else { try CalendarProcess(command, expected: expected) }
        uses = current === process ? uses + 1 : 1
        process = nil
        let outcome = try CalendarRun.run(plan, against: current, patience: patience, shouldStop: shouldStop)
        guard outcome == .survived else { return (outcome, current.lines) }
        // The clients' connections are closed by now: a calendar that fails over that, or goes on for ever, is found out here.
        let ending = current.ending(within: endsByItself ? Int32(patience.starvation / .milliseconds(1)) : 0)
        if let ending, case .killed = ending { return (.ended(ending), current.lines) }
        if ending == nil, endsByItself { return (.goesOn, current.lines) }
        if ending == nil, reuse > 1 { process = current }
        return (outcome, [])
    }
}
