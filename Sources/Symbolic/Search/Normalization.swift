import Automata

/// Brings symbolic states to a form in which the same set of states is, mostly, the same value: each variable is the value of a
/// place in the vector, numbered in the order of the places, and of other variables nothing is left.
struct Normalization {
    let terms: TermTable
    let layout: TermLayout

    func normalize(_ state: SymbolicState) -> SymbolicState {
        var elimination = VariableElimination(state.constraints)
        var result = state
        for offset in layout.offsets(in: state.bytes) {
            let value = state.bytes.value(at: offset)
            guard value.isTerm else { continue }
            let kept = elimination.keep(terms.expression(of: value))
            result.bytes.setValue(terms.value(of: kept), at: offset)
        }
        result.constraints = elimination.finish()
        return result
    }
}
