import Automata
import Exploration
import Foundation
import struct Fuzzing.SplitMix64
import Promela

/// How to go on walks.
public struct ModelFuzzingOptions: Sendable {
    /// What to check; nil for `Property.standard`.
    public var properties: Set<Property>?
    /// Which cycles count.
    public var fairness = Fairness.none
    public var seed: UInt64 = 1
    /// Begin no more than so many walks.
    public var walkLimit: Int?
    /// Begin no walk after so many steps of all walks together.
    public var stepLimit: Int?
    /// End after so much time.
    public var timeLimit: Duration?
    /// The most steps of one walk, from the initial state on.
    public var depthLimit = 10_000
    /// Go on until there are that many different violations.
    public var violationLimit = 1
    /// Threads that walk. Nothing that is found depends on it, unless time is limited.
    public var threads = 1
    /// Bytes for what walks can begin at.
    public var corpusLimit = 256 << 20

    public init() {}
}

/// What walks found.
public struct ModelFuzzingResult: Sendable {
    /// Verdicts, violations with short paths, and how many steps there were; no state is stored.
    public var result: SearchResult
    public var walks: Int
    public var steps: Int
    public var coverage: CoverageSummary
    /// States that walks could begin at in the end.
    public var corpusCount: Int
}

/// Long walks of chance through a model, for those that are too large to be searched: each walk chooses its moves by a strategy of
/// its own, and many begin where earlier ones saw something new.
///
/// What is not found may still be there: no property is ever said to hold.
public final class ModelFuzzer {
    /// Called between walks, with what is known so far.
    public typealias Monitor = (Progress) -> Void

    /// How far the work is.
    public struct Progress: Sendable {
        public var walks = 0
        public var steps = 0
        /// Transitions that were taken, and all that control flow alone does not rule out.
        public var taken = 0
        public var reachable = 0
    }

    private let system: System
    private let options: ModelFuzzingOptions
    private let properties: [Property]
    private let isStopped: @Sendable () -> Bool
    private let monitor: Monitor
    private var undecided: [Property: Limit] = [:]

    private var coverage: Coverage
    private var corpus: Corpus
    private var claims: [Claim] = []
    private var claimStates: [[UInt64]] = []
    private var claimStateCounts: [Int] = []
    private var violations: [FoundViolation] = []
    private var truncations: [Truncation] = []
    private let reachable: ReachableTransitions
    private var progress = Progress()
    private var depth = 0

    /// Walks that are planned together, with the same knowledge: so nothing depends on how many threads there are.
    private static let roundSize = 64

    /// - Parameters:
    ///   - isStopped: asked from time to time, by all threads; the work ends when it says yes.
    ///   - monitor: told how it goes.
    public init(
        _ system: System, options: ModelFuzzingOptions, isStopped: @escaping @Sendable () -> Bool = { false },
        monitor: @escaping Monitor = { _ in }
    ) {
        self.system = system
        self.options = options
        self.isStopped = isStopped
        self.monitor = monitor
        properties = Property.checked(options.properties, of: system)
        reachable = ReachableTransitions(system)
        progress.reachable = reachable.count
        coverage = Coverage(transitionCount: system.transitions.count)
        corpus = Corpus(byteLimit: options.corpusLimit)
        for case .claim(let claim) in properties {
            do {
                claimStateCounts.append(try ClaimWatch(system, claim).stateCount)
                claims.append(claim)
            } catch {
                undecided[.claim(claim)] = .formulaTooLarge("\(error)")
            }
        }
        claimStates = claimStateCounts.map { Array(repeating: 0, count: ($0 + 63) / 64) }
    }

    /// Walks until a limit is reached, or as many violations are found as were asked for.
    public func run() throws -> ModelFuzzingResult {
        let start = ContinuousClock.now
        let generator = SuccessorGenerator(system)
        let (initial, fault) = generator.initialState()
        truncations = generator.takeTruncations()
        if let fault, checked.contains(fault.kind.property) {
            violations.append(FoundViolation(key: ViolationKey(fault), fault: fault, path: [], loopStart: nil))
        } else if fault == nil {
            let end = options.timeLimit.map { start + $0 }
            let isStopped = isStopped
            let mayGoOn: @Sendable () -> Bool = { !isStopped() && end.map { ContinuousClock.now < $0 } ?? true }
            let crew = try WalkCrew(system, checked, options.fairness, initial: initial, threads: options.threads)
            while !isDone, mayGoOn() {
                let plans = plan()
                let known = Set(violations.map(\.key))
                for case let outcome? in crew.run(plans, seen: coverage, known: known, mayGoOn: mayGoOn) where !isDone {
                    note(outcome)
                }
                progress.taken = reachable.taken(in: coverage)
                monitor(progress)
            }
        }
        let found = try violations.map { try shortened($0, initial) }
        var statistics = Statistics()
        statistics.transitions = progress.steps
        statistics.depthReached = depth
        statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        return ModelFuzzingResult(
            result: SearchResult(
                verdicts: properties.map { ($0, verdict(on: $0)) }, violations: found, statistics: statistics,
                truncations: truncations.inSourceOrder()),
            walks: progress.walks, steps: progress.steps, coverage: summary, corpusCount: corpus.entries.count)
    }

