@testable import Automata
import NativeCode
import Promela
import Testing

/// Machine code and the interpreter side by side, on every state that can be reached.
struct Comparison {
    /// What differed first, if anything did.
    private(set) var difference: String?
    private(set) var states = 0
    /// Of these states, how many machine code did not leave to the interpreter.
    private(set) var compiledStates = 0

    /// - Parameter limit: how many states to look at.
    init(_ system: Automata.System, _ expansion: CompiledExpansion, limit: Int) {
        let interpreter = SuccessorGenerator(system)
        let generator = SuccessorGenerator(system)
        let context = expansion.makeContext(cutCounts: generator.machine.truncationLog.counts)
        defer { context.deallocate() }
        let (expected, found) = (SuccessorBuffer(), SuccessorBuffer())
        let (initial, fault) = interpreter.initialState()
        _ = generator.initialState()
        if fault != nil { return }
        var pending = [initial]
        var seen = Set(pending)
        while states < pending.count, states < limit, difference == nil {
            let state = pending[states]
            states += 1
            state.withUnsafeBytes { bytes in
                expected.removeAll()
                found.removeAll()
                let outcome = interpreter.expand(bytes, into: expected)
                let compiledOutcome = context.expand(bytes, into: found, limit: .max)
                if compiledOutcome != nil {
                    compiledStates += 1
                } else if found.count > 0 {
                    difference = "successors of state \(states - 1), which was left to the interpreter"
                }
                let otherOutcome = compiledOutcome ?? generator.expand(bytes, into: found)
                if description(outcome) != description(otherOutcome) {
                    difference = "state \(states - 1): \(description(outcome)), but \(description(otherOutcome))"
                }
                let successors = (0..<expected.count).map { [UInt8](expected[$0]) }
                if successors != (0..<found.count).map({ [UInt8](found[$0]) }) {
                    difference = "state \(states - 1) has other successors"
                }
                for successor in successors where seen.insert(successor).inserted { pending.append(successor) }
            }
        }
        if difference == nil, Set(interpreter.truncations) != Set(generator.truncations) {
            difference = "other values were cut: \(interpreter.truncations), but \(generator.truncations)"
        }
    }

    private func description(_ outcome: SuccessorGenerator.Outcome) -> String {
        "\(outcome.successorCount) successors, blocked \(outcome.isBlocked), timeout \(outcome.isTimeout)"
    }
}

/// Models as systems.
enum Model {
    struct Rejected: Error { var messages: [String] }

    static func system(_ text: String) throws -> Automata.System {
        try system(ModelReader.read(text: text, path: "model.pml"))
    }

    static func system(_ result: ReadResult) throws -> Automata.System {
        guard let program = result.program else { throw Rejected(messages: result.diagnostics.map(\.message)) }
        return try System(program)
    }
}
