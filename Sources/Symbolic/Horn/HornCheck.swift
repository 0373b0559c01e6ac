import Automata
import Exploration
import Promela

/// A check of all runs by Z3's engine for Horn clauses, which looks for an invariant by itself.
///
/// What holds has an invariant that another solver has checked; what is violated has a run that bounded unrolling has found and
/// the interpreter has replayed. It is for small models: where Spacer finds nothing in time, nothing is claimed.
public final class HornCheck {
    private let system: System
    private let base: BoundedCheck
    private let depthLimit: Int
    private let timeLimit: Int?
    private let monitor: BoundedCheck.Monitor
    private let start = ContinuousClock.now
    private var statistics = BoundedStatistics()
    private var violations: [Violation] = []
    private var verdicts: [Property: BoundedVerdict] = [:]

    /// - Parameters:
    ///   - properties: what to check; nil for everything that this engine can check. What cannot be left out is added.
    ///   - depth: how many steps a run that shows a violation may have.
    ///   - timeLimit: milliseconds for each question to Z3.
    /// - Throws: `UnsupportedModel` if the model has something in it that this engine does not know the exact meaning of.
    public init(
        _ system: System, properties: Set<Property>? = nil, depth: Int = .max, timeLimit: Int? = nil,
        monitor: @escaping BoundedCheck.Monitor = { _ in true }
    ) throws {
        self.system = system
        depthLimit = depth
        self.timeLimit = timeLimit
        self.monitor = monitor
        base = try BoundedCheck(system, properties: properties, depth: depth, timeLimit: timeLimit)
    }

    /// Checks until everything is decided, or Z3 gives up.
    /// - Throws: `UnsupportedModel`, or `BoundedFailure` if the engine contradicts the interpreter.
    public func run() throws -> BoundedResult {
        let properties = base.open
        do {
            try decide()
        } catch is Stopped {
            giveUp(.prover("interrupted"))
        }
        statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        return BoundedResult(
            verdicts: properties.map { ($0, verdicts[$0] ?? .inconclusive(.prover("no reason given"))) },
            violations: violations, statistics: statistics)
    }

    private var open: [Property] { base.open.filter { verdicts[$0] == nil } }

    private func giveUp(_ reason: BoundedVerdict.Reason) { for property in open { verdicts[property] = .inconclusive(reason) } }

    private func decide() throws {
        let initial = Unrolling(base.schema, Solver(.bitVectors), invariants: [])
        try initial.begin()
        // A run that fails before its first step needs no clauses.
        guard initial.initialEvents.isEmpty else { return try findViolation() }
        let first = initial.frames[0]
        guard let values = first.cells.constants else { return giveUp(.prover("the initial state depends on a choice")) }
        let domain = try InductionDomain(base.schema, cells: values, whereabouts: first.whereabouts)
        let clauses = try HornClauses(domain, invariants: base.invariants, timeLimit: timeLimit)
        let solverBefore = statistics.solver
        statistics.moves = clauses.moveCount
        while !open.isEmpty {
            let wanted = open.map { SymbolicEvent.Kind.property($0) } + SymbolicEvent.Kind.overflows
            let conditions = clauses.events.filter { wanted.contains($0.kind) }.map(\.condition)
            let answer = try clauses.ask(conditions)
            statistics.solver = solverBefore + clauses.statistics
            switch answer {
            case .unreachable: for property in open { verdicts[property] = .holds(.invariant) }
            case .unknown(let reason): giveUp(.prover(reason))
            case .reachable: try findViolation()
            }
            if !monitor(statistics) { giveUp(.prover("interrupted")) }
        }
    }

    /// Looks for a shortest run that violates something open; there is one, if Z3 is right.
    private func findViolation() throws {
        let found = try BoundedCheck(
            system, properties: Set(open), depth: depthLimit, endsAtViolation: true, timeLimit: timeLimit, monitor: monitor
        ).run()
        statistics.depth = max(statistics.depth, found.statistics.depth)
        violations += found.violations
        for (property, verdict) in found.verdicts where open.contains(property) {
            // Longer runs may violate what this one leaves open.
            if case .inconclusive(.depth) = verdict, !found.violations.isEmpty { continue }
            verdicts[property] = verdict
        }
        if violations.contains(where: \.endsRun) { giveUp(.runsEndInViolation) }
    }
}

extension [SymbolicValue] {
    /// The values, if all of them are known.
    var constants: [Int64]? {
        var result: [Int64] = []
        for case .constant(let value) in self { result.append(value) }
        return result.count == count ? result : nil
    }
}
