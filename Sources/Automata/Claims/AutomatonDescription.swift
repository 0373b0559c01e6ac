extension GeneralizedBuchiAutomaton: CustomStringConvertible {
    /// The automaton as text, a line for each state and edge, with propositions `p0`, `p1` and so on.
    public var description: String { description { "p\($0)" } }

    /// The automaton as text: `>` stands before initial states, `*` behind states that accept everything, and marks are in
    /// braces.
    /// - Parameter text: what a proposition reads like, by its position in the `PropositionTable`.
    public func description(proposition text: (Int) -> String) -> String {
        var lines = ["\(edges.count) states, \(edgeCount) edges, \(markCount) marks"]
        for (state, leaving) in edges.enumerated() {
            lines.append((initialStates.contains(state) ? "> " : "  ") + String(state) + (acceptsEverything[state] ? " *" : ""))
            for edge in leaving {
                let marks = Self.bits(of: edge.marks).map(String.init)
                lines.append(
                    "      \(Self.text(of: edge, text)) -> \(edge.target)"
                        + (marks.isEmpty ? "" : " {\(marks.joined(separator: ", "))}"))
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func text(of edge: Edge, _ text: (Int) -> String) -> String {
        let literals = bits(of: edge.positive | edge.negative).map { proposition in
            let literal = LinearFormula.proposition(proposition)
            let isPositive = edge.positive >> UInt64(proposition) & 1 == 1
            return (isPositive ? literal : .not(literal)).description(proposition: text)
        }
        return literals.isEmpty ? "true" : literals.joined(separator: " && ")
    }

    private static func bits(of set: UInt64) -> [Int] { (0..<64).filter { set >> UInt64($0) & 1 == 1 } }
}
