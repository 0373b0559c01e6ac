import Automata
import Exploration
import Promela

/// A check of all runs up to some number of steps, and where induction succeeds of all runs, by asking Z3.
///
/// A step is a single move: atomic sequences count each of their steps.
public final class BoundedCheck {
    /// Called after each step; returns false to end the check.
    public typealias Monitor = (BoundedStatistics) -> Bool

    let system: System
    let depthLimit: Int
    let inductionLimit: Int
    /// Seconds for finding out what holds in every state.
    let invariantTime: Double
    let timeLimit: Int?
    private let endsAtViolation: Bool
    let monitor: Monitor
    private let start = ContinuousClock.now
    let slots: ProcessSlots
    let schema: StateSchema
    let invariants: [Invariant]
    private var statistics = BoundedStatistics()
    private var violations: [Violation] = []
    private var verdicts: [Property: BoundedVerdict] = [:]
    private let properties: [Property]
    /// In how many frames, from the first on, nothing open is violated.
    private(set) var checkedFrames = 0
    /// What nothing is known of yet.
    private(set) var open: [Property]

    /// What this engine can check of a model: properties of states, and formulas `[] q`.
    public static func properties(of program: Program) -> [Property] {
        SymbolicSearch.properties(of: program).filter { $0 != .wrapAround }
    }

    /// - Parameters:
    ///   - properties: what to check; nil for everything that this engine can check. What cannot be left out is added.
    ///   - depth: how many steps runs may have.
    ///   - induction: how many states in a row an induction may assume; 0 for none.
    ///   - invariantTime: for how many seconds to look for what holds in every state, before an induction; 0 for not at all.
    ///   - endsAtViolation: whether to look no deeper than where something is violated.
    ///   - timeLimit: milliseconds for each question to Z3.
    /// - Throws: `UnsupportedModel` if the model has something in it that this engine does not know the exact meaning of.
    public init(
        _ system: System, properties: Set<Property>? = nil, depth: Int, induction: Int = 0, invariantTime: Double = 30,
        endsAtViolation: Bool = false, timeLimit: Int? = nil, monitor: @escaping Monitor = { _ in true }
    ) throws {
        self.system = system
        self.monitor = monitor
        self.endsAtViolation = endsAtViolation
        self.timeLimit = timeLimit
        depthLimit = depth
        inductionLimit = induction
        self.invariantTime = invariantTime
        let program = system.program
        if system.layout.options.keepsPriorities {
            throw UnsupportedModel("a model with priorities", at: program.proctypes[0].span)
        }
        if system.trace != nil { throw UnsupportedModel("a trace assertion", at: program.traceAssertions[0].span) }
        slots = ProcessSlots(system)
        schema = try StateSchema(system, slotTypes: slots.types)
        var invariants: [Invariant] = []
        for case .claim(let claim) in properties ?? Set(Property.standard(of: program)) {
            if case .formula(let index) = claim {
                do { invariants.append(try Invariant(program, formula: index)) } catch { if properties != nil { throw error } }
            } else if properties != nil {
                throw UnsupportedModel("a claim other than `[] q`", at: program.proctypes[0].span)
            }
        }
        if properties?.contains(.trace) == true {
            throw UnsupportedModel("a trace assertion", at: program.traceAssertions.first?.span ?? program.proctypes[0].span)
        }
        if properties?.contains(.wrapAround) == true {
            throw UnsupportedModel("a check for values that are cut to size", at: program.proctypes[0].span)
        }
        self.invariants = invariants
        let wanted = Set(invariants.map(\.property))
        self.properties = Property.all(of: program).filter { property in
            if case .claim = property { return wanted.contains(property) }
            return property != .trace && property != .wrapAround && (!property.isOptional || properties?.contains(property) ?? true)
        }
        open = self.properties
    }

    /// Checks to the given depth, or as far as there is something to find out.
    /// - Throws: `UnsupportedModel`, or `BoundedFailure` if the engine contradicts the interpreter.
    public func run() throws -> BoundedResult {
        let unrolling = Unrolling(schema, Solver(.bitVectors, timeLimit: timeLimit), invariants: invariants)
        let reason = try stoppable { try unroll(unrolling) }
        if let reason {
            var isInterrupted = false
            if case .interrupted = reason { isInterrupted = true }
            if inductionLimit > 0, !open.isEmpty, !hasBrokenRuns, !isInterrupted {
                _ = try stoppable {
                    try induct(from: unrolling)
                    return nil
                }
            }
            for property in open { verdicts[property] = .inconclusive(reason) }
        } else {
            for property in open {
                verdicts[property] =
                    hasBrokenRuns ? .inconclusive(.runsEndInViolation) : .holds(.allRuns(depth: statistics.depth))
            }
        }
        update(unrolling)
        return BoundedResult(
            verdicts: properties.map { ($0, verdicts[$0] ?? .inconclusive(.depth(statistics.depth))) },
            violations: violations, statistics: statistics)
    }

