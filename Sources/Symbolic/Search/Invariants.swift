import Promela

extension Program {
    /// Whether an `ltl` block says `[] p`, where `p` speaks of single states: then it is broken in one state or not at all.
    func isInvariant(_ index: Int) -> Bool {
        guard case .always(let operand) = formulas[index].root else { return false }
        return operand.isOfOneState
    }
}

extension Formula.Node {
    fileprivate var isOfOneState: Bool {
        switch self {
        case .proposition, .not, .and, .or, .implies, .equivalent: operands.allSatisfy(\.isOfOneState)
        case .always, .eventually, .next, .until, .weakUntil, .release: false
        }
    }
}
