import Automata
import TestSupport
import Testing

/// What automata of formulas accept, compared with what the formulas mean.
struct BuchiTranslationTests {
    /// How many formulas of which depth: deep ones have large automata.
    static let samples = [(depth: 1, count: 100), (2, 700), (3, 700), (4, 250), (5, 60)]

    @Test("an automaton accepts the words that satisfy its formula, and that of the negation the others", arguments: samples)
    func language(depth: Int, count: Int) throws {
        var random = RandomFormulas(seed: UInt64(depth))
        for number in 0..<count {
            random.propositions = 1 + number % 4
            let formula = random.formula(depth: depth)
            let automaton = try BuchiTranslation.automaton(for: formula)
            let negation = try BuchiTranslation.automaton(for: .not(formula))
            for (state, edges) in automaton.edges.enumerated() where automaton.acceptsEverything[state] {
                let loop = GeneralizedBuchiAutomaton.Edge(positive: 0, negative: 0, target: state, marks: automaton.allMarks)
                #expect(edges == [loop], "\(formula)")
            }
            for _ in 0..<12 {
                let word = random.word()
                let isSatisfied = formula.values(on: word)[0]
                #expect(automaton.accepts(word) == isSatisfied, "\(formula) on \(word)")
                #expect(negation.accepts(word) != isSatisfied, "not \(formula) on \(word)")
            }
        }
    }

    @Test("a prefix that violates a safety formula is one after which the automaton accepts everything", arguments: samples)
    func informativePrefixes(depth: Int, count: Int) throws {
        var random = RandomFormulas(seed: UInt64(depth) + 1_000)
        for number in 0..<count / 2 {
            random.propositions = 1 + number % 4
            let formula = random.safety(depth: depth)
            #expect(formula.isSyntacticSafety, "\(formula)")
            let automaton = try BuchiTranslation.automaton(for: .not(formula))
            for _ in 0..<4 {
                let word = random.word()
                let loop = word.letters[word.loopStart...]
                var letters = word.letters
                // Long enough for every obligation to come round at every place of the loop.
                for _ in 0..<8 { letters += loop }
                var isViolated = false
                for length in 0...letters.count {
                    isViolated = formula.isViolated(byPrefix: Array(letters.prefix(length)))
                    #expect(automaton.isDecided(by: letters.prefix(length)) == isViolated, "\(formula) on \(word), \(length)")
                    if isViolated { break }
                }
                #expect(formula.values(on: word)[0] == !isViolated, "\(formula) on \(word)")
            }
        }
    }
}
