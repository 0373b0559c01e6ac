import Automata

/// Symbolic states in normal form; where processes can change places, those of one that stands for all that come of that.
///
/// Names are known in every symbolic state, only numbers are not. So it is the bytes that decide who is to be exchanged, as in a state
/// that is known in full; where they leave it open, what is known of the values does. Whatever is chosen, it is one of the states that
/// become each other; choosing differently costs states only.
struct Representatives {
    let normalization: Normalization
    /// Nil where every state stands for itself.
    let symmetry: Symmetry?

    func form(of state: SymbolicState) -> NormalForm { representative(of: state).form }

    /// What stands for a state, and how that becomes it; nil if it is the state itself.
    func representative(of state: SymbolicState) -> (form: NormalForm, renaming: Renaming?) {
        // Within an atomic sequence nobody else moves, and the state is soon another.
        guard let symmetry, state.control == nil else { return (normalization.normalize(state), nil) }
        let renamings = symmetry.smallest(normalization.explicit(state).bytes)
        var best: (form: NormalForm, renaming: Renaming?) = (normalization.normalize(rename(state, by: renamings[0])), renamings[0])
        for renaming in renamings.dropFirst() {
            let form = normalization.normalize(rename(state, by: renaming))
            if form.precedes(best.form, normalization.terms) { best = (form, renaming) }
        }
        return best
    }

    /// The state with other names.
    func rename(_ state: SymbolicState, by renaming: Renaming?) -> SymbolicState {
        guard let symmetry, let renaming else { return state }
        var state = state
        state.bytes = symmetry.apply(renaming, to: state.bytes)
        state.control = state.control.map { renaming.pids[$0] }
        return state
    }
}

extension NormalForm {
    /// An order of no meaning among forms with the same explicit part.
    fileprivate func precedes(_ other: NormalForm, _ terms: TermTable) -> Bool {
        for (one, two) in zip(values, other.values) where one != two {
            let (left, right) = (terms.expression(of: one), terms.expression(of: two))
            if left != right { return left < right }
        }
        if constraints.zone != other.constraints.zone { return constraints.zone.precedes(other.constraints.zone) }
        return constraints.others.lexicographicallyPrecedes(other.constraints.others)
    }
}
