import Automata
import Promela

/// Turns state vectors into states by name.
package final class StateDescriber {
    private let system: System
    private let reader: StateReader

    package init(_ system: System) {
        self.system = system
        reader = StateReader(system)
    }

    package func state(_ bytes: [UInt8]) -> Trace.State {
        let snapshot = bytes.withUnsafeBytes { reader.snapshot($0) }
        return Trace.State(
            globals: fields(snapshot.globals),
            processes: snapshot.processes.map { process in
                Trace.Process(
                    pid: process.pid, name: process.name,
                    location: WrittenText.location(of: process.span, in: system.program.sources),
                    locals: fields(process.locals))
            })
    }

    func channelName(_ number: Int, in state: [UInt8]) -> String {
        state.withUnsafeBytes { reader.channelName(number, in: $0) } ?? "channel \(number)"
    }

    func message(_ fields: [Int64], ofChannel number: Int, in state: [UInt8]) -> [Trace.Value] {
        state.withUnsafeBytes { reader.message(fields, ofChannel: number, in: $0) }.map { value($0) ?? .integer(0) }
    }

    /// The state's variables, each under a name of its own: two blocks may declare the same one.
    private func fields(_ fields: [StateSnapshot.Field]) -> [Trace.Field] {
        var names: Set<String> = []
        return fields.compactMap { field in
            guard let value = value(field.value) else { return nil }
            var name = field.name
            var number = 1
            while !names.insert(name).inserted {
                number += 1
                name = "\(field.name)_\(number)"
            }
            return Trace.Field(name, value)
        }
    }

    /// Nil for a rendezvous channel, which never holds anything.
    private func value(_ value: StateSnapshot.Value) -> Trace.Value? {
        switch value {
        case .integer(let value): return .integer(value)
        case .unsigned(let value): return .unsigned(value)
        case .boolean(let value): return .boolean(value)
        case .name(let name): return .name(name)
        case .channel(let capacity, let messages):
            return capacity == 0 ? nil : .channel(messages.map { $0.map { self.value($0) ?? .integer(0) } })
        case .channelReference(let name): return .name(name ?? Trace.Value.noChannel)
        case .array(let elements):
            let values = elements.compactMap { self.value($0) }
            return values.isEmpty ? nil : .array(values)
        case .record(let members):
            let values = fields(members)
            return values.isEmpty ? nil : .record(values)
        }
    }
}

extension Trace.State {
    /// The contents of every channel that a variable declares, by the name that messages carry.
    var channels: [(name: String, messages: [[Trace.Value]])] {
        var result: [(name: String, messages: [[Trace.Value]])] = []
        func visit(_ field: Trace.Field, _ prefix: String) {
            var contents: [[[Trace.Value]]] = []
            Self.collect(field.value, into: &contents)
            for (index, messages) in contents.enumerated() {
                var name = prefix + field.name
                if case .channel = field.value {} else { name += "[\(index)]" }
                result.append((name, messages))
            }
        }
        for field in globals { visit(field, "") }
        for process in processes {
            for field in process.locals { visit(field, "\(process.name)(\(process.pid)).") }
        }
        return result
    }

    private static func collect(_ value: Trace.Value, into contents: inout [[[Trace.Value]]]) {
        switch value {
        case .channel(let messages): contents.append(messages)
        case .array(let elements): for element in elements { collect(element, into: &contents) }
        case .record(let fields): for field in fields { collect(field.value, into: &contents) }
        default: break
        }
    }
}
