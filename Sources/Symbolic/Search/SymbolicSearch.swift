import Automata
import Exploration
import Promela

/// How to search with terms.
public struct SymbolicOptions: Sendable {
    /// What to check; nil for all of `SymbolicSearch.properties(of:)`.
    public var properties: Set<Property>?
    /// Numbers of at least so many bits are terms.
    public var termWidth = 17
    /// Levels below the initial state that are searched; nil for all.
    public var depthLimit: Int?
    /// Bytes that the states may take.
    public var memoryLimit = 1 << 30
    /// Search on until there are that many different violations; 1 stops at the first.
    public var violationLimit = 1
    /// Milliseconds that Z3 may think about one question.
    public var timeLimit: Int? = 10_000
    /// Whether one state may stand for all that differ from it only in who is who. No verdict depends on it.
    public var usesSymmetry = false
    /// Threads that work at the same time. The result is the same with any number.
    public var threads = 1

    public init() {}
}

/// What the solver and the comparison of states did.
public struct SymbolicStatistics: Hashable, Sendable {
    public var solver = SolverStatistics()
    /// Questions that were answered from memory.
    public var cacheHits = 0
    /// States that were left out because another one includes them.
    public var subsumed = 0

    public init() {}
}

/// A search of all reachable states in which control is explicit, and wide data are terms: each state that is stored stands for
/// all those that differ in the values of its variables only.
///
/// Ends where every new state is included in one that is there: then what holds, holds for all values, after any number of steps.
public final class SymbolicSearch {
    let system: System
    private let options: SymbolicOptions
    private let properties: [Property]
    private let monitor: Search.Monitor
    private let expander: StateExpander
    private var pool: StateExpansionPool?
    private let usesSymmetry: Bool
    private let table: StateTable
    private let invariants: [Invariant]
    /// Why no state stands for others although that was asked for.
    private let symmetryObstacle: String?

    /// States that another thread is given together.
    var taskSize = StateExpansionPool.usualTaskSize
    private var statistics = Statistics()
    private var violations: [Violation] = []
    private var seenViolations: Set<String> = []
    private var limit: Limit?
    private var hasBrokenPaths = false
    private var failure: (any Error)?
    private let start = ContinuousClock.now

    /// A formula that says that something is true in every state.
    private struct Invariant {
        var property: Property
        var formula: LinearFormula
        var evaluator: PropositionEvaluator
        /// The valuations that break it, as far as is known.
        var verdicts: [UInt64: Bool] = [:]
    }

    /// What this engine can check of a model: properties of states, and formulas `[] p`.
    public static func properties(of program: Program) -> [Property] {
        Property.all(of: program).filter { property in
            switch property {
            case .trace: false
            case .wrapAround: true
            case .claim(.formula(let index)): program.isInvariant(index)
            case .claim: false
            default: true
            }
        }
    }

    /// - Throws: `SystemError` if no system can be built, `UnsupportedModel` if something is to be checked that cannot be.
    public init(
        _ program: Program, options: SymbolicOptions = SymbolicOptions(), monitor: @escaping Search.Monitor = { _ in true }
    ) throws {
        for property in options.properties ?? [] where !Self.properties(of: program).contains(property) {
            throw UnsupportedModel(property, of: program)
        }
        let system = try System(program, termWidth: options.termWidth)
        self.system = system
        self.options = options
        self.monitor = monitor
        properties = Self.properties(of: program).filter { !$0.isOptional || options.properties?.contains($0) ?? true }
        symmetryObstacle = options.usesSymmetry ? Self.symmetryObstacle(to: properties, in: system) : nil
        usesSymmetry = options.usesSymmetry && symmetryObstacle == nil
        expander = StateExpander(system, terms: TermTable(), timeLimit: options.timeLimit, usesSymmetry: usesSymmetry)
        table = StateTable(terms: expander.normalization.terms, solver: expander.solver)
        invariants = properties.compactMap { property in
            guard case .claim(.formula(let index)) = property else { return nil }
            let evaluator = PropositionEvaluator(system, formula: index)
            return Invariant(property: property, formula: system.formula(index), evaluator: evaluator)
        }
        for invariant in invariants { invariant.evaluator.use(expander.oracle) }
    }

