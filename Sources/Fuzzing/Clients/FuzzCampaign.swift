import Synchronization
import TimeTravel

/// Many runs of a client, each with other faults; every outcome is kept once, with as few faults as bring it about.
///
/// Plans that have shown something new, a message in a state, a line of the console or a transition of a model, are changed a little for
/// others. Several threads may make runs at a time.
public final class FuzzCampaign: Sendable {
    /// An outcome, and the least that brings it about.
    public struct Finding: CountedFinding, Sendable {
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
    /// Follows the runs in a model.
    public let guide: ModelGuide?
    private let state: Mutex<State>

    private struct State {
        var findings: [Finding] = []
        var runs = 0
        var messages = 0
        var version: String?
        var coverage: Set<String> = []
        /// Plans that have covered something new.
        var plans: [FaultPlan]
        var phases = FuzzRun.Phases()
        var timed = 0
    }

    /// - Parameters:
    ///   - plans: to begin with.
    ///   - guide: what follows the runs in a model.
    public init(_ configuration: CalendarServer.Configuration, plans: [FaultPlan] = [], guide: ModelGuide? = nil) {
        self.configuration = configuration
        self.guide = guide
        state = Mutex(State(plans: plans))
    }

    /// In the order in which they were found.
    public var findings: [Finding] { state.withLock { $0.findings } }
    /// Runs that were made, those for shortening among them.
    public var runs: Int { state.withLock { $0.runs } }
    /// Messages of the calendar's in a run without faults.
    public var messages: Int { state.withLock { $0.messages } }
    /// What has been covered: messages in states, and lines of the console.
    public var coverage: Int { state.withLock { $0.coverage.count } }

    /// Where real time has gone in an average run, in seconds.
    public var averagePhases: (boot: Double, protocolPhase: Double, teardown: Double) {
        state.withLock { state in
            let count = Double(max(1, state.timed))
            let phases = state.phases
            return (phases.boot / .seconds(1) / count, phases.protocolPhase / .seconds(1) / count, phases.teardown / .seconds(1) / count)
        }
    }

    /// A run without faults, which shows what there is to interfere with.
    public func begin(shouldStop: () -> Bool) throws(SystemError) -> FuzzRun {
        let run = try run(FaultPlan(), shouldStop)
        state.withLock { state in
            state.messages = run.messages
            state.version = LiveRun.version(in: run.console)
        }
        return run
    }

    /// A run with the faults that belong to a seed, and to what earlier runs have covered.
    /// - Returns: what was found, if it had not been found before.
    @discardableResult
    public func step(seed: UInt64, shouldStop: () -> Bool) throws(SystemError) -> Finding? {
        try step(plan(seed: seed), seed: seed, shouldStop: shouldStop)
    }

    /// A run with these faults.
    /// - Returns: what was found, if it had not been found before.
    public func step(_ plan: FaultPlan, seed: UInt64, shouldStop: () -> Bool) throws(SystemError) -> Finding? {
        let run = try run(plan, shouldStop)
        if shouldStop() || countAgain(run, or: nil) { return nil }
        var finding = Finding(outcome: run.outcome, seed: seed, run: run, plan: plan)
        try shorten(&finding, shouldStop)
        if finding.outcome != .finished { try replay(&finding, shouldStop) }
        // Another thread may have found it in the meantime.
        return shouldStop() || countAgain(finding.run, or: finding) ? nil : finding
    }

    private func plan(seed: UInt64) -> FaultPlan {
        var random = SplitMix64(seed: ~seed)
        let (plans, messages) = state.withLock { ($0.plans, $0.messages) }
        guard Bool.random(using: &random), let plan = plans.randomElement(using: &random) else {
            return .random(seed: seed, messages: messages)
        }
        return plan.mutated(messages: messages, using: &random)
    }

    private func replay(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
        let stored = live(finding)
        for _ in 0..<Self.replays where !shouldStop() {
            state.withLock { $0.runs += 1 }
            let run = try LiveRun.make(stored, command: configuration.command, shouldStop: shouldStop)
            guard run.difference == nil else { continue }
            finding.replayed += 1
            finding.evidence = run
        }
    }

    /// A finding as it is kept.
    public func live(_ finding: Finding) -> LiveFinding {
        LiveFinding(
            title: "\(finding.outcome)", command: configuration.command, version: state.withLock { $0.version },
            recipe: .plan(
                finding.plan, clients: configuration.calendar.expectedClients, sharesMemory: configuration.sharesMemory),
            outcome: .ofClients(finding.outcome), keepsRules: finding.isFault, seen: finding.replayed, runs: Self.replays)
    }

    private func countAgain(_ run: FuzzRun, or finding: Finding?) -> Bool {
        state.withLock { $0.findings.countAgain(or: finding) { $0.outcome == run.outcome && $0.isFault == run.isFinding } }
    }

    /// Takes faults away while the outcome stays.
    private func shorten(_ finding: inout Finding, _ shouldStop: () -> Bool) throws(SystemError) {
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

    private func run(_ plan: FaultPlan, _ shouldStop: () -> Bool) throws(SystemError) -> FuzzRun {
        var configuration = configuration
        configuration.logPath = guide?.makeLogPath()
        let run = try FuzzRun.run(configuration, plan: plan, shouldStop: shouldStop)
        let (isFirst, isNew) = state.withLock { state in
            state.runs += 1
            let known = state.coverage.count
            state.coverage.formUnion(run.coverage)
            let isNew = state.coverage.count > known
            if isNew, !plan.entries.isEmpty { state.plans.append(plan) }
            // One that hangs says nothing of how long it takes.
            if run.outcome != .hung {
                state.phases = state.phases + run.phases
                state.timed += 1
            }
            return (state.runs == 1, isNew)
        }
        if let guide, let path = configuration.logPath {
            guide.add(logAt: path, of: run, with: plan, isNew: isNew)
            let plans = guide.follow(anyway: isFirst).filter { !$0.entries.isEmpty }
            state.withLock { $0.plans += plans }
        }
        return run
    }
}
