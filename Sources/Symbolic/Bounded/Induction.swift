import Automata
import Exploration
import Promela

/// Proofs by induction: what holds in so many states in a row holds in the next.
///
/// All open properties are assumed together. Of all runs that violate one of them, a shortest one meets no state twice, and
/// has no violation before its end: so only such rows of states are looked at.
extension BoundedCheck {
    /// Tries to prove what is open.
    /// - Parameter base: the runs from the initial state.
    func induct(from base: Unrolling) throws {
        guard let start = base.frames.lastIndex(where: { $0.cells.allSatisfy(\.isConstant) }) else { return }
        let cells = base.frames[start].cells.map { value -> Int64 in
            if case .constant(let constant) = value { return constant }
            return 0
        }
        let domain = try InductionDomain(schema, cells: cells, whereabouts: base.frames[start].whereabouts)
        let row = Unrolling(schema, Solver(.bitVectors, timeLimit: timeLimit), invariants: invariants)
        defer { count(row.solver.statistics) }
        try row.begin(anywhereIn: domain.whereabouts) { domain.cells($0) }
        if let first = row.frames.first {
            for constraint in domain.constraints(on: first.cells, row.algebra) { row.solver.assert(constraint) }
        }
        var known: InvariantSearch?
        if invariantTime > 0 {
            let search = try InvariantSearch(domain, start: base, frame: start, seconds: invariantTime)
            count(search.statistics)
            known = search
        }
        var proof = InductionProof(row, known, goals: open.map { .property($0) } + SymbolicEvent.Kind.overflows)
        proof.addFrame()
        // With more states in a row, the first of them would be before the start, of which nothing was said.
        let limit = min(inductionLimit, checkedFrames - start)
        guard limit >= 0 else { return }
        for length in 0...limit {
            if length > 0 {
                guard try row.extend() else { break }
                proof.addFrame()
                proof.demandNewState()
            }
            proof.prove(length)
            if proof.isDone || !monitor(progress(base)) { break }
        }
        // Where runs may end in a fault, nothing else is certain.
        let needed = open.filter { !$0.isOptional }.map { SymbolicEvent.Kind.property($0) } + SymbolicEvent.Kind.overflows
        guard needed.allSatisfy({ proof.proved[$0] != nil }) else { return }
        for property in open {
            if let length = proof.proved[.property(property)] { prove(property, .induction(length)) }
        }
    }
}

extension SymbolicValue {
    var isConstant: Bool {
        if case .constant = self { return true }
        return false
    }
}

/// The rows of states of an induction, and what was proved with them.
private struct InductionProof {
    private let row: Unrolling
    /// What is known of every state.
    private let known: InvariantSearch?
    private var goals: [SymbolicEvent.Kind]
    /// For each frame and goal, whether it fails there.
    private var failures: [[SymbolicEvent.Kind: Term]] = []
    /// With how many states in a row each was proved.
    private(set) var proved: [SymbolicEvent.Kind: Int] = [:]

    init(_ row: Unrolling, _ known: InvariantSearch?, goals: [SymbolicEvent.Kind]) {
        self.row = row
        self.known = known
        self.goals = goals
    }

    var isDone: Bool { goals.isEmpty }

    /// Takes notice of the last frame.
    mutating func addFrame() {
        let (solver, algebra) = (row.solver, row.algebra)
        let number = failures.count
        let events = row.lastEvents
        for term in known?.terms(row.observer(of: number)) ?? [] { solver.assert(term) }
        var own: [SymbolicEvent.Kind: Term] = [:]
        for (index, goal) in (goals + proved.keys).enumerated() {
            let condition = algebra.any(events.filter { $0.kind == goal }.map(\.condition))
            if proved[goal] != nil {
                solver.assert(algebra.not(condition))
                continue
            }
            let fails = solver.unknown("fails@\(number)-\(index)", .boolean)
            solver.assert(fails .== condition)
            own[goal] = fails
        }
        failures.append(own)
    }

    /// Demands that the last state is none of those before it.
    func demandNewState() {
        guard let last = row.frames.last?.cells else { return }
        for frame in row.frames.dropLast() {
            let differences = zip(frame.cells, last).map { row.algebra.not(row.algebra.equal($0, $1)) }
            row.solver.assert(row.algebra.any(differences))
        }
    }

    /// Proves what follows for the last frame from those before it: what does not follow is not assumed either, until all
    /// that is left follows from itself.
    mutating func prove(_ length: Int) {
        guard let last = failures.last else { return }
        var assumed = goals
        while true {
            let hypotheses = failures.dropLast().flatMap { frame in
                assumed.compactMap { frame[$0].map { row.algebra.not($0) } }
            }
            let kept = assumed.filter { goal in
                guard let fails = last[goal] else { return false }
                return row.solver.check(assuming: hypotheses + [fails]) == .unsatisfiable
            }
            if kept.count == assumed.count { break }
            assumed = kept
        }
        for goal in assumed {
            proved[goal] = length
            for frame in failures { if let fails = frame[goal] { row.solver.assert(row.algebra.not(fails)) } }
        }
        goals.removeAll { proved[$0] != nil }
    }
}