    /// What walkers look for.
    private var checked: Set<Property> { Set(properties.filter { undecided[$0] == nil }) }

    private var isDone: Bool {
        violations.count >= options.violationLimit || progress.walks >= options.walkLimit ?? .max
            || progress.steps >= options.stepLimit ?? .max
    }

    private func verdict(on property: Property) -> Verdict {
        if violations.contains(where: { $0.key.property == property }) { return .violated }
        return .inconclusive(
            undecided[property]
                ?? .walks(
                    walks: progress.walks, steps: progress.steps, taken: progress.taken, reachable: progress.reachable))
    }

    private var summary: CoverageSummary {
        CoverageSummary(
            system, coverage, reachable, claims: zip(claims, zip(claimStates, claimStateCounts)).map { ($0, $1.0, $1.1) })
    }

    // MARK: Walks

    /// How long the walks of the next round may go on without seeing anything new: longer and longer, so that many places have been
    /// seen from which the long walks begin.
    private var patienceLimit: Int { min(options.depthLimit, 128 << min(40, progress.walks / Self.roundSize / 2)) }

    private func plan() -> [WalkPlan] {
        let count = min(Self.roundSize, (options.walkLimit ?? .max) - progress.walks)
        return (progress.walks..<progress.walks + count).map { number in
            var random = SplitMix64(seed: StateHash.hash(options.seed, UInt64(number)))
            let patience = random.logarithmic(in: 32...max(32, patienceLimit))
            let strategy = Strategy(steps: patience, using: &random)
            var start = WalkPlan.Start.initialState
            if random.happens(144), let entry = corpus.pick(using: &random) {
                start = random.happens(64) ? .schedule(ScheduleMutation.mutated(entry, using: &random)) : .entry(entry)
            }
            return WalkPlan(
                start: start, strategy: strategy, seed: random.next(), patience: patience, depthLimit: options.depthLimit)
        }
    }

    private func note(_ outcome: WalkOutcome) {
        progress.walks += 1
        progress.steps += outcome.steps
        depth = max(depth, outcome.depth)
        var discoveries: [Corpus.Entry] = []
        for discovery in outcome.discoveries where discovery.novelties.contains(where: isNew) { discoveries.append(discovery.entry) }
        corpus.add(discoveries)
        coverage.merge(visits: outcome.visits)
        for case .pair(let slot) in outcome.novelties { coverage.visitPair(at: slot) }
        for (claim, words) in outcome.claimStates.enumerated() {
            for (word, bits) in words.enumerated() { claimStates[claim][word] |= bits }
        }
        truncations.merge(outcome.truncations)
        if let violation = outcome.violation, !violations.contains(where: { $0.key == violation.key }) {
            violations.append(violation)
        }
    }

    private func isNew(_ novelty: WalkOutcome.Novelty) -> Bool {
        switch novelty {
        case .transition(let transition): !coverage.hasTransition(transition)
        case .pair(let slot): !coverage.hasPair(at: slot)
        }
    }

    // MARK: Violations

    private func shortened(_ violation: FoundViolation, _ initial: [UInt8]) throws -> Violation {
        var violation = violation
        if !violation.path.isEmpty {
            let reenactment = try Reenactment(system, violation, options.fairness, initial: initial)
            // A path that could not be gone again would be shown to be wrong when it is recorded.
            if let again = reenactment.run(violation.path, loopStart: violation.loopStart) {
                var shortening = Shortening(reenactment, again)
                shortening.run()
                (violation.path, violation.loopStart) = (shortening.path.steps, shortening.path.loopStart)
                violation.fault = shortening.path.fault
            }
        }
        return description(of: violation)
    }

    private func description(of violation: FoundViolation) -> Violation {
        let (path, loopStart) = (violation.path.map(\.step), violation.loopStart)
        var result = Violation(
            property: violation.key.property, message: "", span: Span(file: FileID(0), start: 0, end: 0), fault: violation.fault,
            path: path, isShortest: false, loopStart: loopStart)
        if let fault = violation.fault {
            (result.message, result.span) = (fault.message, fault.span)
        } else if case .claim(let claim) = violation.key.property {
            (result.message, result.span) = (claim.message(in: system.program, isEndless: loopStart != nil), claim.span(in: system.program))
        } else {
            let processes = blockedProcesses(after: path)
            result.message = EndState.message(processes)
            if let first = processes.first { result.span = first.span }
        }
        return result
    }

    private func blockedProcesses(after path: [Step]) -> [EndState.BlockedProcess] {
        let stepper = Stepper(system)
        stepper.initialState().state.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        for step in path {
            if let move = stepper.follow(ScheduleStep(step)) { stepper.take(move) }
        }
        return EndState.blockedProcesses(in: stepper.state, of: system)
    }
}
