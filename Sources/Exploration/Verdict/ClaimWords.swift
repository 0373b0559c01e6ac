import Automata
import Promela

extension Claim {
    /// What is wrong with a run that breaks the claim.
    /// - Parameter isEndless: whether it takes the whole run, which goes on for ever.
    package func message(in program: Program, isEndless: Bool) -> String {
        switch self {
        case .formula(let index): "`\(program.formulaText(index))` is not true of every run"
        case .neverClaim: isEndless ? "a run is matched by the claim for ever" : "a run is matched by the claim: it reaches its end"
        case .acceptance: "a run goes through an accept label for ever"
        case .progress: "a run goes on for ever without passing a progress label again"
        }
    }

    /// Where the claim is written; for one of labels, the first process type.
    package func span(in program: Program) -> Span {
        switch self {
        case .formula(let index): program.formulas[index].span
        case .neverClaim(let index): program.neverClaims[index].span
        case .acceptance, .progress: program.proctypes.first?.span ?? Span(file: FileID(0), start: 0, end: 0)
        }
    }
}
