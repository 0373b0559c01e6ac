import Promela

/// One of the conditions that all have to hold for a transition to be possible: where a guard is false, one of them is, and it is
/// enough to look for what may make that one true.
struct GuardCondition: Sendable {
    var expression: Expression
    /// The address of the code that computes it.
    var entry: Int
}

extension Expression {
    /// The expressions that are all true where this one is, and of which one is false where it is false.
    var conjuncts: [Expression] {
        switch kind {
        case .binary(.and, let left, let right): left.conjuncts + right.conjuncts
        case .constant(let value) where value != 0: []
        default: [self]
        }
    }
}

extension ControlFlowAutomaton.Action {
    /// The expression that says whether it is possible, if there is one and it has no effects.
    func condition(in automaton: ControlFlowAutomaton) -> Expression? {
        let statement: Statement
        switch self {
        case .statement(let own): statement = own
        case .deterministicStep(let index):
            let step = automaton.deterministicSteps[index]
            guard let first = step.first, case .statement(let own, _) = step.nodes[first] else { return nil }
            statement = own
        case .skip, .otherwise, .end: return nil
        }
        guard case .condition(let expression) = statement.kind, !expression.hasSideEffect else { return nil }
        return expression
    }
}
