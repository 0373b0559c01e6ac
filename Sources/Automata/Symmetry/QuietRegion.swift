import Promela

/// The part of each process type from which no process is started any more. Where all processes are in it, and the youngest cannot
/// end, there will always be the same processes, in the same order; only there are they exchanged.
struct QuietRegion {
    /// For each process type and location: whether no way from there leads to a `run`.
    let isQuiet: [[Bool]]
    /// For each process type and location: whether a way from there leads to the end of the process.
    let mayEnd: [[Bool]]

    init(_ system: System) {
        let automata = system.automata
        func reaching(_ isWanted: (System.Transition, ControlFlowAutomaton) -> Bool) -> [[Bool]] {
            automata.indices.map { proctype in
                var result = automata[proctype].locations.map { _ in false }
                var hasChanged = true
                while hasChanged {
                    hasChanged = false
                    for location in result.indices where !result[location] {
                        let reaches = system.outgoing[proctype][location].contains { index in
                            let transition = system.transitions[index]
                            return isWanted(transition, automata[proctype])
                                || transition.kind != .end && result[transition.target]
                        }
                        if reaches { (result[location], hasChanged) = (true, true) }
                    }
                }
                return result
            }
        }
        isQuiet = reaching { $0.action.starts(in: $1) }.map { $0.map { !$0 } }
        mayEnd = reaching { transition, _ in transition.kind == .end }
    }
}

extension ControlFlowAutomaton.Action {
    /// The statements that it consists of.
    func statements(in automaton: ControlFlowAutomaton) -> [Statement] {
        switch self {
        case .statement(let statement): [statement]
        case .deterministicStep(let index):
            automaton.deterministicSteps[index].nodes.compactMap {
                if case .statement(let statement, _) = $0 { statement } else { nil }
            }
        case .otherwise, .skip, .end: []
        }
    }

    /// Whether it starts a process.
    fileprivate func starts(in automaton: ControlFlowAutomaton) -> Bool {
        statements(in: automaton).contains { statement in
            var search = StartSearch()
            search.visit(statement)
            return search.isFound
        }
    }
}

private struct StartSearch: ProgramVisitor {
    private(set) var isFound = false

    mutating func visit(_ expression: Expression) {
        if case .run = expression.kind { isFound = true }
        visitParts(of: expression)
    }
}
