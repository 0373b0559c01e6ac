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

    /// A table that knows all the values in some states.
    private static func table(_ generator: SuccessorGenerator, _ states: [[UInt8]]) throws -> LocalTransitionTable {
        let table = try LocalTransitionTable(generator, states: states)
        try table.extend(limit: 200_000)
        return table
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
        "random programs: each process does in each state what the one transition for it says",
        arguments: [GeneratorProfile.everything, .data, .channels, .atomicity, .processes])
    func randomPrograms(profile: GeneratorProfile) throws {
        var moves = 0
        for seed in UInt64(1)...60 {
            let text = ProgramGenerator(seed: seed, profile: profile).makeProgram()
            let generator = SuccessorGenerator(try System(#require(ModelReader.read(text: text, path: "model.pml").program)))
            guard let states = Self.states(of: generator) else { continue }
            do {
                moves += try Self.compare(Self.table(generator, states), generator, states, "seed \(seed): \(text)")
            } catch is LocalTransitionTable.Obstacle {
                continue
            }
        }
        #expect(moves > 1000)
    }
}
