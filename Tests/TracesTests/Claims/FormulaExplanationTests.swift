import Automata
import Promela
import TestSupport
import Testing

@testable import Traces

/// What is said of a formula that is false on a run.
@Suite struct FormulaExplanationTests {
    private static let model = """
        #define idle (!p && !q)
        #define response(one, other) [] (one -> <> other)
        #define always_quiet [] (p == 0)
        bool p;
        bool q;
        byte x;
        active proctype W() {
            do
            :: d_step { p = 0; q = 0 }
            :: d_step { p = 1; q = 0 }
            :: d_step { p = 0; q = 1 }
            :: d_step { p = 1; q = 1 }
            :: x++
            od
        }
        """

    /// A run on which the variables are as a word says: a group of `p` and `q` for each position, and `|` before the cycle.
    /// The first position is the initial state, in which both are false.
    private static func path(_ word: String, _ formula: String) throws -> (path: HandMadePath, loopStart: Int?) {
        var path = try HandMadePath(model, formulas: [formula])
        let parts = word.split(separator: "|", omittingEmptySubsequences: false)
        let stem = parts[0].split(separator: " ")
        let cycle = parts.count > 1 ? parts[1].split(separator: " ") : []
        let letters = (stem + cycle).dropFirst() + (cycle.first.map { [$0] } ?? [])
        for letter in letters {
            if letter == "x" {
                try path.take("W(0): x++")
            } else {
                try path.take("W(0): d_step { p = \(letter.prefix(1)); q = \(letter.suffix(1)) }")
            }
        }
        return (path, parts.count > 1 ? stem.count : nil)
    }

    @Test(arguments: [
        ("[] (p -> <> q)", "00 10 |00", "`p` holds after step 1, and `q` never holds from then on"),
        ("[] (p -> <> q)", "00 10 01 |10", "`p` holds after step 3, and `q` never holds from then on"),
        ("[] <> p", "00 10 |00", "`p` holds after step 1 for the last time"),
        ("[] <> p", "|00 01", "`p` never holds"),
        ("<> [] p", "00 |10 00", "`p` is false after step 2, in every turn of the cycle"),
        ("<> [] !p", "00 |10 00", "`p` holds after step 1, in every turn of the cycle"),
        ("<> p", "|00", "`p` never holds"),
        ("<> (p && q)", "|00 10", "`p && q` never holds"),
        ("[] !p", "00 01 10", "`p` holds after step 2"),
        ("[] (p == q)", "00 11 10", "`p == q` is false after step 2 (p is true, q is false)"),
        ("[] (x < 1)", "00 x", "`x < 1` is false after step 1 (x is 1)"),
        ("[] !(x == 1)", "00 x", "`x == 1` holds after step 1"),
        ("p", "00", "`p` is false in the initial state"),
        ("X p", "00 01", "`p` is false after step 1"),
        ("!p U q", "00 10", "`p` holds after step 1, and `q` did not hold before"),
        ("!p U q", "00 10 |01", "`p` holds after step 1, before `q` holds (after step 2)"),
        ("!p U q", "00 |10", "`p` holds after step 1, and `q` never holds"),
        ("!p U q", "|00", "`q` never holds"),
        ("!p W q", "00 10", "`p` holds after step 1, and `q` did not hold before"),
        ("p V !q", "00 01", "`q` holds after step 1, and `p` did not hold before"),
        ("[] (p -> q)", "00 10", "`p` holds after step 1, but `q` is false then"),
        ("[] (p -> X q)", "00 10 00", "`p` holds after step 1, and `q` is false after step 2"),
        ("([] <> p) -> ([] <> q)", "|00 10", "`p` holds after step 1, in every turn of the cycle, and `q` never holds"),
        ("!([] <> p)", "|00 10", "`p` holds after step 1, in every turn of the cycle"),
        ("([] !p) && (<> q)", "|00", "`q` never holds"),
        ("([] p) || (<> q)", "|00", "`p` is false in the initial state, and `q` never holds"),
        ("(<> p) <-> (<> q)", "|00 10", "`p` holds after step 1, and `q` never holds"),
        ("<> (p && X q)", "|00 10", "`p && X q` never becomes true"),
        ("[] idle", "00 11", "`idle` is false after step 1 (p is true, q is true)"),
        ("<> !idle", "|00", "`!idle` never holds"),
        ("response(p, q)", "00 |10", "`p` holds after step 1, and `q` never holds from then on"),
        ("always_quiet", "00 10", "`p == 0` is false after step 1 (p is true)"),
        ("[] ((p || q) -> <> idle)", "00 |10", "`p || q` holds after step 1 (p is true, q is false), and `idle` never holds from then on"),
    ]) func says(_ formula: String, _ word: String, _ explanation: String) throws {
        let (path, loopStart) = try Self.path(word, formula)
        let trace = try path.record(.formula(0), loopStart: loopStart)
        #expect(trace.violation.explanation == [explanation])
        #expect(trace.violation.subject == formula)
        #expect(trace.violation.location == nil, "a formula of the command line stands in no file")
    }

