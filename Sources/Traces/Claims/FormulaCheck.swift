import Automata
import Promela

extension ClaimCheck {
    /// What makes a formula false on the run.
    func breach(ofFormula index: Int) throws(Intact) -> Breach {
        guard system.program.formulas.indices.contains(index) else { throw Intact(reason: "there is no formula \(index)") }
        let formula = system.program.formulas[index]
        var table = PropositionTable()
        let linear = LinearFormula(formula.root, of: system.program, propositions: &table)
        let evaluator = PropositionEvaluator(system, formula: index)
        let found = run.positions.map { evaluator.letter(of: $0.bytes, $0.circumstances) }
        let letters = found.map(\.bits)
        let isGiven = index >= system.program.formulas.count - givenFormulaCount
        let texts = FormulaText(formula, of: system.program)
        var breach = Breach(
            name: formula.name.isEmpty ? nil : formula.name, text: texts.whole,
            location: isGiven ? nil : WrittenText.location(of: formula.span, in: system.program.sources), explanation: [])
        // What has no value counts as false among the letters, and must not be taken for it.
        if run.loopStart == nil, let last = run.positions.last, let fault = found.last?.fault {
            breach.explanation = ["The formula is neither true nor false \(last.time): \(fault.message)"]
            return breach
        }
        guard isViolated(linear, on: letters) else {
            throw Intact(
                reason: run.loopStart == nil ? "the formula can still come true" : "the formula holds on this run")
        }
        let evaluated = EvaluatedFormula(
            formula.root, of: system.program, on: letters, loopStart: run.loopStart, table: table)
        // If what was seen by the time the last state is met is bad enough, it is of no interest that nothing can move there.
        let isBad =
            run.staysForEver
            && EvaluatedFormula(
                formula.root, of: system.program, on: letters.dropLast(), loopStart: nil, table: table
            ).values.first == false
        let explanation = FormulaExplanation(run: run, program: system.program, texts: texts)
        breach.explanation = [explained(explanation.text(for: evaluated), isBad: isBad)]
        return breach
    }

    private func explained(_ text: String?, isBad: Bool) -> String {
        guard let text else { return "However it goes on from here, the formula is false" }
        guard run.staysForEver, !isBad, let last = run.positions.last else { return text }
        return "Nothing can move any more \(last.time), and \(text)"
    }

    private func isViolated(_ formula: LinearFormula, on letters: [UInt64]) -> Bool {
        guard let loopStart = run.loopStart else { return formula.isViolated(byPrefix: letters) }
        return formula.values(on: LassoWord(letters: letters, loopStart: loopStart)).first == false
    }
}
