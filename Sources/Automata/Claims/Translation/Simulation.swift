/// Direct simulation: which states can answer every move of which others, with a letter that asks for no more and with at
/// least the same marks, for ever.
///
/// Merging states that simulate each other, and leaving out what something else simulates, are those of Somenzi and Bloem,
/// "Efficient Büchi Automata from LTL Formulae" (CAV 2000).
struct Simulation {
    private let automaton: GeneralizedBuchiAutomaton
    /// For each state, whether each state simulates it.
    private var isSimulated: [[Bool]]

    init(_ automaton: GeneralizedBuchiAutomaton) {
        self.automaton = automaton
        // A state that accepts everything is only simulated by its like, so that it is reached no later in the smaller automaton.
        isSimulated = automaton.acceptsEverything.map { isTop in automaton.acceptsEverything.map { $0 || !isTop } }
        let count = automaton.edges.count
        var isChanging = true
        while isChanging {
            isChanging = false
            for state in 0..<count {
                for other in 0..<count where isSimulated[state][other] && !answersMoves(other, of: state) {
                    isSimulated[state][other] = false
                    isChanging = true
                }
            }
        }
    }

    private func answersMoves(_ other: Int, of state: Int) -> Bool {
        other == state || automaton.edges[state].allSatisfy { isAnswered($0, by: automaton.edges[other]) }
    }

    /// Whether, whatever the letter, some of the edges is as good as this one.
    private func isAnswered(
        _ edge: GeneralizedBuchiAutomaton.Edge, by edges: some Sequence<GeneralizedBuchiAutomaton.Edge>
    ) -> Bool {
        var better: [GeneralizedBuchiAutomaton.Edge] = []
        for other in edges where edge.marks & ~other.marks == 0 && isSimulated[edge.target][other.target] {
            // Mostly one edge is enough.
            if other.positive & ~edge.positive == 0 && other.negative & ~edge.negative == 0 { return true }
            better.append(other)
        }
        return better.count > 1 && Self.areCovered(positive: edge.positive, negative: edge.negative, by: better)
    }

    /// Whether one of the edges can be taken on each letter that makes some propositions true and others false.
    private static func areCovered(
        positive: UInt64, negative: UInt64, by edges: [GeneralizedBuchiAutomaton.Edge]
    ) -> Bool {
        let possible = edges.filter { $0.positive & negative == 0 && $0.negative & positive == 0 }
        var open: UInt64 = 0
        for edge in possible {
            let asked = (edge.positive & ~positive) | (edge.negative & ~negative)
            if asked == 0 { return true }
            open |= asked
        }
        guard open != 0 else { return false }
        let proposition = open & ~(open - 1)
        return areCovered(positive: positive | proposition, negative: negative, by: possible)
            && areCovered(positive: positive, negative: negative | proposition, by: possible)
    }

    /// The automaton in which states that simulate each other are one, without the edges and initial states that are simulated by
    /// others.
    func quotient() -> GeneralizedBuchiAutomaton {
        let representative = automaton.edges.indices.map { state in
            automaton.edges.indices.first { isSimulated[state][$0] && isSimulated[$0][state] } ?? state
        }
        var smaller = automaton
        for state in automaton.edges.indices {
            var edges = automaton.edges[state].map { $0.leading(to: representative[$0.target]) }.withoutRepetition
            // One after the other, so that edges that answer each other are not both left out.
            for edge in edges where isAnswered(edge, by: edges.lazy.filter { $0 != edge }) { edges.removeAll { $0 == edge } }
            smaller.edges[state] = edges
            if automaton.acceptsEverything[state] { smaller.acceptsEverything[representative[state]] = true }
        }
        let starts = automaton.initialStates.map { representative[$0] }.withoutRepetition
        smaller.initialStates = starts.filter { start in !starts.contains { $0 != start && isSimulated[start][$0] } }
        return smaller
    }
}
