/// A formula of linear temporal logic over numbered propositions.
public indirect enum LinearFormula: Hashable, Sendable {
    case constant(Bool)
    /// A proposition by its position in a `PropositionTable`.
    case proposition(Int)
    case not(LinearFormula)
    case and(LinearFormula, LinearFormula)
    case or(LinearFormula, LinearFormula)
    case implies(LinearFormula, LinearFormula)
    case equivalent(LinearFormula, LinearFormula)
    case always(LinearFormula)
    case eventually(LinearFormula)
    case next(LinearFormula)
    case until(LinearFormula, LinearFormula)
    case weakUntil(LinearFormula, LinearFormula)
    case release(LinearFormula, LinearFormula)
}
