import Automata
import TestSupport
import Testing

/// Locations have Spin's numbers, and lead where Spin's do: state counts can only be compared if they do.
@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct SpinTransitionTableTests {
    @Test("control flow is Spin's, number by number", arguments: ControlFlowModels.all)
    func sameTable(model: ControlFlowModels.Model) throws {
        try expectSameTable(model.text)
    }

    @Test("control flow of random programs is Spin's", arguments: 1...40)
    func randomPrograms(seed: Int) throws {
        try expectSameTable(ProgramGenerator(seed: UInt64(seed), profile: .atomicity).makeProgram())
    }

    private func expectSameTable(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        let table = try #require(try SpinOracle().transitionTable(text: text), sourceLocation: sourceLocation)
        let system = try Walk.system(text, sourceLocation: sourceLocation)
        #expect(table.proctypes.count == system.automata.count, sourceLocation: sourceLocation)
        for (proctype, automaton) in zip(system.program.proctypes, system.automata) {
            let expected = try #require(
                table.proctypes[proctype.name == ":init:" ? "init" : proctype.name], sourceLocation: sourceLocation)
            let found = Self.controlFlow(of: automaton).reachable
            #expect(automaton.initial == expected.initial, sourceLocation: sourceLocation)
            for number in Set(expected.reachable.keys).union(found.keys).sorted() {
                #expect(
                    found[number] == expected.reachable[number], "state \(number) of \(proctype.name) in\n\(text)",
                    sourceLocation: sourceLocation)
            }
        }
    }

    private static func controlFlow(of automaton: ControlFlowAutomaton) -> SpinTransitionTable.Proctype {
        let states = automaton.locations.map { location in
            SpinTransitionTable.State(
                edges: location.edges.map { edge in
                    var isDeterministicStep = false
                    if case .deterministicStep = edge.action { isDeterministicStep = true }
                    // The table has one letter for both: A where both hold.
                    return .init(
                        target: edge.target, isAtomic: edge.keepsControl,
                        isDeterministicStep: isDeterministicStep && !edge.keepsControl)
                },
                isEnd: location.isEnd, isProgress: location.isProgress, isAccept: location.isAccept)
        }
        // A process that has ended is in no state at all; Spin calls that state 0.
        return .init(
            initial: automaton.initial, states: Dictionary(uniqueKeysWithValues: zip(states.indices, states).dropFirst()))
    }
}
