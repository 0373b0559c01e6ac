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
        interpreter.recordsMoves = true
        if fault != nil { return }
        var table: SleepTable?
        func compare(_ bytes: UnsafeRawBufferPointer, _ sleep: (table: SleepTable, asleep: SleepMask)?) {
            expected.removeAll()
            found.removeAll()
            for one in [interpreter, generator] {
                (one.sleepTable, one.asleep) = (sleep?.table, sleep?.asleep ?? SleepMask())
                one.sleepMasks.removeAll()
            }
            let outcome = interpreter.expand(bytes, into: expected)
            let compiledSleep = sleep.map { (record: UnsafePointer($0.table.record), asleep: $0.asleep, masks: generator.sleepMasks) }
            var moves = MoveRecord()
            let compiledOutcome = context.expand(bytes, into: found, compiledSleep, &moves, limit: .max)
            defer { interpreter.forgetMoves() }
            if compiledOutcome != nil {
                compiledStates += sleep == nil ? 1 : 0
                if moves.movers != interpreter.moves.movers || moves.enabled != interpreter.moves.enabled {
                    difference = "in state \(states - 1), others move: \(moves), not \(interpreter.moves)"
                }
            } else if found.count > 0 {
                difference = "successors of state \(states - 1), which was left to the interpreter"
            }
            let otherOutcome = compiledOutcome ?? generator.expand(bytes, into: found)
            if description(outcome) != description(otherOutcome) {
                difference = "state \(states - 1): \(description(outcome)), but \(description(otherOutcome))"
            }
            if (0..<expected.count).map({ [UInt8](expected[$0]) }) != (0..<found.count).map({ [UInt8](found[$0]) }) {
                difference = "state \(states - 1) has other successors"
            }
            let masks = [interpreter, generator].map { one in (0..<one.sleepMasks.count).map { one.sleepMasks[$0] } }
            if masks[0] != masks[1] || masks[0].count != (sleep == nil ? 0 : expected.count) {
                difference = "in successors of state \(states - 1) other moves sleep: \(masks)"
            }
        }
        var pending = [initial]
        /// What may sleep in each of them.
        var masks = [SleepMask()]
        var seen = Set(pending)
        while states < pending.count, states < limit, difference == nil {
            let state = pending[states]
            states += 1
            state.withUnsafeBytes { bytes in
                compare(bytes, nil)
                if states == 10 { table = SleepTable(interpreter, processesAsIn: bytes) }
                if let table {
                    compare(bytes, (table, masks[states - 1]))
                    compare(bytes, (table, SleepMask()))
                }
                for index in 0..<expected.count where seen.insert([UInt8](expected[index])).inserted {
                    pending.append([UInt8](expected[index]))
                    masks.append(table == nil ? SleepMask() : generator.sleepMasks[index])
                }
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
