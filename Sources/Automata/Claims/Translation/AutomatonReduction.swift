/// Makes an automaton smaller without changing what it accepts.
enum AutomatonReduction {
    /// Simulation compares all edges with each other; beyond this many only equal states are merged.
    static let simulationLimit = 1_000

    static func reduced(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        var automaton = merged(trimmed(automaton))
        while true {
            let before = (automaton.edges.count, automaton.edgeCount, automaton.markCount)
            automaton = withFewestMarks(automaton)
            automaton = withUniversalStates(automaton)
            automaton = trimmed(merged(automaton))
            if (automaton.edges.count, automaton.edgeCount, automaton.markCount) == before { break }
        }
        return trimmed(withUniversalStates(withMarksInside(automaton)))
    }

    private static func merged(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        let distinct = withoutTwins(automaton)
        guard distinct.edgeCount <= simulationLimit else { return distinct }
        return Simulation(distinct).quotient()
    }

    // MARK: Useless states

    /// Only states that can be reached and from which something is accepted, in the order in which a breadth-first search meets
    /// them.
    static func trimmed(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        let components = StrongComponents(automaton)
        var isUseful = Array(repeating: false, count: components.count)
        for component in 0..<components.count { isUseful[component] = components.isAccepting(component) }
        // Components come after those that they lead to; so one pass in that order sees everything.
        var members = Array(repeating: [Int](), count: components.count)
        for state in automaton.edges.indices { members[components.component[state]].append(state) }
        for component in 0..<components.count where !isUseful[component] {
            isUseful[component] = members[component].contains { state in
                automaton.edges[state].contains { isUseful[components.component[$0.target]] }
            }
        }
        func isKept(_ state: Int) -> Bool { isUseful[components.component[state]] }
        var number: [Int?] = Array(repeating: nil, count: automaton.edges.count)
        var order: [Int] = []
        func visit(_ state: Int) {
            guard number[state] == nil, isKept(state) else { return }
            number[state] = order.count
            order.append(state)
        }
        automaton.initialStates.forEach(visit)
        var position = 0
        while position < order.count {
            for edge in automaton.edges[order[position]] { visit(edge.target) }
            position += 1
        }
        return GeneralizedBuchiAutomaton(
            edges: order.map { state in
                automaton.edges[state].compactMap { edge in number[edge.target].map { edge.leading(to: $0) } }
            },
            initialStates: automaton.initialStates.compactMap { number[$0] }.withoutRepetition,
            markCount: automaton.markCount,
            acceptsEverything: order.map { automaton.acceptsEverything[$0] })
    }

    // MARK: Equal states

    /// States that can do the same for ever (that are bisimilar) become one.
    private static func withoutTwins(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        var kind = Array(repeating: 0, count: automaton.edges.count)
        var kindCount = min(1, kind.count)
        while true {
            var numbers: [Set<GeneralizedBuchiAutomaton.Edge>: Int] = [:]
            var refined = kind
            for state in automaton.edges.indices {
                let behaviour = Set(automaton.edges[state].map { $0.leading(to: kind[$0.target]) })
                let number = numbers[behaviour] ?? numbers.count
                numbers[behaviour] = number
                refined[state] = number
            }
            kind = refined
            if numbers.count == kindCount { break }
            kindCount = numbers.count
        }
        var edges = Array(repeating: [GeneralizedBuchiAutomaton.Edge](), count: kindCount)
        var acceptsEverything = Array(repeating: false, count: kindCount)
        for state in automaton.edges.indices.reversed() {
            edges[kind[state]] = automaton.edges[state].map { $0.leading(to: kind[$0.target]) }.withoutRepetition
            if automaton.acceptsEverything[state] { acceptsEverything[kind[state]] = true }
        }
        return GeneralizedBuchiAutomaton(
            edges: edges, initialStates: automaton.initialStates.map { kind[$0] }.withoutRepetition,
            markCount: automaton.markCount, acceptsEverything: acceptsEverything)
    }

