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
    private let solver: ConstraintSolver
    private let oracle: DecisionOracle
    private let expansion: SymbolicExpansion
    private let normalization: Normalization
    private let table: StateTable
    private let invariants: [Invariant]

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
        let (terms, layout) = (TermTable(), TermLayout(system))
        solver = ConstraintSolver(timeLimit: options.timeLimit)
        oracle = DecisionOracle(terms: terms, solver: solver)
        expansion = SymbolicExpansion(system, oracle)
        normalization = Normalization(terms: terms, layout: layout)
        table = StateTable(terms: terms, solver: solver)
        invariants = properties.compactMap { property in
            guard case .claim(.formula(let index)) = property else { return nil }
            let evaluator = PropositionEvaluator(system, formula: index)
            return Invariant(property: property, formula: system.formula(index), evaluator: evaluator)
        }
        expansion.generator.notesWrapAround = true
        oracle.onWrap = { [unowned expansion] place in expansion.generator.noteWrapAround(at: place) }
        for invariant in invariants { invariant.evaluator.use(oracle) }
    }

    /// Searches to the end, to a limit, or to as many violations as were asked for.
    /// - Throws: `UnsupportedModel`, or `ConcretizationError` or `SolverError` if no numbers are found for a violation.
    public func run() throws -> (result: SearchResult, symbolic: SymbolicStatistics) {
        let (initial, fault) = expansion.initialState()
        if let fault {
            record(fault, path: [])
        } else {
            add(initial, .initial, depth: 0)
            try search()
        }
        updateStatistics()
        if let reason = solver.failure, limit == nil { limit = .solver(reason) }
        let verdicts = properties.map { property -> (property: Property, verdict: Verdict) in
            if violations.contains(where: { $0.property == property }) { return (property, .violated) }
            if let limit { return (property, .inconclusive(limit)) }
            if hasBrokenPaths { return (property, .inconclusive(.pathsEndInViolation)) }
            return (property, isDone ? .inconclusive(.stoppedAtViolation) : .holds)
        }
        var symbolic = SymbolicStatistics()
        symbolic.solver = solver.statistics
        symbolic.cacheHits = solver.hits
        symbolic.subsumed = table.subsumed
        return (
            SearchResult(verdicts: verdicts, violations: violations, statistics: statistics, truncations: []), symbolic
        )
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
            table.finish(node)
            let depth = table.depth(of: node)
            if let depthLimit = options.depthLimit, depth >= depthLimit {
                limit = .depth(depthLimit)
                return
            }
            let state = normalization.state(table.form(of: node))
            expansion.onSuccessor = { [unowned self] successor in
                statistics.transitions += 1
                add(successor.state, .step(from: node, successor.step), depth: depth + (successor.step == nil ? 0 : 1))
            }
            expansion.onFault = { [unowned self] fault, step, constraints in
                record(fault, path: path(to: node, then: step, where: constraints))
            }
            expansion.onBlocked = { [unowned self] constraints in recordEnd(node, state, constraints) }
            expansion.expand(state)
            if state.control == nil, !isDone { checkInvariants(node, state) }
            if let failure { throw failure }
            if let (reason, place) = oracle.unsupported {
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

    private func add(_ state: SymbolicState, _ origin: StateTable.Origin, depth: Int) {
        let normal = normalization.normalize(state)
        if !table.insert(normal, origin, depth: depth) {
            statistics.statesMatched += 1
        } else {
            statistics.depthReached = max(statistics.depthReached, depth)
        }
    }

    /// Bytes that the states take, and what is remembered besides.
    private var byteCount: Int { table.byteCount + normalization.terms.byteCount + solver.byteCount }

    private func updateStatistics() {
        statistics.statesStored = table.count
        statistics.bytes = byteCount
        let elapsed = ContinuousClock.now - start
        statistics.seconds = elapsed / .seconds(1)
    }

    // MARK: Violations

    private func path(to node: StateTable.Node, then step: Step?, where constraints: ConstraintSet) -> [Step] {
        do {
            return try Concretization(expansion: expansion, normalization: normalization, table: table, solverTimeLimit: 60_000)
                .path(to: node, then: step, where: constraints)
        } catch {
            failure = failure ?? error
            return []
        }
    }

    private func record(_ fault: Fault, path: @autoclosure () -> [Step]) {
        let property = fault.kind.property
        if !fault.kind.goesOn { hasBrokenPaths = true }
        guard properties.contains(property), !isDone else { return }
        let key = "\(property) \(fault.span.file.index):\(fault.span.start) \(fault.kind)"
        guard seenViolations.insert(key).inserted else { return }
        violations.append(
            Violation(
                property: property, message: fault.message, span: fault.span, fault: fault, path: path(), isShortest: false,
                loopStart: nil))
    }

    private func recordEnd(_ node: StateTable.Node, _ state: SymbolicState, _ constraints: ConstraintSet) {
        guard properties.contains(.endStates), !isDone, !expansion.isValidEnd(state.bytes) else { return }
        let processes = state.bytes.withUnsafeBytes { EndState.blockedProcesses(in: $0, of: system) }
        guard let first = processes.first else { return }
        let key = "end " + processes.map { "\($0.pid):\($0.span.start)" }.joined(separator: ",")
        guard seenViolations.insert(key).inserted else { return }
        violations.append(
            Violation(
                property: .endStates, message: EndState.message(processes), span: first.span, fault: nil,
                path: path(to: node, then: nil, where: constraints), isShortest: false, loopStart: nil))
    }

    private func checkInvariants(_ node: StateTable.Node, _ state: SymbolicState) {
        if invariants.isEmpty { return }
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
                guard isBroken, !isDone, seenViolations.insert("\(invariant.property)").inserted else { return }
                guard case .claim(.formula(let formula)) = invariant.property else { return }
                violations.append(
                    Violation(
                        property: invariant.property,
                        message: "`\(invariant.property.summary(in: system.program))` is not true of every run",
                        span: system.program.formulas[formula].rootSpan, fault: nil,
                        path: path(to: node, then: nil, where: oracle.constraints), isShortest: false, loopStart: nil))
            }
        }
    }
}
