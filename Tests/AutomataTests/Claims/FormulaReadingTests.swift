import Automata
import Promela
import TestSupport
import Testing

/// How formulas of a program are taken apart into propositions, and written down again.
struct FormulaReadingTests {
    private static let declarations = """
        typedef Pair { byte f[2] }
        bool p, q, r; byte a[3], i, x, y; Pair pair[2]; chan c = [1] of { byte };
        active proctype P() { byte own; cs: skip }

        """

    private func read(_ formula: String) throws -> (formula: LinearFormula, propositions: [String]) {
        let result = ModelReader.read(text: Self.declarations + "ltl { \(formula) }", path: "model.pml")
        let program = try #require(result.program, "\(result.diagnostics.map(\.message))")
        var table = PropositionTable()
        let formula = LinearFormula(program.formulas[0].root, of: program, propositions: &table)
        return (formula, table.expressions.map { program.description(of: $0, in: nil) })
    }

    @Test(
        "operators are taken out of expressions, but those that keep their right side from a fault",
        arguments: [
            ("[](p && q)", ["p", "q"]), ("[]!(p || !p)", ["p"]), ("[](x == 1 && p)", ["x == 1", "p"]),
            ("[](i < 3 && a[i] == 1)", ["i < 3 && a[i] == 1"]), ("[](i >= 3 || a[i] == 1)", ["i >= 3 || a[i] == 1"]),
            ("[](a[2] == 1 && a[i] == 1 && p)", ["a[2] == 1 && a[i] == 1", "p"]), ("[](p && a[2] == 1)", ["p", "a[2] == 1"]),
            ("[](a[i] == 1 && p)", ["a[i] == 1", "p"]), ("[](p && pair[1].f[0] == x)", ["p", "pair[1].f[0] == x"]),
            ("[](p && pair[i].f[1] == x)", ["p && pair[i].f[1] == x"]),
            ("[](p && pair[1].f[i] == x)", ["p && pair[1].f[i] == x"]),
            ("[](y != 0 && x / y == 2)", ["y != 0 && x / y == 2"]), ("[](p && x % 2 == 1)", ["p", "x % 2 == 1"]),
            ("[](p && len(c) == 0)", ["p && len(c) == 0"]), ("[](p && empty(c))", ["p && empty(c)"]),
            ("[](p && c?[1])", ["p && c?[1]"]), ("[](p && P@cs)", ["p", "P@cs"]),
            ("[](P@cs && P:own == 1)", ["P@cs && P:own == 1"]), ("[](p && (q -> a[i] == 1))", ["p && (!q || a[i] == 1)"]),
            ("[](i < 3 -> a[i] == 1)", ["!(i < 3) || a[i] == 1"]), ("[](i < 3 -> <>(a[i] == 1))", ["i < 3", "a[i] == 1"]),
            ("[](p -> q)", ["p", "q"]), ("p && (q <-> a[i] == 1)", ["p && !q == !(a[i] == 1)"]), ("true U p", ["p"]),
        ])
    func propositions(formula: String, expected: [String]) throws {
        #expect(try read(formula).propositions == expected)
    }

    @Test("alike propositions are one, wherever they stand")
    func sharing() throws {
        let (formula, propositions) = try read("[](x == 1 -> <>!(x == 1))")
        #expect(propositions == ["x == 1"])
        #expect(formula == .always(.implies(.proposition(0), .eventually(.not(.proposition(0))))))
    }

    @Test(
        "a formula is written with the parentheses that it needs",
        arguments: [
            "[]p", "<>p", "[]<>p", "![]p", "!p", "X p", "X X p", "[]X p", "p U q", "p W q", "p V q", "(p U q) U r", "p U (q U r)",
            "p && q && r", "p || q && r",
            "(p || q) && r", "p -> q", "p <-> q", "(p -> q) -> r", "p -> (q -> r)", "[](p -> <>q)",
            "!(p && q)", "p U q && r", "p U (q && r)", "[](x == 1)", "x == 1 && p", "x == 1 U p", "[](i < 3 && a[i] == 1)",
            "(i < 3 && a[i] == 1) U p", "a[1] U p", "[](x == 1 -> <>(y == 2)) && q", "true U p", "p || false U q", "!(!p)",
            "!(!(!p))",
        ])
    func description(text: String) throws {
        let (formula, propositions) = try read(text)
        #expect(formula.description { propositions[$0] } == text)
    }

    @Test("what is written means the same when it is read again")
    func roundTrip() throws {
        var random = RandomFormulas(seed: 7, propositions: 3)
        let names = ["p", "q", "r"]
        for _ in 0..<300 {
            let formula = random.formula(depth: 4)
            let text = formula.description { names[$0] }
            let (again, propositions) = try read(text)
            let positions = propositions.map { names.firstIndex(of: $0) }
            for _ in 0..<10 {
                let word = random.word()
                let renamed = LassoWord(
                    letters: word.letters.map { letter in
                        positions.enumerated().reduce(0) { result, entry in
                            result | (letter >> UInt64(entry.element ?? 0) & 1) << UInt64(entry.offset)
                        }
                    }, loopStart: word.loopStart)
                #expect(again.values(on: renamed) == formula.values(on: word), "\(text)")
            }
        }
    }
}
