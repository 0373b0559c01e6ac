/// A formula whose propositions are compiled.
struct FormulaCode: Sendable {
    var formula: LinearFormula
    var propositions: PropositionTable
    /// The address of the code of each proposition.
    var entries: [Int]
}

/// A `never` claim as a control-flow automaton that moves by itself in each state.
struct NeverClaimCode: Sendable {
    var automaton: ControlFlowAutomaton
    /// The transitions that leave each location, in the order in which they are tried.
    var outgoing: [[System.Transition]]
}

extension System {
    /// The formula of an `ltl` block over its propositions.
    public func formula(_ index: Int) -> LinearFormula { formulas[index].formula }

    /// Whether every run that breaks an `ltl` block does so at one point, to be seen from its operators alone.
    public func isSyntacticSafety(formula: Int) -> Bool { formulas[formula].formula.isSyntacticSafety }
}
