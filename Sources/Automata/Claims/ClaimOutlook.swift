/// What a claim can come to with the letters that there have been.
public struct ClaimOutlook {
    /// Whether it may end, or have no value.
    public let mayEnd: Bool
    /// The claim states on cycles that have all marks.
    public let statesOnCycles: [Int]
    /// Those of them from which it can come to such cycles only by way of claim states on such cycles.
    public let statesOnLastCycles: Set<Int>
    /// The initial claim states that it may stay in whatever happens, and that are on no cycle with others, nor on one with all marks.
    public let statesThatStay: Set<Int32>

    /// Works out the edges of all claim states that may be come to.
    public init(_ table: ClaimTable) {
        typealias Edge = GeneralizedBuchiAutomaton.Edge
        var edges = Array(repeating: [Edge](), count: table.stateCount)
        var mayEnd = table.initialStates.contains(where: table.isFinal)
        var stays = Set(table.initialStates)
        var met = Set(table.initialStates)
        var pending = table.initialStates
        while let state = pending.popLast() {
            if table.isFinal(state) { continue }
            var found: Set<Edge> = []
            for letter in 0..<table.letterCount {
                let own = table.edges(from: state, on: letter).map { table[$0] }
                if !own.contains(where: { $0.target == state }) { stays.remove(state) }
                for edge in own {
                    if edge.target < 0 || table.isFinal(edge.target) {
                        mayEnd = true
                        continue
                    }
                    found.insert(Edge(positive: 0, negative: 0, target: Int(edge.target), marks: edge.marks))
                    if met.insert(edge.target).inserted { pending.append(edge.target) }
                }
            }
            edges[Int(state)] = Array(found)
        }
        let components = StrongComponents(
            GeneralizedBuchiAutomaton(
                edges: edges, initialStates: [], markCount: table.markCount,
                acceptsEverything: Array(repeating: false, count: edges.count)))
        var sizes = Array(repeating: 0, count: components.count)
        for component in components.component { sizes[component] += 1 }
        self.mayEnd = mayEnd
        let onCycles = edges.indices.filter { components.isAccepting(components.component[$0]) }
        let targets = edges.map { $0.map(\.target) }
        var sources = Array(repeating: [Int](), count: edges.count)
        for state in targets.indices {
            for target in targets[state] { sources[target].append(state) }
        }
        let waysBack = reachable(from: onCycles) { targets[$0] }.intersection(reachable(from: onCycles) { sources[$0] }).subtracting(onCycles)
        statesOnCycles = onCycles
        statesOnLastCycles = Set(onCycles).subtracting(reachable(from: waysBack) { sources[$0] })
        statesThatStay = stays.filter { state in
            let component = components.component[Int(state)]
            return !table.isFinal(state) && sizes[component] == 1 && !components.isAccepting(component)
        }
    }
}