    /// Searches to the end, to a limit, or to as many violations as were asked for.
    /// - Throws: `UnsupportedModel`, or `ConcretizationError` or `SolverError` if no numbers are found for a violation.
    public func run() throws -> (result: SearchResult, symbolic: SymbolicStatistics) {
        if options.threads > 1 { pool = makePool() }
        defer { pool?.stop() }
        let (initial, fault) = expander.expansion.initialState()
        if let fault {
            record(fault) { Concretization.Run(steps: [], end: initial, fault: fault) }
        } else {
            add(expander.representatives.form(of: initial), .initial, depth: 0)
            try search()
        }
        pool?.stop()
        updateStatistics()
        if let reason = unknownReason, limit == nil { limit = .solver(reason) }
        let verdicts = properties.map { property -> (property: Property, verdict: Verdict) in
            if violations.contains(where: { $0.property == property }) { return (property, .violated) }
            if let limit { return (property, .inconclusive(limit)) }
            if hasBrokenPaths { return (property, .inconclusive(.pathsEndInViolation)) }
            return (property, isDone ? .inconclusive(.stoppedAtViolation) : .holds)
        }
        var symbolic = SymbolicStatistics()
        for part in work {
            symbolic.solver = symbolic.solver + part.solver
            symbolic.cacheHits += part.hits
        }
        symbolic.subsumed = table.subsumed
        if options.usesSymmetry { statistics.symmetry = symmetryReport }
        return (
            SearchResult(verdicts: verdicts, violations: violations, statistics: statistics, truncations: []), symbolic
        )
    }

    private static func symmetryObstacle(to properties: [Property], in system: System) -> String? {
        let follows = properties.contains { if case .claim = $0 { true } else { false } }
        return follows
            ? "formulas are checked, and may tell processes apart; `--property assertions,end-states` leaves them out"
            : Symmetry(system).obstacle
    }

    private func makePool() -> StateExpansionPool {
        StateExpansionPool(threadCount: options.threads - 1, taskSize: taskSize) {
            StateExpander(
                system, terms: TermTable(sharing: expander.normalization.terms), timeLimit: options.timeLimit, usesSymmetry: usesSymmetry)
        }
    }

    /// What could be exchanged in the end.
    private var symmetryReport: SymmetryReport {
        guard let symmetry = expander.representatives.symmetry else { return SymmetryReport(obstacle: symmetryObstacle) }
        // Other threads may have seen all states in which something could be.
        if table.count > 0 { _ = symmetry.smallest(table.form(of: StateTable.Node(number: table.count - 1)).explicit.bytes) }
        return symmetry.isIncomplete
            ? SymmetryReport(obstacle: "processes can change places in too many ways to try all") : SymmetryReport(symmetry, system.program)
    }

    private var isDone: Bool { violations.count >= options.violationLimit }

    private func search() throws {
        var next = 0
        while next < table.count, !isDone {
            if StopSignal.isGivenHere {
                limit = .interrupted
                return
            }
            let node = StateTable.Node(number: next)
            next += 1
            if table.isDone(node) { continue }
            let depth = table.depth(of: node)
            if let depthLimit = options.depthLimit, depth >= depthLimit {
                limit = .depth(depthLimit)
                return
            }
            pool?.handOut(from: node.number, of: table)
            table.finish(node)
            let expanded = pool?.take(node, expander) ?? expander.expand(table.form(of: node))
            take(expanded, of: node, depth: depth)
            if !isDone { checkInvariants(node) }
            if let failure { throw failure }
            if limit != nil { return }
            if let (reason, place) = expanded.unsupported ?? expander.oracle.unsupported {
                throw UnsupportedModel(needingNumber: reason, at: system.span(of: place))
            }
            if next % 256 == 0 {
                statistics.frontier = table.count - next
                updateStatistics()
                if !monitor(statistics) {
                    limit = .interrupted
                    return
                }
                if byteCount > options.memoryLimit {
                    limit = .memory(bytes: options.memoryLimit)
                    return
                }
            }
        }
    }

    private func take(_ expanded: ExpandedState, of node: StateTable.Node, depth: Int) {
        for event in expanded.events {
            switch event {
            case .successor(let form, let step):
                statistics.transitions += 1
                add(form, .step(from: node, step), depth: depth + (step == nil ? 0 : 1))
            case .fault(let fault, let step, let constraints):
                record(fault) { run(to: node, into: (fault, by: step), where: constraints) }
            case .blocked(let constraints): recordEnd(node, constraints)
            }
        }
    }

    private func add(_ form: NormalForm, _ origin: StateTable.Origin, depth: Int) {
        if !table.insert(form, origin, depth: depth) {
            statistics.statesMatched += 1
        } else {
            statistics.depthReached = max(statistics.depthReached, depth)
        }
    }

