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
        let count = automaton.edges.count
        isSimulated = Array(repeating: Array(repeating: true, count: count), count: count)
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
        other == state
            || automaton.edges[state].allSatisfy { edge in automaton.edges[other].contains { answers($0, to: edge) } }
    }

    private func answers(_ edge: GeneralizedBuchiAutomaton.Edge, to other: GeneralizedBuchiAutomaton.Edge) -> Bool {
        edge.positive & ~other.positive == 0 && edge.negative & ~other.negative == 0 && other.marks & ~edge.marks == 0
            && isSimulated[other.target][edge.target]
    }

    /// The automaton in which states that simulate each other are one, without the edges and initial states that are simulated by
    /// others.
    func quotient() -> GeneralizedBuchiAutomaton {
        let representative = automaton.edges.indices.map { state in
            automaton.edges.indices.first { isSimulated[state][$0] && isSimulated[$0][state] } ?? state
        }
        var smaller = automaton
        for state in automaton.edges.indices {
            let edges = automaton.edges[state].map { $0.leading(to: representative[$0.target]) }.withoutRepetition
            smaller.edges[state] = edges.filter { edge in !edges.contains { $0 != edge && answers($0, to: edge) } }
            if automaton.acceptsEverything[state] { smaller.acceptsEverything[representative[state]] = true }
        }
        let starts = automaton.initialStates.map { representative[$0] }.withoutRepetition
        smaller.initialStates = starts.filter { start in !starts.contains { $0 != start && isSimulated[start][$0] } }
        return smaller
    }
}
