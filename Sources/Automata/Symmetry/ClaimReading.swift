import Promela

/// What a claim asks of states, as far as it can tell processes apart. The accept and progress labels of processes cannot: locations
/// that become each other have the same.
struct ClaimReading {
    let claim: Claim
    /// What its automaton reads, each by itself.
    let propositions: [Expression]
    /// The largest parts of a formula that have no temporal operator. Whether the formula is true of a run depends on their values alone
    /// (Emerson and Sistla, "Symmetry and model checking", 1996), as long as no proposition can fail; nil if one can, or there is no formula.
    let conditions: [Expression]?

    init(_ claim: Claim, of system: System) {
        self.claim = claim
        switch claim {
        case .formula(let index):
            propositions = system.formulas[index].propositions.expressions
            let canFail = propositions.contains { $0.mayFault(in: system.program) }
            conditions = canFail ? nil : system.program.formulas[index].root.conditions
        case .neverClaim(let index):
            let code = system.neverClaims[index]
            var expressions: [Expression] = []
            for edge in code.outgoing.joined() {
                for statement in edge.action.statements(in: code.automaton) {
                    var roots = RootExpressions()
                    roots.visitParts(of: statement)
                    expressions += roots.found
                }
            }
            (propositions, conditions) = (expressions, nil)
        case .acceptance, .progress: (propositions, conditions) = ([], nil)
        }
    }

    /// An expression that some are told apart by; nil if they are not.
    /// - Parameter distinguishes: whether an expression means something else of them.
    func distinction(_ distinguishes: (Expression) -> Bool) -> Expression? {
        guard let proposition = propositions.first(where: distinguishes) else { return nil }
        guard let conditions else { return proposition }
        return conditions.first(where: distinguishes)
    }
}

/// The expressions that a statement consists of, each as a whole.
private struct RootExpressions: ProgramVisitor {
    private(set) var found: [Expression] = []

    mutating func visit(_ expression: Expression) { found.append(expression) }
}
