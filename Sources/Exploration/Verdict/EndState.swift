import Automata
import Promela

/// States in which nothing can move.
public enum EndState {
    /// A process that stands neither at its end nor at an `end` label.
    public struct BlockedProcess: Sendable {
        public var pid: Int
        public var name: String
        /// The statement that it waits at.
        public var span: Span
        /// That statement, as the model has it.
        public var text: String
    }

    /// The processes that make a state without successors an invalid end; empty for a valid one.
    public static func blockedProcesses(in state: UnsafeRawBufferPointer, of system: System) -> [BlockedProcess] {
        StateReader(system).snapshot(state).processes.compactMap { process in
            guard let proctype = system.program.proctypes.firstIndex(where: { $0.name == process.name }) else { return nil }
            if system.automata[proctype].locations[process.location].isEnd { return nil }
            return BlockedProcess(
                pid: process.pid, name: process.name, span: process.span,
                text: system.program.sources.text(of: process.span))
        }
    }

    /// Where every process stands: what tells one end state from another.
    static func places(in state: UnsafeRawBufferPointer, of system: System) -> [String] {
        StateReader(system).snapshot(state).processes.map { "\($0.name):\($0.location)" }
    }

    /// What a report says of an invalid end.
    public static func message(_ processes: [BlockedProcess]) -> String {
        let names = processes.map { "\($0.name)(\($0.pid))" }
        let list = names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
        return "deadlock: nothing can move, and \(list) \(names.count == 1 ? "has" : "have") not come to an end"
    }
}
