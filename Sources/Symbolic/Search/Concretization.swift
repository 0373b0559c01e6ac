import Automata

/// Finds numbers for the terms along a path: small ones, the first choices first.
struct Concretization {
    let expansion: SymbolicExpansion
    let representatives: Representatives
    let table: StateTable
    /// Milliseconds for each question.
    let solverTimeLimit: Int

    /// A step of the search, with a term for a choice.
    private struct Leg {
        var parent: SymbolicState
        /// Nil for the last one, into a fault.
        var successor: SymbolicState?
        /// What makes of the successor the state that stands for it.
        var renaming: Renaming?
        var step: Step?
        var choice: Term?
    }

    private var normalization: Normalization { representatives.normalization }

    /// A run, with numbers for choices.
    struct Run {
        var steps: [Step]
        /// Where it ends.
        var end: SymbolicState
        var fault: Fault?
    }

    /// The run to a node, and into a fault if there is one.
    ///
    /// Found backwards: where a state is a union, it is asked which part of it can lead to the end.
    /// - Parameters:
    ///   - fault: and the step into it.
    ///   - constraints: what holds at the end, in terms of the node's variables.
    /// - Throws: `SolverError`, or `ConcretizationError` if Z3 finds no numbers.
    func run(to node: StateTable.Node, into fault: (Fault, by: Step)?, where constraints: ConstraintSet) throws -> Run {
        let end = state(of: node)
        let solver = Solver(timeLimit: solverTimeLimit)
        var count = 0
        func makeVariables(_ constraints: ConstraintSet) -> [Term] {
            count += 1
            return (0..<constraints.zone.count).map { solver.unknown("x\(count)_\($0)", .integer) }
        }
        var variables = makeVariables(constraints)
        assert(constraints, variables, solver)
        var legs: [Leg] = []
        if let step = fault?.by { legs.append(Leg(parent: end, step: step, choice: choice(step, variables, solver))) }
        var node = node
        while true {
            switch table.origin(of: node) {
            case .initial: return try run(along: legs.reversed(), to: end, into: fault?.0, solver)
            case .union(let one, let other):
                let (whole, mine) = (state(of: node), state(of: one))
                let tried = makeVariables(mine.constraints)
                let isOne = solver.scoped {
                    equate(whole, variables, mine, tried, solver)
                    assert(mine.constraints, tried, solver)
                    return solver.check() == .satisfiable
                }
                node = isOne ? one : other
                let part = state(of: node)
                let before = makeVariables(part.constraints)
                equate(whole, variables, part, before, solver)
                assert(part.constraints, before, solver)
                variables = before
            case .step(let parent, let step):
                guard let (successor, renaming) = successor(of: parent, step, leadingTo: node) else { throw ConcretizationError.lost }
                let before = makeVariables(successor.state.constraints)
                assert(successor.state.constraints, before, solver)
                equate(state(of: node), variables, representatives.rename(successor.state, by: renaming), before, solver)
                legs.append(
                    Leg(
                        parent: state(of: parent), successor: successor.state, renaming: renaming, step: successor.step,
                        choice: successor.step.flatMap { choice($0, before, solver) }))
                (node, variables) = (parent, before)
            }
        }
    }

    private func state(of node: StateTable.Node) -> SymbolicState { normalization.state(table.form(of: node)) }

    /// Demands that the values of two states are the same.
    private func equate(
        _ one: SymbolicState, _ variables: [Term], _ other: SymbolicState, _ others: [Term], _ solver: Solver
    ) {
        for offset in normalization.layout.offsets(in: one.bytes) {
            let (left, right) = (one.bytes.value(at: offset), other.bytes.value(at: offset))
            if !left.isTerm, left == right { continue }
            solver.assert(
                term(normalization.terms.expression(of: left), variables, solver)
                    .== term(normalization.terms.expression(of: right), others, solver))
        }
    }

    private func run(along legs: [Leg], to end: SymbolicState, into fault: Fault?, _ solver: Solver) throws -> Run {
        let wanted = legs.compactMap(\.choice)
        let values: [Int128]
        switch try solver.minimize(wanted, from: Int128(Int32.min)) {
        case .found(let smallest): values = smallest
        case .unknown(_, let best, _) where best.count == wanted.count: values = best
        case .unknown(let reason, _, _): throw ConcretizationError.unknown(reason)
        case .unsatisfiable: throw ConcretizationError.lost
        }
        var chosen = values.makeIterator()
        var (path, real) = (RealPath(expansion, representatives), fault)
        for leg in legs {
            var step = leg.step
            if leg.choice != nil, let value = chosen.next() { step?.choice = Int64(truncatingIfNeeded: value) }
            if let successor = leg.successor {
                try path.go(from: leg.parent, to: successor, renamedBy: leg.renaming, by: step)
            } else if let fault, let step {
                real = try path.fail(from: leg.parent, fault, by: step)
            }
        }
        return Run(steps: path.steps, end: path.state(for: end), fault: real)
    }

    /// The successor of one node that became another one, in terms of the first.
    private func successor(
        of parent: StateTable.Node, _ step: Step?, leadingTo node: StateTable.Node
    ) -> (successor: SymbolicExpansion.Successor, renaming: Renaming?)? {
        var found: (successor: SymbolicExpansion.Successor, renaming: Renaming?)?
        let target = table.form(of: node)
        expansion.observing(
            state: state(of: parent),
            onSuccessor: { successor in
                guard found == nil, successor.step == step else { return }
                let (form, renaming) = representatives.representative(of: successor.state)
                if form == target { found = (successor, renaming) }
            })
        return found
    }

    private func choice(_ step: Step, _ variables: [Term], _ solver: Solver) -> Term? {
        guard let choice = step.choice, TermValue(bits: choice).isTerm else { return nil }
        return term(normalization.terms.expression(of: TermValue(bits: choice)), variables, solver)
    }

    private func assert(_ constraints: ConstraintSet, _ variables: [Term], _ solver: Solver) {
        for constraint in constraints.all {
            solver.assert(term(constraint, variables, solver) .<= solver.integer(0))
        }
    }
}

/// Why there are no numbers for the terms along a path: a fault of the engine, or no answer of Z3.
public enum ConcretizationError: Error, CustomStringConvertible {
    /// A fault of the engine.
    case lost
    /// Z3 gave no answer; why, in its words.
    case unknown(String)

    public var description: String {
        switch self {
        case .lost: "no numbers were found for the values on the way to a violation"
        case .unknown(let reason): "Z3 found no numbers for the values on the way to a violation: \(reason)"
        }
    }
}
