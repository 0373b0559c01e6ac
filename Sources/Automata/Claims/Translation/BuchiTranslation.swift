/// Why a formula has no automaton.
public enum BuchiTranslationError: Error, Hashable, Sendable {
    /// The formula has propositions beyond `PropositionTable.limit`.
    case tooManyPropositions
    /// More promises (right operands of `U` and operands of `<>`) would have to be kept than there are marks: 64.
    case tooManyMarks
    /// More than 128 parts of the formula would have to be remembered from letter to letter.
    case tooManyOperators
    /// The automaton has more than `BuchiTranslation.stateLimit` states or `BuchiTranslation.edgeLimit` edges, or one state more
    /// than `BuchiTranslation.degreeLimit` edges.
    case tooLarge
}

/// From formulas of linear temporal logic to automata.
public enum BuchiTranslation {
    /// The most states that are looked at, before equivalent ones are merged.
    public static let stateLimit = 100_000
    /// The most edges that are looked at, before any are left out that others answer.
    public static let edgeLimit = 500_000
    /// The most edges that leave one state: as many as a conjunction of twelve `[]<>p` needs.
    public static let degreeLimit = 4_096

    /// An automaton that accepts exactly the infinite words that satisfy the formula.
    ///
    /// To look for violations, negate the formula. The same formula always gives the same automaton. The formula is shortened
    /// (`NormalForms`), unfolded (`Tableau`), and the automaton made smaller (`AutomatonReduction`).
    ///
    /// If the negation of the formula is a syntactic safety formula, then a word has a prefix that decides that it is accepted
    /// exactly if it can lead to a state of `acceptsEverything`, and the shortest such prefix is the informative one
    /// (Kupferman and Vardi, "Model Checking of Safety Properties", 2001).
    /// - Throws: `BuchiTranslationError` if a limit is exceeded.
    public static func automaton(for formula: LinearFormula) throws -> GeneralizedBuchiAutomaton {
        var forms = NormalForms()
        let root = forms.both(formula).holds
        let late = try candidate(root, forms, splitsEarly: false)
        let early = try candidate(root, forms, splitsEarly: true)
        func size(_ automaton: GeneralizedBuchiAutomaton) -> (Int, Int) {
            (automaton.edges.count, automaton.edges.reduce(0) { $0 + $1.count })
        }
        return size(early) < size(late) ? early : late
    }

    private static func candidate(
        _ root: Int, _ forms: NormalForms, splitsEarly: Bool
    ) throws -> GeneralizedBuchiAutomaton {
        var tableau = Tableau(forms, splitsEarly: splitsEarly)
        return AutomatonReduction.reduced(try tableau.automaton(of: root))
    }
}
