/// Deciding about one run that repeats itself.
extension ClaimTable {
    /// Whether a run breaks the claim that reads these letters again and again, for ever.
    /// - Parameters:
    ///   - letters: one turn of the cycle, as numbers that `letter` returned.
    ///   - states: where the claim can be when the first turn begins.
    public func accepts(cycle letters: some RandomAccessCollection<Int>, from states: [Int32]) -> Bool {
        let letters = Array(letters)
        guard !letters.isEmpty else { return false }
        // The product of the cycle and the claim, as far as it can be reached.
        var numbers: [Int: Int] = [:]
        var nodes: [(position: Int, state: Int32)] = []
        var edges: [[GeneralizedBuchiAutomaton.Edge]] = []
        func number(_ position: Int, _ state: Int32) -> Int {
            let key = position * stateCount + Int(state)
            if let known = numbers[key] { return known }
            numbers[key] = nodes.count
            nodes.append((position, state))
            edges.append([])
            return nodes.count - 1
        }
        for state in states { _ = number(0, state) }
        var next = 0
        while next < nodes.count {
            let (position, state) = nodes[next]
            for index in self.edges(from: state, on: letters[position]) {
                let edge = self[index]
                if edge.target < 0 { continue }
                if isFinal(edge.target) { return true }
                let target = number((position + 1) % letters.count, edge.target)
                edges[next].append(.init(positive: 0, negative: 0, target: target, marks: edge.marks))
            }
            next += 1
        }
        let product = GeneralizedBuchiAutomaton(
            edges: edges, initialStates: [], markCount: markCount,
            acceptsEverything: Array(repeating: false, count: edges.count))
        let components = StrongComponents(product)
        return (0..<components.count).contains { components.isAccepting($0) }
    }
}
