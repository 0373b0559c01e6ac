import Automata
import Testing

/// Which formulas are safety by their syntax, and when a prefix violates one.
struct LinearFormulaSafetyTests {
    @Test(
        "a formula is safety where nothing has to come about",
        arguments: [
            ("[]p", true), ("p W q", true), ("p V q", true), ("X p", true), ("!(p U q)", true), ("!<>p", true), ("p", true),
            ("[](p -> X (q W r))", true), ("[](<>p -> q)", true), ("[]p <-> true", true), ("<>p", false), ("p U q", false),
            ("[](p -> <>q)", false), ("!(p W q)", false), ("[]p <-> q", false), ("[]<>p", false), ("<>p || !<>p", true),
        ])
    func syntax(formula: String, isSafety: Bool) throws {
        #expect(try LinearFormula.reading(formula).isSyntacticSafety == isSafety)
    }

    @Test(
        "a prefix violates a formula from the letter on that decides it",
        arguments: [
            ("[]p", [1, 1, 0], 3), ("p W q", [1, 1, 0], 3), ("p W q", [1, 2, 0], nil), ("X X p", [0, 0, 0, 0], 3),
            ("[](p -> X q)", [1, 3, 0], 3), ("[](p -> X q)", [1, 2, 0], nil), ("p U q", [1, 0], 2), ("<>p", [0, 0, 0], nil),
            ("[](p -> <>q)", [1, 1], nil), ("p && !p", [], 0), ("X p && X !p", [0], 0), ("p V q", [2, 2, 0], 3),
            ("p V q", [1], 1), ("p V q", [2, 3, 0], nil),
        ] as [(String, [UInt64], Int?)])
    func prefixes(formula: String, letters: [UInt64], expected: Int?) throws {
        let formula = try LinearFormula.reading(formula)
        let first = (0...letters.count).first { formula.isViolated(byPrefix: Array(letters.prefix($0))) }
        #expect(first == expected)
    }
}
