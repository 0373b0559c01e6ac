import Automata
import Exploration
import struct Fuzzing.SplitMix64

/// Where a walk begins, and how it goes on.
struct WalkPlan: Sendable {
    enum Start: Sendable {
        case initialState
        /// A state that a walk came to before, when it saw something new.
        case entry(Corpus.Entry)
        /// The initial state, and then a schedule as far as it can be followed.
        case schedule([ScheduleStep])
    }

    var start: Start
    var strategy: Strategy
    /// The seed of everything else that is left to chance.
    var seed: UInt64
    /// After how many steps in which nothing new was seen the walk ends.
    var patience: Int
    /// The most steps from the initial state on.
    var depthLimit: Int
}

/// What came of a walk.
struct WalkOutcome: Sendable {
    /// Something that was never seen before.
    enum Novelty: Hashable, Sendable {
        case transition(Int)
        /// A pair, by `Coverage.slot`.
        case pair(Int)
    }

    var steps = 0
    /// Steps from the initial state to where it ended.
    var depth = 0
    /// How often each transition was taken.
    var visits: [UInt32] = []
    var novelties: [Novelty] = []
    /// Where novelties were seen, and which of them.
    var discoveries: [(entry: Corpus.Entry, novelties: [Novelty])] = []
    var violation: FoundViolation?
    var truncations: [Truncation] = []
    /// For each claim, the states of it that the walk has been in, as bits.
    var claimStates: [[UInt64]] = []
}

/// Goes on walks, for one thread.
final class Walker {
    private let stepper: Stepper
    private let initial: [UInt8]
    private let checked: Set<Property>
    private let watches: [ClaimWatch]
    private let fairness: CycleFairness?
    private let recent = RecentStates()
    private var coverage: Coverage
    private var random = SplitMix64(seed: 0)
    private var selectRandom = SplitMix64(seed: 0)
    private var path: [ScheduleStep] = []
    /// The beginning of the path, where that is shared.
    private var beginning: (segment: PathSegment, count: Int)?
    /// How many steps of the path come before each state that claims have observed.
    private var stepsBefore: [Int32] = []
    private var known: Set<ViolationKey> = []
    private var violation: FoundViolation?

    /// Values of a `select` that are all tried: with more than that, some.
    static let selectLimit: UInt64 = 15
    /// Pairs that were never seen before are many: so many places of a walk are kept for them.
    private static let pairDiscoveriesPerWalk = 4

    /// - Throws: `BuchiTranslationError` if a formula is too large.
    init(_ system: System, _ properties: Set<Property>, _ fairness: Fairness, initial: [UInt8]) throws {
        self.initial = initial
        checked = properties
        stepper = Stepper(system)
        stepper.notesWrapAround = properties.contains(.wrapAround)
        watches = try Property.all(of: system.program).compactMap { property in
            guard case .claim(let claim) = property, properties.contains(property) else { return nil }
            return try ClaimWatch(system, claim)
        }
        self.fairness = CycleFairness(system, fairness)
        coverage = Coverage(transitionCount: system.transitions.count)
        stepper.onFault = { [unowned self] in note($0, $1) }
        stepper.sampleSelects(above: Self.selectLimit) { [unowned self] in
            selectRandom.next().multipliedFullWidth(by: $0).high
        }
    }

    /// Goes on a walk.
    /// - Parameters:
    ///   - seen: what walks before have seen.
    ///   - known: violations that need not be found again.
    ///   - mayGoOn: asked from time to time; the walk ends when it says no.
    func run(_ plan: WalkPlan, seen: Coverage, known: Set<ViolationKey>, mayGoOn: () -> Bool) -> WalkOutcome {
        begin(plan, seen, known)
        var outcome = WalkOutcome()
        var scheduler = Scheduler(plan.strategy)
        var sinceNovelty = 0
        var previous = -1
        var pairDiscoveries = 0
        var pending: [WalkOutcome.Novelty] = []
        var discoveries: [(count: Int, entry: Corpus.Entry, novelties: [WalkOutcome.Novelty])] = []
        var hints: ArraySlice<ScheduleStep> = []
        if case .schedule(let schedule) = plan.start { hints = schedule[...] }
        var isRunning = violation == nil
        let room = plan.depthLimit - (beginning?.count ?? 0)

        while isRunning, path.count < room, sinceNovelty < plan.patience {
            if path.count & 1023 == 1023, !mayGoOn() { break }
            if stepper.control < 0, isBackOnTrack() { break }
            guard let move = choose(&scheduler, &hints) else { break }
            if violation != nil { break }
            let taken = stepper.move(move).step
            if !watches.isEmpty, stepper.control < 0, observe(isTimeout: taken.isTimeout) { break }
            path.append(ScheduleStep(taken))
            cover(taken, after: previous, &pending)
            previous = taken.transition
            sinceNovelty += 1
            stepper.take(move)
            if !pending.isEmpty {
                sinceNovelty = 0
                let isRare = pending.contains { if case .transition = $0 { true } else { false } }
                if isRare || pairDiscoveries < Self.pairDiscoveriesPerWalk {
                    if !isRare { pairDiscoveries += 1 }
                    discoveries.append((path.count, entry(), pending))
                }
                outcome.novelties += pending
                pending.removeAll(keepingCapacity: true)
            }
            isRunning = violation == nil
        }
        outcome.steps = path.count
        outcome.depth = path.count + (beginning?.count ?? 0)
        outcome.visits = zip(coverage.visits, seen.visits).map { $0 - $1 }
        if let last = discoveries.last {
            let segment = PathSegment(beginning, Array(path.prefix(last.count)))
            outcome.discoveries = discoveries.map { found in
                var entry = found.entry
                entry.path = (segment, found.count + (beginning?.count ?? 0))
                return (entry, found.novelties)
            }
        }
        outcome.violation = violation
        outcome.truncations = stepper.takeTruncations()
        outcome.claimStates = watches.map { $0.takeVisited() }
        return outcome
    }

