/// Finds out which guesses hold in every state, all together: as long as some step leads to a state where one of them fails,
/// that one is dropped (Houdini, by Flanagan and Leino).
struct InvariantSearch {
    private(set) var found: InvariantCandidates
    /// What Z3 was asked.
    private(set) var statistics = SolverStatistics()

    /// - Parameters:
    ///   - start: the state that everything begins with.
    ///   - seconds: how long it may take; if it takes longer, nothing is known.
    init(_ domain: InductionDomain, start: Unrolling, frame: Int, seconds: Double) throws {
        let begin = ContinuousClock.now
        found = InvariantCandidates(domain)
        let isFalse = found.atoms.map { $0.term(start.observer(of: frame)) == start.algebra.no }
        found.keep { $0.conflicting.contains { isFalse[$0] } }
        guard !found.candidates.isEmpty else { return }

        let row = Unrolling(domain.schema, Solver(.bitVectors), invariants: [])
        defer { statistics = row.solver.statistics }
        try row.begin(anywhereIn: domain.whereabouts) { domain.cells($0) }
        for constraint in domain.constraints(on: row.frames[0].cells, row.algebra) { row.solver.assert(constraint) }
        guard try row.extend() else { return }
        let before = found.atoms.map { $0.term(row.observer(of: 0)) }
        let after = found.atoms.map { $0.term(row.observer(of: 1)) }
        var assumptions: [InvariantCandidate: Term] = [:]
        for (index, candidate) in found.candidates.enumerated() {
            let isAssumed = row.solver.unknown("assumed@\(index)", .boolean)
            row.solver.assert(isAssumed.implies(Self.holds(candidate, before, row.algebra)))
            assumptions[candidate] = isAssumed
        }
        var round = 0
        while !found.candidates.isEmpty {
            round += 1
            let remaining = seconds - (ContinuousClock.now - begin) / .seconds(1)
            guard remaining > 0 else { break }
            row.solver.timeLimit = Int(remaining * 1000) + 1
            let fails = row.solver.unknown("fails@\(round)", .boolean)
            row.solver.assert(
                fails.implies(
                    row.algebra.any(found.candidates.map { row.algebra.not(Self.holds($0, after, row.algebra)) })))
            let answer = row.solver.check(assuming: found.candidates.compactMap { assumptions[$0] } + [fails])
            if answer == .unsatisfiable { return }
            guard answer == .satisfiable else { break }
            let model = try row.solver.model()
            let values = try after.map { try model.truth($0) }
            found.keep { $0.conflicting.contains { !values[$0] } }
        }
        found.keep { _ in false }
    }

    private static func holds(_ candidate: InvariantCandidate, _ atoms: [Term], _ algebra: Algebra) -> Term {
        algebra.any(candidate.conflicting.map { algebra.not(atoms[$0]) })
    }

    /// What was found, of a state.
    func terms(_ state: Execution) -> [Term] {
        let atoms = found.atoms.map { $0.term(state) }
        return found.candidates.map { Self.holds($0, atoms, state.algebra) }.filter { $0 != state.algebra.yes }
    }
}