    /// States that go on with every letter, and with all marks, or lead at once to one that does, need no edges but one.
    private static func withUniversalStates(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        var automaton = automaton
        var isUniversal = automaton.edges.enumerated().map { state, edges in
            automaton.acceptsEverything[state]
                || edges.contains { $0.isAlwaysPossible && $0.target == state && $0.marks == automaton.allMarks }
        }
        var isChanging = true
        while isChanging {
            isChanging = false
            for state in automaton.edges.indices where !isUniversal[state] {
                guard automaton.edges[state].contains(where: { $0.isAlwaysPossible && isUniversal[$0.target] }) else { continue }
                isUniversal[state] = true
                isChanging = true
            }
        }
        for state in automaton.edges.indices where isUniversal[state] {
            automaton.edges[state] = [.init(positive: 0, negative: 0, target: state, marks: automaton.allMarks)]
        }
        automaton.acceptsEverything = isUniversal
        return automaton
    }

    // MARK: Marks

    /// Renames the marks of each component that accepts something so that it needs as few as possible; components share marks.
    private static func withFewestMarks(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        let components = StrongComponents(automaton)
        var inside = Array(repeating: [UInt64](), count: components.count)
        for (state, edges) in automaton.edges.enumerated() {
            let component = components.component[state]
            inside[component] += edges.lazy.filter { components.component[$0.target] == component }.map(\.marks)
        }
        let needed = (0..<components.count).map { component in
            components.isAccepting(component) ? neededMarks(inside[component], count: automaton.markCount) : []
        }
        // Without marks every run would be accepted, one that stays in a rejecting component too.
        let fewest = (0..<components.count).contains(where: components.isRejecting) ? 1 : 0
        var smaller = automaton
        smaller.markCount = max(fewest, needed.map(\.count).max() ?? 0)
        for (state, edges) in automaton.edges.enumerated() {
            for (index, edge) in edges.enumerated() {
                let component = components.component[edge.target]
                guard components.isAccepting(component) else {
                    smaller.edges[state][index].marks = 0
                    continue
                }
                // An edge that enters the component gets marks too, so that its source may turn out equal to one inside.
                var marks = smaller.allMarks
                for (new, old) in needed[component].enumerated() where edge.marks >> UInt64(old) & 1 == 0 {
                    marks &= ~(1 << UInt64(new))
                }
                smaller.edges[state][index].marks = marks
            }
        }
        return smaller
    }

    /// The marks without those that are on every edge, or on every edge that has a certain other mark.
    private static func neededMarks(_ edges: [UInt64], count: Int) -> [Int] {
        var needed = Array(0..<count)
        for mark in 0..<count {
            let isOnAll = edges.allSatisfy { $0 >> UInt64(mark) & 1 == 1 }
            let isImplied = needed.contains { other in
                other != mark && edges.allSatisfy { $0 >> UInt64(other) & 1 == 0 || $0 >> UInt64(mark) & 1 == 1 }
            }
            if isOnAll || isImplied { needed.removeAll { $0 == mark } }
        }
        return needed
    }

    /// Takes away the marks of edges that no run takes for ever.
    private static func withMarksInside(_ automaton: GeneralizedBuchiAutomaton) -> GeneralizedBuchiAutomaton {
        let components = StrongComponents(automaton)
        var smaller = automaton
        for (state, edges) in automaton.edges.enumerated() {
            let component = components.component[state]
            for (index, edge) in edges.enumerated()
            where components.component[edge.target] != component || !components.isAccepting(component) {
                smaller.edges[state][index].marks = 0
            }
        }
        return smaller
    }
}

extension GeneralizedBuchiAutomaton {
    /// All marks, as bits.
    public var allMarks: UInt64 { markCount >= 64 ? .max : (1 << UInt64(markCount)) - 1 }

    /// How many edges there are.
    public var edgeCount: Int { edges.reduce(0) { $0 + $1.count } }
}

extension GeneralizedBuchiAutomaton.Edge {
    var isAlwaysPossible: Bool { positive == 0 && negative == 0 }

    func leading(to state: Int) -> Self {
        var edge = self
        edge.target = state
        return edge
    }
}

extension Array where Element: Hashable {
    var withoutRepetition: [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