    private func begin(_ plan: WalkPlan, _ seen: Coverage, _ known: Set<ViolationKey>) {
        coverage = seen
        self.known = known
        violation = nil
        random = SplitMix64(seed: plan.seed)
        selectRandom = SplitMix64(seed: ~plan.seed)
        path.removeAll(keepingCapacity: true)
        stepsBefore.removeAll(keepingCapacity: true)
        recent.removeAll()
        beginning = nil
        var claimStates: [[Int32]]?
        if case .entry(let entry) = plan.start {
            beginning = entry.path
            claimStates = entry.claimStates
            entry.state.withUnsafeBytes { stepper.go(to: $0, control: entry.control) }
        } else {
            initial.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        }
        for (index, watch) in watches.enumerated() {
            watch.begin(in: claimStates?[index])
            if watch.isEndingAtOnce { found(.init(.claim(watch.claim)), loopStart: nil) }
        }
    }

    /// The current state, as one to begin at.
    private func entry() -> Corpus.Entry {
        Corpus.Entry(state: [UInt8](stepper.state), control: stepper.control, claimStates: watches.map(\.states))
    }

    // MARK: Moves

    /// Takes note of what a step is, and of what in it was never seen before.
    private func cover(_ step: Step, after previous: Int, _ novelties: inout [WalkOutcome.Novelty]) {
        cover(step.transition, &novelties)
        if let receiver = step.receiver { cover(receiver.transition, &novelties) }
        let slot = Coverage.slot(previous, step.transition)
        if !coverage.hasPair(at: slot) {
            coverage.visitPair(at: slot)
            novelties.append(.pair(slot))
        }
    }

    private func cover(_ transition: Int, _ novelties: inout [WalkOutcome.Novelty]) {
        if !coverage.hasTransition(transition) { novelties.append(.transition(transition)) }
        coverage.visit(transition)
    }

    private func choose(_ scheduler: inout Scheduler, _ hints: inout ArraySlice<ScheduleStep>) -> Int? {
        while let hint = hints.popFirst() {
            if let move = stepper.follow(hint) { return move }
        }
        switch scheduler.choose(from: stepper, visits: coverage.visits, using: &random) {
        case .move(let move): return move
        case .broken: return nil
        case .blocked:
            end()
            return nil
        }
    }

    // MARK: Violations

    private func note(_ fault: Fault, _ step: Step) {
        guard violation == nil, checked.contains(fault.kind.property) else { return }
        let key = ViolationKey(fault)
        if known.contains(key) { return }
        violation = FoundViolation(key: key, fault: fault, path: wholePath + [ScheduleStep(step)], loopStart: nil)
    }

    private var wholePath: [ScheduleStep] { (beginning?.segment.steps(beginning?.count ?? 0) ?? []) + path }

    private func found(_ key: ViolationKey, loopStart: Int?) {
        guard violation == nil, !known.contains(key) else { return }
        violation = FoundViolation(
            key: key, fault: nil, path: wholePath, loopStart: loopStart.map { $0 + (beginning?.count ?? 0) })
    }

    /// Nothing can move.
    private func end() {
        let isValid = stepper.endsHere()
        if !watches.isEmpty, observe(isTimeout: true) { return }
        if !isValid, checked.contains(.endStates) { found(.init(.endStates), loopStart: nil) }
        for watch in watches where watch.stay(stepper.state) {
            found(.init(.claim(watch.claim)), loopStart: path.count)
        }
    }

    /// Lets the claims see the current state.
    /// - Returns: whether the walk is at its end.
    private func observe(isTimeout: Bool) -> Bool {
        stepsBefore.append(Int32(truncatingIfNeeded: path.count))
        for watch in watches where watch.observe(stepper.state, isTimeout: isTimeout) {
            found(.init(.claim(watch.claim)), loopStart: nil)
        }
        return violation != nil
    }

    /// Whether the walk is in a state again in which it was before, and to repeat what it did since then would break a claim.
    private func isBackOnTrack() -> Bool {
        guard let first = watches.first, let base = stepper.state.baseAddress else { return false }
        let hash = StateHash.hash(base, count: stepper.state.count)
        guard let before = recent.meet(hash, at: first.position) else { return false }
        for start in Set([before.last, before.first]) {
            for watch in watches where watch.isBroken(byRepeatingFrom: start) {
                if let fairness, !fairness.isFair(path[Int(stepsBefore[start])...], from: stepper.state) { continue }
                found(.init(.claim(watch.claim)), loopStart: Int(stepsBefore[start]))
            }
        }
        return violation != nil
    }
}