    /// What all threads have done.
    private var work: [StateExpansionPool.Work] { [StateExpansionPool.Work(expander)] + (pool?.allWork ?? []) }

    /// Why Z3 gave no answer somewhere: both answers were taken for possible.
    private var unknownReason: String? { work.lazy.compactMap(\.failure).first }

    /// Bytes that the states take, and what is remembered besides.
    private var byteCount: Int { work.reduce(table.byteCount) { $0 + $1.byteCount } }

    private func updateStatistics() {
        statistics.statesStored = table.count
        statistics.bytes = byteCount
        let elapsed = ContinuousClock.now - start
        statistics.seconds = elapsed / .seconds(1)
    }

    // MARK: Violations

    /// - Returns: nil if Z3 does not know any numbers, or did not know that there are none.
    private func run(to node: StateTable.Node, into fault: (Fault, by: Step)?, where constraints: ConstraintSet) -> Concretization.Run? {
        do {
            return try Concretization(
                expansion: expander.expansion, representatives: expander.representatives, table: table, solverTimeLimit: 60_000)
                .run(to: node, into: fault, where: constraints)
        } catch ConcretizationError.unknown(let reason) {
            limit = limit ?? (StopSignal.isGivenHere ? .interrupted : .solver(reason))
        } catch ConcretizationError.lost where unknownReason != nil {
            // A branch was taken for possible that is not.
        } catch {
            failure = failure ?? error
        }
        return nil
    }

    /// The run into a violation that is to be recorded: one that has not been seen, and has a run.
    /// - Parameter key: the same for the same violation.
    private func firstRun(into key: String, _ find: () -> Concretization.Run?) -> Concretization.Run? {
        guard !isDone, !seenViolations.contains(key), let run = find() else { return nil }
        seenViolations.insert(key)
        return run
    }

    private func record(_ fault: Fault, _ find: () -> Concretization.Run?) {
        let property = fault.kind.property
        if !fault.kind.goesOn { hasBrokenPaths = true }
        let key = "\(property) \(fault.span.file.index):\(fault.span.start) \(fault.kind)"
        guard properties.contains(property), let run = firstRun(into: key, find) else { return }
        let real = run.fault ?? fault
        violations.append(
            Violation(
                property: property, message: real.message, span: real.span, fault: real, path: run.steps, isShortest: false,
                loopStart: nil))
    }

    private func recordEnd(_ node: StateTable.Node, _ constraints: ConstraintSet) {
        guard properties.contains(.endStates), !isDone else { return }
        func blocked(_ bytes: [UInt8]) -> [EndState.BlockedProcess] {
            bytes.withUnsafeBytes { EndState.blockedProcesses(in: $0, of: system) }
        }
        let known = blocked(table.form(of: node).explicit.bytes)
        let key = "end " + known.map { "\($0.pid):\($0.span.start)" }.joined(separator: ",")
        guard !known.isEmpty, let run = firstRun(into: key, { run(to: node, into: nil, where: constraints) }) else { return }
        let processes = blocked(run.end.bytes)
        guard let first = processes.first else { return }
        violations.append(
            Violation(
                property: .endStates, message: EndState.message(processes), span: first.span, fault: nil,
                path: run.steps, isShortest: false, loopStart: nil))
    }

    private func checkInvariants(_ node: StateTable.Node) {
        if invariants.isEmpty { return }
        let (state, oracle) = (expander.normalization.state(table.form(of: node)), expander.oracle)
        if state.control != nil { return }
        // A formula is no step, so what wraps around in it is nobody's fault.
        let onWrap = oracle.onWrap
        oracle.onWrap = { _ in }
        defer { oracle.onWrap = onWrap }
        for index in invariants.indices {
            let invariant = invariants[index]
            oracle.constraints = state.constraints
            oracle.forEachAnswer {
                let (letter, fault) = invariant.evaluator.letter(
                    of: state.bytes, .init(isTimeout: false, isStuttering: false))
                let isBroken = fault != nil || invariant.formula.isViolated(byPrefix: [letter])
                guard isBroken, case .claim(.formula(let formula)) = invariant.property,
                    let run = firstRun(into: "\(invariant.property)", { run(to: node, into: nil, where: oracle.constraints) })
                else { return }
                violations.append(
                    Violation(
                        property: invariant.property,
                        message: "`\(invariant.property.summary(in: system.program))` is not true of every run",
                        span: system.program.formulas[formula].rootSpan, fault: nil,
                        path: run.steps, isShortest: false, loopStart: nil))
            }
        }
    }
}
