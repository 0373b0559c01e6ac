import Automata

/// What comes after a symbolic state.
struct ExpandedState: Sendable {
    enum Event: Sendable {
        /// A state in normal form, and the step into it; nil where only control was lost.
        case successor(NormalForm, Step?)
        /// What goes wrong in a step, in terms of the state's variables.
        case fault(Fault, Step, ConstraintSet)
        /// Where nothing can move, but not every process may stay where it is.
        case blocked(ConstraintSet)
    }

    /// In the order in which they were found.
    var events: [Event] = []
    /// What the engine cannot work with.
    var unsupported: (reason: String, place: TermPlace)?
}

/// Finds what comes after symbolic states, with an interpreter and a solver of its own: each thread has one.
final class StateExpander {
    let solver: ConstraintSolver
    let oracle: DecisionOracle
    let expansion: SymbolicExpansion
    let normalization: Normalization
    let representatives: Representatives

    /// - Parameters:
    ///   - terms: no other expander's.
    ///   - timeLimit: milliseconds for each question to Z3.
    ///   - usesSymmetry: whether one state may stand for all that differ from it only in who is who.
    init(_ system: System, terms: TermTable, timeLimit: Int?, usesSymmetry: Bool = false) {
        solver = ConstraintSolver(timeLimit: timeLimit)
        oracle = DecisionOracle(terms: terms, solver: solver)
        expansion = SymbolicExpansion(system, oracle)
        normalization = Normalization(terms: terms, layout: TermLayout(system))
        representatives = Representatives(normalization: normalization, symmetry: usesSymmetry ? Symmetry(system) : nil)
        expansion.generator.notesWrapAround = true
        oracle.onWrap = { [unowned expansion] place in expansion.generator.noteWrapAround(at: place) }
    }

    /// Bytes that what is remembered takes, about.
    var byteCount: Int { normalization.terms.byteCount + solver.byteCount }

    /// What comes after a state.
    func expand(_ form: NormalForm) -> ExpandedState {
        let state = normalization.state(form)
        var events: [ExpandedState.Event] = []
        expansion.onSuccessor = { [representatives] in events.append(.successor(representatives.form(of: $0.state), $0.step)) }
        expansion.onFault = { events.append(.fault($0, $1, $2)) }
        expansion.onBlocked = { [unowned expansion] constraints in
            if !expansion.isValidEnd(state.bytes) { events.append(.blocked(constraints)) }
        }
        expansion.expand(state)
        defer { oracle.unsupported = nil }
        return ExpandedState(events: events, unsupported: oracle.unsupported)
    }
}
