import Automata
import Foundation
import Promela

/// A search of all reachable states for violations.
public final class Search {
    /// Called from time to time; returns false to end the search.
    public typealias Monitor = (Statistics) -> Bool

    let system: System
    /// The same without merged steps.
    let original: System
    let options: SearchOptions
    /// What is checked, in the order of a report.
    let properties: [Property]
    let generator: SuccessorGenerator
    let store: StateStore
    /// What there is in place of the store, if bits are to do.
    private let bitTable: BitTable?
    /// How states were first reached, breadth first.
    let parents: ParentLinks
    /// The edges between the states, where a claim wants to know them.
    var graph: StateGraph?
    /// Leaves out moves, and states, where that is asked for and nothing stands in the way.
    var reduced: ReducedExpansion?
    /// Keeps moves from being left out for ever, breadth first.
    private(set) var witnesses: WitnessForest?
    /// Keeps steps from being taken that lead to no other states, breadth first, once there are many; see `beginLevelOfSleepers`.
    var sleepSets: SleepSets?
    /// Whether they are worth while.
    var maySleep = false
    /// Whether no state is looked at before those of the level before are done.
    var keepsLevelsApart = false
    /// States of which some moves were left out.
    var reducedCount = 0
    /// Decides whether to leave moves out, where that is left to the search.
    var survey = ReductionSurvey()
    private let reductionObstacle: String?
    private let symmetryObstacle: String?
    let monitor: Monitor
    /// When it all began.
    var start = ContinuousClock.now
    /// States that are looked at before the next report.
    var untilReport = 0
    /// States from one report to the next.
    var reportDistance = 2048

    var statistics = Statistics()
    private var violations: [Violation] = []
    private var seenViolations: Set<String> = []
    private var limit: Limit?
    /// The claims that are not decided yet, and why those cannot be that are given up.
    var openClaims: [Claim] = []
    var undecidedClaims: [Claim: Limit] = [:]
    /// The most states that a search for one claim alone has found.
    var statesElsewhere = 0
    /// The number of states at which claims are looked at next.
    private(set) var nextCheckpoint = Int.max
    /// Machine code that the search has gone over to.
    private(set) var compiled: CompiledExpansion?
    /// How many states there have to be before they are packed; without instructions for that, they never are.
    var packingThreshold: Int
    /// How many states there have to be before processes sleep.
    var sleepThreshold = Search.usualSleepThreshold
    /// How many states threads look at together.
    var taskSizes = ExpansionPool.usualTaskSizes
    /// Values that did not fit their variables.
    var truncations: [Truncation] = []
    /// Whether some step failed in a way that leaves open what would come after it.
    private var hasBrokenPaths = false

    /// - Throws: `StoreError` if there is not enough address space for the memory limit.
    public convenience init(_ system: System, options: SearchOptions, monitor: @escaping Monitor = { _ in true }) throws {
        try self.init(system, merged: nil, options: options, monitor: monitor)
    }

    /// - Parameter merged: what comes of merging local steps, if it is known and wanted.
    init(_ system: System, merged: MergedSystem?, options: SearchOptions, monitor: @escaping Monitor) throws {
        var options = options
        if options.bitTableSize != nil { options.order = .depth }
        self.options = options
        self.monitor = monitor
        properties = Property.checked(options.properties, of: system)
        for case .claim(let claim) in properties { openClaims.append(claim) }
        original = system
        let notesWrapAround = properties.contains(.wrapAround)
        var system = system
        if let merged {
            (system, statistics.merging) = merged
        } else if options.mergesLocalSteps {
            let (obstacle, steps) = Self.localSteps(system, options, openClaims, notesWrapAround: notesWrapAround)
            if let steps { system = system.merging(steps) }
            statistics.merging = MergingReport(locationCount: steps?.locationCount ?? 0, obstacle: obstacle)
        }
        self.system = system
        let generator = SuccessorGenerator(system)
        self.generator = generator
        generator.notesWrapAround = notesWrapAround
        if options.reduction == .automatic, options.order == .breadth {
            // Before anything has been compiled in vain.
            survey.due = options.mergesLocalSteps ? options.surveySize : options.surveySize / 2
            let isMergedForUser = options.mergesLocalSteps && merged == nil
            if Self.allowsDiagrams(options, openClaims), !isMergedForUser { survey.diagramsDue = options.surveySize }
        }
        var (stubbornSets, symmetry): (StubbornSets?, Symmetry?)
        (reductionObstacle, stubbornSets) = Self.stubbornSets(generator, options, openClaims)
        (symmetryObstacle, symmetry) = Self.symmetry(generator, options, openClaims)
        let representatives = Representatives(symmetry, options.resetsDeadVariables ? DeadVariables(system) : nil)
        if stubbornSets != nil || representatives != nil {
            reduced = ReducedExpansion(
                generator, stubbornSets, keepsClaims: !openClaims.isEmpty, representatives,
                options.order == .breadth ? .witnessLater : .numbers)
        }
        let keepsEdges = !openClaims.isEmpty && options.order == .breadth
        packingThreshold = StatePacking.isFast ? StateStore.usualPackingThreshold : .max
        maySleep = (options.reduction == .sleep || options.reduction == .automatic) && options.order == .breadth && reduced == nil
            && !keepsEdges && !notesWrapAround
        // A quarter is left for claims, so that something can still be said of them when the rest is full.
        let memoryLimit = keepsEdges ? options.memoryLimit / 4 * 3 : options.memoryLimit
        store = try StateStore(
            stateSize: Self.usualStateSize(system), memoryLimit: memoryLimit, isThrifty: options.compressesStates,
            threads: options.threads)
        parents = try ParentLinks(memoryLimit: memoryLimit)
        bitTable = try options.bitTableSize.map(BitTable.init)
        if stubbornSets != nil, openClaims.isEmpty, options.order == .breadth {
            // States take more memory than their places in it.
            witnesses = try WitnessForest(stateLimit: memoryLimit / MemoryLayout<UInt32>.stride)
        }
        if keepsEdges {
            generator.recordsMoves = options.fairness != .none
            graph = try StateGraph(memoryLimit: options.memoryLimit, recordsMoves: generator.recordsMoves)
            passCheckpoint()
        }
    }

