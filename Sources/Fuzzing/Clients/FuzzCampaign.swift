import TimeTravel

/// Many runs of a client, each with other faults; every outcome is kept once, with as few faults as bring it about.
public struct FuzzCampaign {
    /// An outcome, and the least that brings it about.
    public struct Finding: Sendable {
        public var outcome: FuzzOutcome
        /// The seed of the first run that had it.
        public var seed: UInt64
        /// Runs that had it.
        public var count = 1
        /// The shortest run that had it.
        public var run: FuzzRun
        public var plan: FaultPlan
        /// How often the shortest plan had it again, of `replays`.
        public var replayed = 0
        /// The last run that had it again, with its record.
        public var evidence: LiveRun?

        /// A client failed although its calendar did nothing that it may not do.
        public var isFault: Bool { run.isFinding }
    }

    /// How often the shortest plan is run again.
    public static let replays = 3

    public let configuration: CalendarServer.Configuration
    /// In the order in which they were found.
    public private(set) var findings: [Finding] = []
    /// Runs that were made, those for shortening among them.
    public private(set) var runs = 0
    /// Messages of the calendar's in a run without faults.
    public private(set) var messages = 0
    /// What the client says it is, in the first run.
    public private(set) var version: String?

    public init(_ configuration: CalendarServer.Configuration) { self.configuration = configuration }

    /// A run without faults, which shows what there is to interfere with.
    public mutating func begin(shouldStop: () -> Bool) throws(SystemError) -> FuzzRun {
        let run = try run(FaultPlan(), shouldStop)
        messages = run.messages
        version = LiveRun.version(in: run.console)
        return run
    }

    /// A run with the faults that belong to a seed.
    public mutating func step(seed: UInt64, shouldStop: () -> Bool) throws(SystemError) {
        let plan = FaultPlan.random(seed: seed, messages: messages)
        let run = try run(plan, shouldStop)
        if shouldStop() { return }
        if countAgain(run) { return }
        var finding = Finding(outcome: run.outcome, seed: seed, run: run, plan: plan)
        try shorten(&finding, shouldStop)
        if shouldStop() { return }
        if countAgain(finding.run) { return }
        if finding.outcome != .finished { try replay(&finding, shouldStop) }
        if shouldStop() { return }
        findings.append(finding)
    }

    private mutating func replay(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
        let stored = live(finding)
        for _ in 0..<Self.replays where !shouldStop() {
            runs += 1
            let run = try LiveRun.make(stored, command: configuration.command, shouldStop: shouldStop)
            guard run.difference == nil else { continue }
            finding.replayed += 1
            finding.evidence = run
        }
    }

    /// A finding as it is kept.
    public func live(_ finding: Finding) -> LiveFinding {
        LiveFinding(
            title: "\(finding.outcome)", command: configuration.command, version: version,
            recipe: .plan(
                finding.plan, clients: configuration.calendar.expectedClients, sharesMemory: configuration.sharesMemory),
            outcome: finding.outcome, keepsRules: finding.isFault, seen: finding.replayed, runs: Self.replays)
    }

    /// Counts a run with those that came to the same, if there are any.
    private mutating func countAgain(_ run: FuzzRun) -> Bool {
        guard let index = findings.firstIndex(where: { $0.outcome == run.outcome && $0.isFault == run.isFinding }) else { return false }
        findings[index].count += 1
        return true
    }

    /// Takes faults away while the outcome stays.
    private mutating func shorten(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
        guard finding.outcome != .finished else { return }
        var index = 0
        while index < finding.plan.entries.count, !shouldStop() {
            let plan = finding.plan.without(index)
            let run = try run(plan, shouldStop)
            if run.outcome == finding.outcome {
                finding.plan = plan
                finding.run = run
            } else {
                index += 1
            }
        }
    }

    private mutating func run(_ plan: FaultPlan, _ shouldStop: () -> Bool) throws(SystemError) -> FuzzRun {
        runs += 1
        return try FuzzRun.run(configuration, plan: plan, shouldStop: shouldStop)
    }
}