    /// Does something that may be stopped in the middle.
    private func stoppable(_ work: () throws -> BoundedVerdict.Reason?) throws -> BoundedVerdict.Reason? {
        do { return try work() } catch is Stopped { return .interrupted(depth: statistics.depth) }
    }

    /// Why Z3 gave no answer, when runs of so many steps had been looked at.
    private func reason(_ text: String, _ depth: Int) -> BoundedVerdict.Reason {
        StopSignal.isGivenHere ? .interrupted(depth: depth) : .solver(text, depth: depth)
    }

    private var hasBrokenRuns: Bool { violations.contains(where: \.endsRun) }

    private var solverBefore = SolverStatistics()

    private func update(_ unrolling: Unrolling) {
        statistics.solver = solverBefore + unrolling.solver.statistics
        statistics.moves = unrolling.moveCount
        statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
    }

    /// The counts as they are now.
    func progress(_ unrolling: Unrolling) -> BoundedStatistics {
        update(unrolling)
        return statistics
    }

    /// Adds what another solver was asked.
    func count(_ other: SolverStatistics) { solverBefore = solverBefore + other }

    /// Notes that a property is proved.
    func prove(_ property: Property, _ proof: BoundedVerdict.Proof) {
        verdicts[property] = .holds(proof)
        open.removeAll { $0 == property }
    }

    // MARK: One step after the other

    /// - Returns: why there may be longer runs that were not looked at; nil if there are none.
    private func unroll(_ unrolling: Unrolling) throws -> BoundedVerdict.Reason? {
        try unrolling.begin()
        for event in unrolling.initialEvents {
            if case .property(let property) = event.kind { try record(property, steps: [], failing: nil, at: 0) }
        }
        if !unrolling.initialEvents.isEmpty { return .runsEndInViolation }
        var depth = 0
        while true {
            statistics.depth = depth
            if let reason = try lookAtLastFrame(unrolling, depth) { return reason }
            checkedFrames = depth + 1
            update(unrolling)
            if open.isEmpty || depth == depthLimit || endsAtViolation && !violations.isEmpty { return .depth(depth) }
            if !monitor(statistics) { return .interrupted(depth: depth) }
            guard try unrolling.extend() else { return nil }
            // A run of this length, where there is one, also shows the solver where to look further: this costs no time in all.
            switch unrolling.solver.check() {
            case .satisfiable: break
            case .unsatisfiable: return nil
            case .unknown(let text): return reason(text, depth)
            }
            depth += 1
        }
    }

    /// Looks for what must not be in the last frame.
    private func lookAtLastFrame(_ unrolling: Unrolling, _ depth: Int) throws -> BoundedVerdict.Reason? {
        let algebra = unrolling.algebra
        while true {
            let events = unrolling.lastEvents.filter { event in
                switch event.kind {
                case .property(let property): open.contains(property)
                case .overflow: true
                }
            }
            guard !events.isEmpty else { return nil }
            let isBad = unrolling.solver.unknown("bad@\(depth)-\(open.count)", .boolean)
            unrolling.solver.assert(isBad.implies(algebra.any(events.map(\.condition))))
            switch unrolling.solver.check(assuming: [isBad]) {
            case .unsatisfiable: return nil
            case .unknown(let text): return reason(text, depth - 1)
            case .satisfiable:
                let model = try unrolling.solver.model()
                guard let event = try events.first(where: { try model.truth($0.condition) }) else {
                    throw SolverError(message: "a model without a cause")
                }
                let property: Property
                switch event.kind {
                case .property(let violated): property = violated
                case .overflow(.tooManyProcesses): return .processes(schema.slots.count, depth: depth)
                case .overflow: return .rounds(DeterministicStepExecution.roundLimit, depth: depth)
                }
                let steps = try unrolling.steps(in: model, through: depth)
                let failing = try event.step.map {
                    try unrolling.step($0, hasChoice: event.hasChoice, frame: depth, in: model)
                }
                try record(property, steps: steps, failing: failing, at: depth)
            }
        }
    }

    private func record(_ property: Property, steps: [Step], failing: Step?, at depth: Int) throws {
        guard open.contains(property) else { return }
        guard let violation = try BoundedReplay(system: system).violation(of: property, after: steps, failing: failing) else {
            throw BoundedFailure(property: property, steps: steps + (failing.map { [$0] } ?? []))
        }
        violations.append(violation)
        verdicts[property] = .violated(depth: depth)
        open.removeAll { $0 == property }
    }
}

/// The engine found a violation that the interpreter does not see: a fault of Heddle, never of the model.
public struct BoundedFailure: Error, Sendable {
    public var property: Property
    public var steps: [Step]
}

extension Violation {
    /// Whether it is a fault that ends its run, so that there is no telling how it would go on.
    var endsRun: Bool { fault.map { $0.kind != .assertionFailed } ?? false }
}
