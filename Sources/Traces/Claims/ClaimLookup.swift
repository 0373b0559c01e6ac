import Automata
import Promela

/// Finds the claim that a trace is about in a model that may have been edited since.
struct ClaimLookup {
    let program: Program

    /// The claim; nil if the model no longer has it.
    func claim(of violation: Trace.Violation) -> Claim? {
        switch violation.cause {
        case .formulaViolated: formula(named: violation.claim, reading: violation.subject).map { .formula($0) }
        case .claimMatched: neverClaim(named: violation.claim).map { .neverClaim($0) }
        case .acceptanceCycle: .acceptance
        case .nonProgressCycle: .progress
        default: nil
        }
    }

    /// By its name, or, if it has none, by its text, or as the only one without a name.
    private func formula(named name: String?, reading text: String?) -> Int? {
        let formulas = program.formulas
        if let name { return formulas.firstIndex { $0.name == name } }
        let unnamed = formulas.indices.filter { formulas[$0].name.isEmpty }
        return unnamed.first { FormulaText(formulas[$0], of: program).whole == text }
            ?? (unnamed.count == 1 ? unnamed[0] : nil)
    }

    private func neverClaim(named name: String?) -> Int? {
        if let name { return program.neverClaims.firstIndex { $0.name == name } }
        return program.neverClaims.count == 1 ? 0 : nil
    }

    /// What is missing, in words.
    func absence(of violation: Trace.Violation) -> String {
        let kind = violation.cause == .claimMatched ? "never claim" : "formula"
        let name = violation.claim ?? violation.subject
        return "the model no longer has \(name.map { "the \(kind) `\($0)`" } ?? "this \(kind)")"
    }
}