    // MARK: Random formulas

    private func formula(_ depth: Int, _ random: inout SplitMix64) -> String {
        func operand() -> String { formula(depth - 1, &random) }
        switch Int.random(in: 0..<(depth == 0 ? 3 : 14), using: &random) {
        case 0: return "p"
        case 1: return "q"
        case 2: return "(!p)"
        case 3: return "(\(operand()) && \(operand()))"
        case 4: return "(\(operand()) || \(operand()))"
        case 5: return "(\(operand()) -> \(operand()))"
        case 6: return "(\(operand()) <-> \(operand()))"
        case 7: return "(\(operand()) U \(operand()))"
        case 8: return "(\(operand()) W \(operand()))"
        case 9: return "(\(operand()) V \(operand()))"
        case 10: return "([] \(operand()))"
        case 11: return "(<> \(operand()))"
        case 12: return "(X \(operand()))"
        default: return "(!\(operand()))"
        }
    }

    private func letters(_ count: Int, _ random: inout SplitMix64) -> [UInt64] {
        (0..<count).map { _ in UInt64.random(in: 0...3, using: &random) }
    }

    /// The evaluation that explanations come from and the one that verifies are written independently.
    @Test func evaluationsAgree() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<400 {
            let text = formula(3, &random)
            let result = ModelReader.read(text: Self.model, options: ReadOptions(formulas: [text]))
            let program = try #require(result.program, "\(text): \(result.diagnostics.map(\.message))")
            var table = PropositionTable()
            let linear = LinearFormula(program.formulas[0].root, of: program, propositions: &table)
            func evaluated(_ letters: [UInt64], _ loopStart: Int?) -> EvaluatedFormula {
                EvaluatedFormula(program.formulas[0].root, of: program, on: letters, loopStart: loopStart, table: table)
            }
            for _ in 0..<20 {
                let prefix = letters(Int.random(in: 1...5, using: &random), &random)
                let word = LassoWord(letters: prefix, loopStart: Int.random(in: 0..<prefix.count, using: &random))
                #expect(evaluated(word.letters, word.loopStart).values == linear.values(on: word), "\(text)")
                // What is known of a prefix is so on every word that it begins.
                let known = evaluated(prefix, nil).values[0]
                if known == false { #expect(linear.isViolated(byPrefix: prefix), "\(text)") }
                let longer = prefix + letters(3, &random)
                let values = linear.values(on: LassoWord(letters: longer, loopStart: longer.count - 2))
                if let known { #expect(values[0] == known, "\(text)") }
            }
        }
    }

    /// Whatever the formula, something is said, and the trace can be drawn.
    @Test func alwaysSaysSomething() throws {
        var random = SplitMix64(seed: 11)
        var violated = 0
        for _ in 0..<120 {
            let text = formula(3, &random)
            let word = "00 10 |01 11 00"
            let (path, loopStart) = try Self.path(word, text)
            guard path.refusal(.formula(0), loopStart: loopStart) == nil else { continue }
            violated += 1
            let trace = try path.record(.formula(0), loopStart: loopStart)
            #expect(trace.violation.explanation.count == 1 && !trace.violation.explanation[0].isEmpty)
            for format in TraceFormat.allCases { #expect(!format.render(trace).isEmpty) }
        }
        #expect(violated > 20)
    }
}
