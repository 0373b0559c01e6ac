import Automata
import TestSupport
import Testing

/// How large automata of well known formulas are.
struct AutomatonSizeTests {
    /// Specification patterns of Dwyer, Avrunin and Corbett (ICSE 1999), and formulas of Etessami and Holzmann and of Somenzi and
    /// Bloem, each with the number of states of the automaton for its negation that Spot's own regression tests record.
    static let patterns: [(formula: String, published: Int)] = [
        // Absence of p: always, before r, after q, between q and r, after q until r.
        ("[]!p", 2), ("<>r -> !p U r", 3), ("[](q -> []!p)", 3), ("[](q && !r && <>r -> !p U r)", 4),
        ("[](q && !r -> !p W r)", 3),
        // Existence of p.
        ("<>p", 1), ("!r W (p && !r)", 2), ("[]!q || <>(q && <>p)", 2), ("[](q && !r -> !r W (p && !r))", 3),
        ("[](q && !r -> !r U (p && !r))", 3),
        // At most two stretches of p.
        ("!p W (p W (!p W (p W []!p)))", 6), ("<>q -> !q U (q && (!p W (p W (!p W (p W []!p)))))", 7),
        // Universality of p.
        ("[]p", 2), ("<>r -> p U r", 3), ("[](q && !r -> p W r)", 3),
        // s precedes p.
        ("!p W s", 2), ("<>r -> !p U (s || r)", 3), ("[]!q || <>(q && (!p W s))", 3),
        ("[](q && !r && <>r -> !p U (s || r))", 4), ("[](q && !r -> !p W (s || r))", 3),
        // s responds to p.
        ("[](p -> <>s)", 2), ("<>r -> (p -> !r U (s && !r)) U r", 3), ("[](q -> [](p -> <>s))", 3),
        ("[](q && !r && <>r -> (p -> !r U (s && !r)) U r)", 4), ("[](q && !r -> ((p -> !r U (s && !r)) W r))", 4),
        // s, then t precede or respond to p, or p responds to them.
        ("<>p -> !p U (s && !p && X (!p U t))", 3), ("<>(s && X <>t) -> !s U p", 3),
        ("[](s && X <>t -> X <>(t && <>p))", 3), ("[](p -> <>(s && X <>t))", 3),
        // Nested and fair ones.
        ("p U (q && []r)", 4), ("p U (q && X (r U s))", 4), ("<>(p && X (q && X <>r))", 3), ("<>[]p || []<>q", 2),
        ("[](p -> q U r)", 3), ("[](p && X <>(q && X <>(r && X <>s)))", 5), ("[]<>p && []<>q && []<>r && []<>s && []<>t", 6),
        ("[](p -> q U ([]r || []s))", 6), ("[]<>p -> []<>q", 2), ("<>p U []q", 2), ("[]p U q", 3),
    ]

    @Test("an automaton is not larger than the published one", arguments: patterns)
    func negations(formula: String, published: Int) throws {
        let automaton = try BuchiTranslation.automaton(for: .not(.reading(formula)))
        #expect(automaton.edges.count <= published, "\(automaton)")
    }

    @Test(
        "small formulas have the automata that one would draw",
        arguments: [
            ("[]p", 1, 1, 0), ("<>p", 2, 3, 1), ("p U q", 2, 3, 1), ("p W q", 2, 3, 0), ("X p", 3, 3, 0), ("[]<>p", 1, 2, 1),
            ("<>[]p", 2, 3, 1), ("!([](p -> <>q))", 2, 3, 1), ("!([]<>p -> []<>q)", 2, 4, 1), ("[]<>p -> []<>q", 3, 5, 1),
            ("p U (q U r)", 3, 6, 1), ("[]<>p && []<>q", 1, 4, 2), ("true", 1, 1, 0), ("p && !p", 0, 0, 0),
            ("[]p && <>!p", 0, 0, 0), ("[]p && X <>!p", 0, 0, 0), ("<>p || []!p", 1, 1, 0), ("<><>[]<>p", 1, 2, 1),
            ("[](p && X q)", 2, 2, 0),
        ])
    func drawn(formula: String, states: Int, edges: Int, marks: Int) throws {
        let automaton = try BuchiTranslation.automaton(for: .reading(formula))
        #expect([automaton.edges.count, automaton.edgeCount, automaton.markCount] == [states, edges, marks], "\(automaton)")
    }

    @Test("five assumptions of fairness are translated at once")
    func fairResponse() throws {
        let fairness = (0..<5).map { LinearFormula.always(.eventually(.proposition($0))) }
        let response = LinearFormula.always(.implies(.proposition(5), .eventually(.proposition(6))))
        let formula = LinearFormula.not(.implies(fairness.dropFirst().reduce(fairness[0]) { .and($0, $1) }, response))
        var automaton: GeneralizedBuchiAutomaton?
        let time = try processorTime { automaton = try BuchiTranslation.automaton(for: formula) }
        // It takes some 30 ms in a debug build.
        #expect(time < .seconds(1))
        #expect(automaton?.edges.count == 2)
        #expect(automaton?.markCount == 5)
    }

    @Test("what would be too large is refused, and says which limit it is")
    func limits() throws {
        func error(_ formula: LinearFormula) -> BuchiTranslationError? {
            #expect(throws: BuchiTranslationError.self) { try BuchiTranslation.automaton(for: formula) }
        }
        func conjunction(_ count: Int, _ part: (Int) -> LinearFormula) -> LinearFormula {
            (1..<count).reduce(part(0)) { .and($0, part($1)) }
        }
        #expect(error(.always(.proposition(64))) == .tooManyPropositions)
        #expect(error(conjunction(13) { .always(.eventually(.proposition($0))) }) == .tooLarge)
        let delayed = (0..<130).reduce(LinearFormula.proposition(0)) { formula, _ in .next(formula) }
        #expect(error(delayed) == .tooManyOperators)
        let chain = (0..<65).reduce(LinearFormula.proposition(0)) { formula, index in
            .until(.proposition(index % 3 + 1), .next(formula))
        }
        #expect(error(chain) == .tooManyMarks)
    }

    @Test("an automaton can be read")
    func description() throws {
        let automaton = try BuchiTranslation.automaton(for: .reading("p U !q"))
        let names = ["p", "q"]
        #expect(
            automaton.description { names[$0] } == """
                2 states, 3 edges, 1 marks
                > 0
                      !q -> 1
                      p -> 0
                  1 *
                      true -> 1 {0}
                """)
    }
}
