import Automata

extension GeneralizedBuchiAutomaton {
    /// Whether the automaton accepts a word: by the fixpoint of Emerson and Lei (1986) on its product with the word.
    func accepts(_ word: LassoWord) -> Bool {
        let length = word.letters.count
        // Without marks every infinite run is accepted, as if there were one mark on every edge.
        let marks = markCount == 0 ? [UInt64(0)] : (0..<markCount).map { 1 << UInt64($0) }
        func successor(_ position: Int) -> Int { position + 1 < length ? position + 1 : word.loopStart }
        func moves(_ node: Int) -> [(target: Int, marks: UInt64)] {
            let position = node % length
            return edges[node / length].filter { $0.matches(word.letters[position]) }.map {
                ($0.target * length + successor(position), $0.marks)
            }
        }
        let moves = (0..<edges.count * length).map(moves)
        var alive = Set(moves.indices)
        while true {
            let before = alive.count
            for mark in marks {
                var reaching = Set<Int>()
                var isGrowing = true
                while isGrowing {
                    isGrowing = false
                    for node in alive where !reaching.contains(node) {
                        let isReaching = moves[node].contains {
                            alive.contains($0.target) && ($0.marks & mark == mark || reaching.contains($0.target))
                        }
                        if isReaching {
                            reaching.insert(node)
                            isGrowing = true
                        }
                    }
                }
                alive = reaching
            }
            if alive.count == before { break }
        }
        return initialStates.contains { alive.contains($0 * length) }
    }

    /// Whether these letters can lead to a state that accepts everything.
    func isDecided(by letters: some Sequence<UInt64>) -> Bool {
        var current = Set(initialStates)
        for letter in letters {
            current = Set(current.flatMap { edges[$0] }.filter { $0.matches(letter) }.map(\.target))
        }
        return current.contains { acceptsEverything[$0] }
    }
}
