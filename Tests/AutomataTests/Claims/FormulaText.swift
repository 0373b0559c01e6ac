import Automata
import Promela
import Testing

extension LinearFormula {
    /// A formula as a model has it, over the variables `p`, `q`, `r`, `s` and `t`.
    static func reading(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> LinearFormula {
        let model = "bool p, q, r, s, t; active proctype P() { skip } ltl { \(text) }"
        let result = ModelReader.read(text: model, path: "model.pml")
        let program = try #require(
            result.program, "\(text): \(result.diagnostics.map(\.message))", sourceLocation: sourceLocation)
        var table = PropositionTable()
        return LinearFormula(program.formulas[0].root, of: program, propositions: &table)
    }
}
