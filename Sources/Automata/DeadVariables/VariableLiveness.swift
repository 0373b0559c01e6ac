import Promela

/// Which locals of a process type are live at which location: whether some way from there on reads their value before it is replaced
/// (the classical analysis, backwards over the control flow: Aho, Sethi and Ullman, "Compilers", 1986). Of arrays and structures,
/// the whole is live or dead: storing into a part replaces nothing.
struct VariableLiveness {
    /// For each location the locals, by their indices.
    let live: [Set<Int>]
    /// For each location, whether a process can come there, as far as the control flow tells.
    let isReachable: [Bool]

    init(_ automaton: ControlFlowAutomaton) {
        let effects = automaton.locations.map { $0.edges.map { Self.liveness(before: $0.action, in: automaton) } }
        var live = automaton.locations.map { _ in Set<Int>() }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for location in live.indices.reversed() {
                for (edge, effect) in zip(automaton.locations[location].edges, effects[location]) {
                    let after = if case .end = edge.action { Set<Int>() } else { live[edge.target] }
                    let before = effect(after)
                    if before.isSubset(of: live[location]) { continue }
                    live[location].formUnion(before)
                    hasChanged = true
                }
            }
        }
        self.live = live
        var isReachable = live.map { _ in false }
        var pending = [automaton.initial]
        while let location = pending.popLast() {
            if isReachable[location] { continue }
            isReachable[location] = true
            for edge in automaton.locations[location].edges {
                if case .end = edge.action { continue }
                pending.append(edge.target)
            }
        }
        self.isReachable = isReachable
    }

    /// What is live before an action, given what is live after it.
    private static func liveness(
        before action: ControlFlowAutomaton.Action, in automaton: ControlFlowAutomaton
    ) -> (Set<Int>) -> Set<Int> {
        switch action {
        case .statement(let statement):
            return Accesses(of: statement).before
        case .deterministicStep(let index):
            let step = automaton.deterministicSteps[index]
            let nodes = step.nodes.map { node in
                if case .statement(let statement, _) = node { Accesses(of: statement) } else { Accesses() }
            }
            return { live(in: step, nodes, after: $0) }
        case .otherwise, .skip, .end: return { $0 }
        }
    }

    private static func live(in step: DeterministicStep, _ accesses: [Accesses], after end: Set<Int>) -> Set<Int> {
        var live = step.nodes.map { _ in Set<Int>() }
        func liveAt(_ node: Int?) -> Set<Int> { node.map { live[$0] } ?? end }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (index, node) in step.nodes.enumerated().reversed() {
                let before =
                    switch node {
                    case .statement(_, let next): accesses[index].before(liveAt(next))
                    case .skip(let next), .otherwise(let next): liveAt(next)
                    case .choice(let options, _): options.reduce(into: Set<Int>()) { $0.formUnion(live[$1]) }
                    }
                if before.isSubset(of: live[index]) { continue }
                live[index].formUnion(before)
                hasChanged = true
            }
        }
        return liveAt(step.first)
    }
}

/// The locals of its own process that a statement reads, and those that it replaces the value of.
private struct Accesses: ProgramVisitor {
    private(set) var read: Set<Int> = []
    private(set) var replaced: Set<Int> = []

    init() {}

    init(of statement: Statement) { visitParts(of: statement) }

    func before(_ after: Set<Int>) -> Set<Int> { after.subtracting(replaced).union(read) }

    mutating func visit(_ place: Place) {
        if case .local(let index) = place.root { read.insert(index) }
        visitParts(of: place)
    }

    mutating func store(_ place: Place) {
        if case .local(let index) = place.root, place.path.isEmpty { replaced.insert(index) }
        visitParts(of: place)
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .remoteVariable(_, let pid, let place):
            // The place is another process's.
            if let pid { visit(pid) }
            visitParts(of: place)
        case .poll(let channel, let arguments, _):
            // Nothing is received.
            visit(channel)
            for argument in arguments {
                switch argument {
                case .store(let place): visitParts(of: place)
                case .match(let expected): visit(expected)
                }
            }
        default: visitParts(of: expression)
        }
    }
}
