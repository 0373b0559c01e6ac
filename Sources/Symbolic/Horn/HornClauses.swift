import Automata
import Exploration
import Promela

/// A system as Horn clauses over one relation, "this state can be reached": the initial state can be, and so can be whatever a
/// move leads to from one that can be.
struct HornClauses {
    /// Whether something can happen.
    enum Answer: Hashable {
        /// Never: there is an invariant that excludes it, and it was checked.
        case unreachable
        /// Z3 says so; there is no run yet that shows it.
        case reachable
        case unknown(String)
    }

    private let domain: InductionDomain
    private let row: Unrolling
    private let state: Frame
    /// The places of the relation: the cells that can have more than one value.
    private let cells: [Int]
    /// What stands at the places in any state, and that with what is chosen in it.
    private let places: [Term]
    private let variables: [Term]
    /// What is known of every state beforehand. It helps to check a proof, but not to find one.
    private let certain: Term
    private let timeLimit: Int?

    private var solver: Solver { row.solver }
    private var algebra: Algebra { row.algebra }

    /// - Parameter timeLimit: milliseconds for each question.
    init(_ domain: InductionDomain, invariants: [Invariant], timeLimit: Int?) throws {
        self.domain = domain
        self.timeLimit = timeLimit
        row = Unrolling(domain.schema, Solver(timeLimit: timeLimit), invariants: invariants)
        try row.begin(anywhereIn: domain.whereabouts) { domain.cells($0) }
        state = row.frames[0]
        let state = state
        cells = state.cells.indices.filter { !state.cells[$0].isConstant }
        certain = row.algebra.all(domain.constraints(on: state.cells, row.algebra))
        places = Self.places(of: state.cells, cells, domain.schema, row.algebra)
        variables = places + [row.algebra.bits(state.choice, 64)]
    }

    var statistics: SolverStatistics { solver.statistics }

    /// Everything that must not be in a state.
    var events: [SymbolicEvent] { row.lastEvents }

    var moveCount: Int { row.moveCount }

    // MARK: Places

    private static func places(
        of state: [SymbolicValue], _ cells: [Int], _ schema: StateSchema, _ algebra: Algebra
    ) -> [Term] {
        cells.map { cell in
            let form = schema.cells[cell]
            return form.width == 1 && !form.isSigned ? algebra.truth(state[cell]) : algebra.bits(state[cell], form.width)
        }
    }

    private func places(of state: [SymbolicValue]) -> [Term] { Self.places(of: state, cells, domain.schema, algebra) }

    // MARK: Questions

    /// Whether one of some conditions is ever true of a state that can be reached.
    func ask(_ conditions: [Term]) throws -> Answer {
        let isBad = algebra.any(conditions)
        if isBad == algebra.no { return .unreachable }
        let horn = try HornSolver(solver)
        let reached = try horn.relation("reached", places.map(\.sort))
        let failed = try horn.relation("failed", [])
        let initial = places(of: domain.start.map { .constant($0) })
        try horn.add(horn.holds(reached, of: initial), if: algebra.yes, forAll: [])
        // One clause for all moves: with one for each, Spacer takes three times as long, and more where there are many processes.
        let next = places.indices.map { solver.unknown("next@\($0)", places[$0].sort) }
        let moves = try state.possibilities.moves.map { move in
            try StopSignal.check()
            return algebra.all([move.condition] + zip(next, places(of: move.cells)).map { $0 .== $1 })
        }
        let isHere = horn.holds(reached, of: places)
        try horn.add(
            horn.holds(reached, of: next), if: algebra.and(isHere, algebra.any(moves)), forAll: variables + next)
        try horn.add(horn.holds(failed, of: []), if: algebra.and(isHere, isBad), forAll: variables)
        switch horn.check(failed) {
        case .satisfiable: return .reachable
        case .unknown(let reason): return .unknown(reason)
        case .unsatisfiable: return try confirm({ try horn.invariant(of: reached, $0) }, initial, excludes: isBad)
        }
    }

    /// Makes sure, with another of Z3's engines, that what Spacer found is an invariant, and excludes a condition.
    private func confirm(
        _ invariant: ([Term]) throws -> Term, _ initial: [Term], excludes isBad: Term
    ) throws -> Answer {
        let judge = Solver(.bitVectors, sharingTermsOf: solver, timeLimit: timeLimit)
        judge.assert(certain)
        judge.assert(try invariant(places))
        var cases = [isBad, algebra.not(try invariant(initial))]
        for move in state.possibilities.moves {
            cases.append(algebra.and(move.condition, butNot: try invariant(places(of: move.cells))))
        }
        for objection in cases where objection != algebra.no {
            switch judge.scoped({
                judge.assert(objection)
                return judge.check()
            }) {
            case .unsatisfiable: break
            case .satisfiable: return .unknown("what it found is no proof")
            case .unknown(let reason): return .unknown("its proof could not be checked: \(reason)")
            }
        }
        return .unreachable
    }
}