    /// Bytes of a state with the initial processes, and one of each other type, which will be started later.
    static func usualStateSize(_ system: System) -> Int {
        let started = Set(system.program.initialProcesses)
        let initial = system.program.initialProcesses.map { system.layout.processes[$0].size }
        let others = system.layout.processes.indices.filter { !started.contains($0) }.map { system.layout.processes[$0].size }
        return system.layout.processesOffset + (initial + others).reduce(0, +)
    }

    /// Does what `run` does, and goes over to no other search.
    func runOnce() -> SearchResult {
        var (initial, fault) = generator.initialState()
        reduced?.representatives?.canonicalize(&initial)
        truncations.merge(generator.takeTruncations())
        var isComplete = false
        if let fault {
            record(fault) { FaultyWay(path: [], fault: fault) }
        } else if let bitTable {
            runBitstate(from: initial, bitTable)
        } else {
            switch options.order {
            case .breadth: isComplete = runBreadthFirst(from: initial)
            case .depth: isComplete = checkClaimsOnTheFly(from: initial) && runDepthFirst(from: initial)
            }
        }
        if options.order == .breadth, !openClaims.isEmpty, !isDone, fault == nil { _ = checkClaims(isComplete: isComplete) }
        truncations.merge(generator.takeTruncations())
        updateStatistics()
        statistics.resetVariables = reduced?.representatives?.deadVariables?.names
        if options.usesSymmetry { statistics.symmetry = symmetryReport(symmetryObstacle) }
        let verdicts = properties.map { property -> (Property, Verdict) in
            if case .claim(let claim) = property, let limit = undecidedClaims[claim] {
                return (property, .inconclusive(limit))
            }
            if violations.contains(where: { $0.property == property }) { return (property, .violated) }
            if let limit { return (property, .inconclusive(limit)) }
            if hasBrokenPaths { return (property, .inconclusive(.pathsEndInViolation)) }
            return (property, isComplete ? .holds : .inconclusive(.stoppedAtViolation))
        }
        return SearchResult(
            verdicts: verdicts.map { (property: $0.0, verdict: $0.1) }, violations: violations,
            statistics: statistics, truncations: truncations.inSourceOrder())
    }

    /// Appends the successors of a stored state, or enough of them, and counts them.
    func expand(_ number: Int, of store: StateStore, into buffer: SuccessorBuffer) -> SuccessorGenerator.Outcome {
        var omission = ReducedExpansion.Omission.nothing
        let outcome =
            reduced?.expand(number, in: store.reader, into: buffer, &omission)
            ?? generator.expand(store.state(number), into: buffer)
        if omission != .nothing { reducedCount += 1 }
        statistics.transitions += outcome.successorCount
        return outcome
    }

    /// Another generator that does what that of the search does, for another thread.
    func makeGenerator() -> SuccessorGenerator {
        let result = SuccessorGenerator(system)
        result.notesWrapAround = generator.notesWrapAround
        result.recordsMoves = generator.recordsMoves
        return result
    }

    /// Bytes that the memory limit leaves for what is not the store: the stack, and states inside atomic sequences. A little is
    /// always granted, so that a small limit stops the search by what it stores.
    var workingMemory: Int { max(1 << 20, options.memoryLimit - store.bytes - store.bytesElsewhere) }

    /// The claims that are checked, decided or not.
    var claims: [Claim] { properties.compactMap { if case .claim(let claim) = $0 { claim } else { nil } } }

    func isChecked(_ property: Property) -> Bool { properties.contains(property) }

    /// Whether as many violations as were asked for have been found.
    var isDone: Bool { violations.count >= options.violationLimit }

