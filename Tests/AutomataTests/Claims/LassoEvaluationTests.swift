import Automata
import Testing

/// The meaning of each operator on small words, worked out by hand.
struct LassoEvaluationTests {
    @Test(
        "a formula is true where it should be",
        arguments: [
            // Each letter of the word lists the propositions that are true; the loop starts behind `|`.
            ("p", "p . | p q", "1010"), ("!p", "p . | p q", "0101"), ("X p", "p . | p q", "0101"), ("X p", ". | p", "11"),
            ("<>q", "p q | p", "110"), ("<>q", "q | p q", "111"), ("[]p", "p . | p p", "0011"), ("[]<>q", ". q | p q", "1111"),
            ("[]<>q", "q q | p", "000"), ("<>[]p", "p . | p", "111"), ("<>[]p", "p | p .", "000"), ("p U q", "p p | q .", "1110"),
            ("p U q", "p . | p", "000"), ("p U q", "| q p p", "111"), ("p W q", "p . | p", "001"), ("p W q", "p q | .", "110"),
            ("p V q", "q | q .", "000"), ("p V q", "q pq | .", "110"), ("p V q", ". | q", "01"), ("p -> q", "p q pq | .", "0111"),
            ("p <-> q", "p q pq | .", "0011"), ("p && q || !p", "p q pq | .", "0111"), ("false", "| p", "0"),
        ])
    func operators(formula: String, word: String, expected: String) throws {
        // All words speak of p and q, in that order, whichever the formula names first.
        let whole = try LinearFormula.reading("(p || !p) && (q || !q) -> (\(formula))")
        guard case .implies(_, let formula) = whole else { return #expect(Bool(false), "\(whole)") }
        let parts = word.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        let letters = parts.joined().map { UInt64(($0.contains("p") ? 1 : 0) + ($0.contains("q") ? 2 : 0)) }
        let values = formula.values(on: LassoWord(letters: letters, loopStart: parts[0].count))
        #expect(values.map { $0 ? "1" : "0" }.joined() == expected)
    }

    @Test("the values of every part of a formula are known")
    func parts() throws {
        let formula = try LinearFormula.reading("[](p -> <>q)")
        let evaluation = LassoEvaluation(formula, on: LassoWord(letters: [1, 2, 0], loopStart: 2))
        #expect(evaluation.values(of: formula) == [true, true, true])
        #expect(evaluation.values(of: try .reading("p -> <>q")) == [true, true, true])
        #expect(evaluation.values(of: .eventually(.proposition(1))) == [true, true, false])
        #expect(evaluation.values(of: .proposition(1)) == [false, true, false])
        #expect(evaluation.values(of: .next(.proposition(1))) == nil)
    }
}
