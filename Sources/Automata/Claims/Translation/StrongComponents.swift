/// The strongly connected components of an automaton, by Tarjan's algorithm, "Depth-first Search and Linear Graph Algorithms"
/// (1972), without recursion.
struct StrongComponents {
    /// For each state the number of its component; a component comes after those that it leads to.
    private(set) var component: [Int]
    private(set) var count = 0
    /// For each component, the marks of the edges inside it; nil where there is no such edge.
    private(set) var marks: [UInt64?]
    /// The number of marks of the automaton, as a set.
    private let allMarks: UInt64

    init(_ automaton: GeneralizedBuchiAutomaton) {
        let stateCount = automaton.edges.count
        component = Array(repeating: -1, count: stateCount)
        marks = []
        allMarks = automaton.allMarks
        var order = Array(repeating: -1, count: stateCount)
        var lowest = Array(repeating: 0, count: stateCount)
        var nextEdge = Array(repeating: 0, count: stateCount)
        var open: [Int] = []
        var path: [Int] = []
        var visited = 0
        for root in 0..<stateCount where order[root] < 0 {
            path.append(root)
            while let state = path.last {
                if order[state] < 0 {
                    order[state] = visited
                    lowest[state] = visited
                    visited += 1
                    open.append(state)
                }
                if nextEdge[state] < automaton.edges[state].count {
                    let target = automaton.edges[state][nextEdge[state]].target
                    nextEdge[state] += 1
                    if order[target] < 0 {
                        path.append(target)
                    } else if component[target] < 0 {
                        lowest[state] = min(lowest[state], order[target])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last { lowest[parent] = min(lowest[parent], lowest[state]) }
                guard lowest[state] == order[state] else { continue }
                while let member = open.popLast() {
                    component[member] = count
                    if member == state { break }
                }
                count += 1
            }
        }
        marks = Array(repeating: nil, count: count)
        for (state, edges) in automaton.edges.enumerated() {
            for edge in edges where component[edge.target] == component[state] {
                marks[component[state]] = (marks[component[state]] ?? 0) | edge.marks
            }
        }
    }

    /// Whether a run can stay in the component for ever and be accepted.
    func isAccepting(_ component: Int) -> Bool { marks[component] == allMarks }

    /// Whether a run can stay in the component for ever, but is not accepted.
    func isRejecting(_ component: Int) -> Bool { marks[component] != nil && !isAccepting(component) }
}