    /// Whether a state is first reached on a shortest path.
    var findsShortest: Bool { options.order == .breadth && reduced?.leavesOutMoves != true && !mergesLocalSteps }

    /// A system in which local steps are merged, and what came of that.
    typealias MergedSystem = (system: System, report: MergingReport)

    /// The system that is searched, where steps were to be merged: the very same one, for which there may be machine code.
    var merged: MergedSystem? { statistics.merging.map { (system, $0) } }

    /// Whether processes go on at once somewhere: what they do then may have nothing to do with what is found.
    private var mergesLocalSteps: Bool { statistics.merging?.locationCount ?? 0 > 0 }

    /// Whether a limit has ended the search.
    var isCutShort: Bool { limit != nil }

    /// Notes why the search cannot go on.
    func stop(at limit: Limit) { self.limit = limit }

    private func updateStatistics() {
        statistics.statesStored = max(bitTable?.count ?? store.count, statesElsewhere)
        statistics.reducedStates = reduced?.leavesOutMoves == true ? reducedCount : nil
        statistics.reductionObstacle = reductionObstacle
        statistics.sleepStates = sleepSets?.stateCount ?? statistics.sleepStates
        statistics.bytes = store.bytes + store.bytesElsewhere
        let elapsed = ContinuousClock.now - start
        statistics.seconds = elapsed / .seconds(1)
    }

    /// Whether there are so many more states since claims were last looked at that it is worth doing so again.
    var isCheckpoint: Bool { store.count >= nextCheckpoint }

    /// Whether there are states enough to decide whether to leave moves out.
    var isSurveyDue: Bool { store.count >= survey.due }

    /// The number of states at which something comes due next.
    var nextMilestone: Int { min(survey.due, survey.diagramsDue, nextCheckpoint) }

    /// Looks at what has come due, with the states so far.
    /// - Returns: whether the search is to go on.
    func passMilestones() -> Bool {
        if store.count >= survey.diagramsDue, !tryDiagrams() { return false }
        if isSurveyDue, !passSurvey() { return false }
        return !isCheckpoint || checkClaims(isComplete: false)
    }

    /// Looks at claims again when there are eight times as many states: to do so takes as long as to find the states.
    func passCheckpoint() { nextCheckpoint = openClaims.isEmpty ? .max : max(1 << 18, store.count * 8) }

    /// Adds a violation of a claim.
    func record(_ violation: Violation) { violations.append(violation) }

    /// Counts down to the next report.
    @inline(__always)
    var isReportDue: Bool {
        untilReport -= 1
        return untilReport <= 0
    }

    /// Reports to the monitor; false when it wants the search to end.
    @inline(never)
    func report() -> Bool {
        untilReport = reportDistance
        updateStatistics()
        store.pack(from: packingThreshold)
        useCompiledCode()
        if monitor(statistics) { return true }
        stop(at: .interrupted)
        return false
    }

    /// Goes over to machine code, once there is any.
    private func useCompiledCode() {
        // Not before it is known which system will be searched.
        guard statistics.compiledFrom == nil, survey.due >= options.surveySize, let compiler = options.compiler,
            let expansion = compiler.expansion(of: system, states: store.count, seconds: statistics.seconds),
            generator.use(expansion)
        else { return }
        compiled = expansion
        statistics.compiledFrom = store.count
    }

    // MARK: Violations

    /// Records a fault of the model, unless it is known already or not asked for.
    /// - Parameter way: how the fault comes about; asked if it is recorded.
    func record(_ fault: Fault, way: () -> FaultyWay) {
        let property = fault.kind.property
        if !fault.kind.goesOn { hasBrokenPaths = true }
        guard isChecked(property), !isDone else { return }
        let key = "\(property) \(fault.span.file.index):\(fault.span.start) \(fault.kind)"
        guard seenViolations.insert(key).inserted else { return }
        let way = way()
        violations.append(
            Violation(
                property: property, message: way.fault.message, span: way.fault.span, fault: way.fault, path: way.path,
                isShortest: findsShortest, loopStart: nil))
    }

    /// Records a state in which nothing can move, if it is not a valid end.
    /// - Parameter way: how to get there; asked if it is recorded.
    func recordEnd(_ state: UnsafeRawBufferPointer, _ way: () -> Way) {
        guard isChecked(.endStates), !isDone else { return }
        if generator.isValidEnd(state) { return }
        let key = "end " + EndState.places(in: state, of: system).joined(separator: ",")
        guard !EndState.blockedProcesses(in: state, of: system).isEmpty, seenViolations.insert(key).inserted else { return }
        let way = way()
        let processes = way.end.withUnsafeBytes { EndState.blockedProcesses(in: $0, of: system) }
        guard let first = processes.first else { return }
        violations.append(
            Violation(
                property: .endStates, message: EndState.message(processes), span: first.span, fault: nil, path: way.steps,
                isShortest: findsShortest, loopStart: nil))
    }
}
