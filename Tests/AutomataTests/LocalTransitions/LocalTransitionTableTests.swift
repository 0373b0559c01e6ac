@testable import Automata
import Promela
import TestSupport
import Testing

/// What is found out about each process from a few states is what it does in all of them.
struct LocalTransitionTableTests {
    /// The states of a model, as long as there are not too many.
    private static func states(of generator: SuccessorGenerator, limit: Int = 3000) -> [[UInt8]]? {
        let (initial, fault) = generator.initialState()
        guard fault == nil else { return nil }
        var (known, states, next) = (Set([initial]), [initial], 0)
        let buffer = SuccessorBuffer()
        while next < states.count {
            guard states.count <= limit else { return nil }
            buffer.removeAll()
            _ = states[next].withUnsafeBytes { generator.expand($0, into: buffer) }
            next += 1
            for number in 0..<buffer.count {
                let state = [UInt8](buffer[number])
                if known.insert(state).inserted { states.append(state) }
            }
        }
        return states
    }

    /// A table that knows some states, and what can be foreseen of all others.
    private static func table(_ generator: SuccessorGenerator, _ states: [[UInt8]]) throws -> LocalTransitionTable {
        let table = try LocalTransitionTable(generator, states: states)
        var count = 0
        while table.transitions.count != count {
            count = table.transitions.count
            try table.foresee(limit: 20_000)
        }
        #expect(try !table.extend(limit: 20_000))
        return table
    }

    /// Whether something unclear can be done in one of some states.
    private static func isUnclear(_ table: LocalTransitionTable, in states: [[UInt8]]) -> Bool {
        let unclear = table.transitions.filter { $0.kind == .unclear }
        return states.contains { state in
            guard let vector = table.vector(of: state) else { return true }
            return unclear.contains { $0.conditions.allSatisfy { vector[table.fields[$0.field].offset] & table.fields[$0.field].mask == $0.value } }
        }
    }

    /// All values in a state count as ones that may go together: whatever is in the way of a transition there is possible.
    private static func expectJointValues(of states: [[UInt8]], in table: LocalTransitionTable, _ name: String) {
        let possible = Set(table.possibleTransitions)
        for state in states {
            guard let vector = table.vector(of: state) else { continue }
            let values = table.fields.map { vector[$0.offset] & $0.mask }
            for (index, transition) in table.transitions.enumerated() where transition.conditions.allSatisfy({ values[$0.field] == $0.value }) {
                #expect(possible.contains(index), "\(name)")
            }
        }
    }

    /// Compares what a table says of each process in each state with what the process does there.
    /// - Returns: how many moves were compared.
    private static func compare(_ table: LocalTransitionTable, _ generator: SuccessorGenerator, _ states: [[UInt8]], _ name: String) throws -> Int {
        let buffer = SuccessorBuffer()
        var moves = 0
        for state in states {
            let vector = try #require(table.vector(of: state))
            let values = table.fields.map { vector[$0.offset] & $0.mask }
            #expect(table.state(of: values) == state)
            for pid in 0..<Int(state[0]) {
                let own = table.transitions.filter { $0.pid == pid && $0.conditions.allSatisfy { values[$0.field] == $0.value } }
                try #require(own.count == 1, "\(name), process \(pid): \(own)")
                var hasFault = false
                generator.onFault = { _, _ in hasFault = true }
                buffer.removeAll()
                let expanded = state.withUnsafeBytes { generator.expand($0, onlyProcess: pid, into: buffer) }
                if !generator.takeTruncations().isEmpty { hasFault = true }
                if own[0].kind == .unclear || hasFault {
                    #expect(own[0].kind == .unclear && hasFault, "\(name), process \(pid)")
                    continue
                }
                #expect((own[0].kind == .blocked) == !expanded.moved, "\(name), process \(pid)")
                let found = own[0].outcomes.map { outcome in
                    var after = values
                    for assignment in outcome {
                        switch assignment.value {
                        case .constant(let value): after[assignment.field] = value
                        case .copy(let source): after[assignment.field] = values[source]
                        }
                    }
                    return table.state(of: after)
                }
                #expect(found == (0..<buffer.count).map { [UInt8](buffer[$0]) }, "\(name), process \(pid)")
                moves += found.count
            }
        }
        return moves
    }

    @Test(
        "random programs: each process does in each state what the one transition for it says, whether it was found there or foreseen",
        arguments: [GeneratorProfile.everything, .data, .channels, .atomicity, .processes], [true, false])
    func randomPrograms(profile: GeneratorProfile, isForeseen: Bool) throws {
        var moves = 0
        for seed in UInt64(1)...60 {
            let text = ProgramGenerator(seed: seed, profile: profile).makeProgram()
            let generator = SuccessorGenerator(try System(#require(ModelReader.read(text: text, path: "model.pml").program)))
            guard let states = Self.states(of: generator) else { continue }
            do {
                // What processes are created is not foreseen.
                let largest = states.max { $0.count < $1.count } ?? states[0]
                let table = isForeseen ? try Self.table(generator, [states[0], largest]) : try LocalTransitionTable(generator, states: states)
                // Nor is what comes after something unclear.
                if isForeseen, Self.isUnclear(table, in: states) { continue }
                moves += try Self.compare(table, generator, states, "seed \(seed): \(text)")
                if isForeseen { Self.expectJointValues(of: states, in: table, "seed \(seed): \(text)") }
            } catch is LocalTransitionTable.Obstacle {
                continue
            }
        }
        #expect(moves > 1000)
    }
}
