import Promela

/// A state vector taken apart, for people and for files.
public struct StateSnapshot: Hashable, Sendable {
    /// The value of a variable.
    public indirect enum Value: Hashable, Sendable {
        case integer(Int64)
        /// A value of more than 32 bits, which has no sign.
        case unsigned(UInt64)
        case boolean(Bool)
        /// A symbolic name.
        case name(String)
        /// A channel that the variable itself declares: its messages, oldest first.
        case channel(capacity: Int, messages: [[Value]])
        /// A channel that something else declares, by the name of its declaration; nil for none at all.
        case channelReference(String?)
        case array([Value])
        case record([Field])
    }

    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value
    }

    public struct Process: Hashable, Sendable {
        public var pid: Int
        /// Name of the proctype.
        public var name: String
        public var location: Int
        /// The statement that the process stands before.
        public var span: Span
        public var locals: [Field]
    }

    public var globals: [Field]
    public var processes: [Process]
}

/// Reads state vectors. Not for hot paths.
public final class StateReader {
    private let system: System
    private let machine: Machine

    public init(_ system: System) {
        self.system = system
        machine = Machine(system)
    }

    public func snapshot(_ state: UnsafeRawBufferPointer) -> StateSnapshot {
        guard let base = state.baseAddress else { return StateSnapshot(globals: [], processes: []) }
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        let program = system.program
        var channel = 0
        let globals = fields(
            program.globals, system.layout.globals, base: 0, nextChannel: &channel,
            include: { $0.visibility != .hidden })
        let processes = (0..<machine.processCount).map { pid in
            let proctype = machine.proctype(ofProcessAt: pid)
            let location = machine.location(ofProcessAt: pid)
            var ownChannel = machine.channelStarts[pid]
            return StateSnapshot.Process(
                pid: pid, name: program.proctypes[proctype].name, location: location,
                span: system.automata[proctype].locations[location].span,
                locals: fields(
                    program.proctypes[proctype].locals, system.layout.processes[proctype].locals,
                    base: machine.frames[pid], nextChannel: &ownChannel, include: { _ in true }))
        }
        return StateSnapshot(globals: globals, processes: processes)
    }

    /// The name of a channel's declaration, as `name` or `name[element]`, with the process in front where it is a local.
    public func channelName(_ number: Int, in state: UnsafeRawBufferPointer) -> String? {
        guard let base = state.baseAddress else { return nil }
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        return channelName(number)
    }

    /// The values of one message of a channel, as the channel's type reads them.
    public func message(_ fields: [Int64], ofChannel number: Int, in state: UnsafeRawBufferPointer) -> [StateSnapshot.Value] {
        guard let base = state.baseAddress, number >= 1 else { return fields.map { .integer($0) } }
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        guard number <= machine.channelCount else { return fields.map { .integer($0) } }
        let type = system.layout.channelTypes[machine.channelTypeIndices[number - 1]]
        return zip(fields, type.types).map { scalar($0, $1) }
    }

    private func channelName(_ number: Int) -> String? {
        guard number >= 1, number <= machine.channelCount else { return nil }
        var index = number - 1
        var channels = system.layout.globalChannels
        var variables = system.program.globals
        var prefix = ""
        if index >= channels.count {
            var pid = 0
            while pid + 1 < machine.processCount, machine.channelStarts[pid + 1] <= index { pid += 1 }
            let proctype = machine.proctype(ofProcessAt: pid)
            index -= machine.channelStarts[pid]
            channels = system.layout.processes[proctype].channels
            variables = system.program.proctypes[proctype].locals
            prefix = "\(system.program.proctypes[proctype].name)(\(pid))."
        }
        guard index < channels.count else { return nil }
        let variable = variables[channels[index].variable]
        let name = prefix + variable.displayName
        if variable.count == nil, case .scalar = variable.type { return name }
        return "\(name)[\(channels[index].element)]"
    }

    private func fields(
        _ variables: [Variable], _ layout: SectionLayout, base: Int, nextChannel: inout Int,
        include: (Variable) -> Bool
    ) -> [StateSnapshot.Field] {
        var result: [StateSnapshot.Field] = []
        for (index, variable) in variables.enumerated() {
            let value = self.value(variable, layout.slots[index], base: base, nextChannel: &nextChannel)
            if include(variable) { result.append(.init(name: variable.displayName, value: value)) }
        }
        return result
    }

    private func value(
        _ variable: Variable, _ slot: SectionLayout.Slot, base: Int, nextChannel: inout Int
    ) -> StateSnapshot.Value {
        guard let count = variable.count else {
            return element(variable, slot.storage, base: base, nextChannel: &nextChannel)
        }
        var elements: [StateSnapshot.Value] = []
        for index in 0..<count {
            var storage = slot.storage
            storage.offset += index * slot.stride
            elements.append(element(variable, storage, base: base, nextChannel: &nextChannel))
        }
        return .array(elements)
    }

    private func element(
        _ variable: Variable, _ storage: Storage, base: Int, nextChannel: inout Int
    ) -> StateSnapshot.Value {
        switch variable.type {
        case .record(let record):
            return .record(
                fields(
                    system.program.records[record].fields, system.layout.records[record],
                    base: base + storage.offset, nextChannel: &nextChannel, include: { _ in true }))
        case .scalar(let type):
            let raw = machine.load(storage, base: base)
            guard type == .chan else { return scalar(raw, type) }
            var own: Int?
            if case .channel? = variable.initializer {
                nextChannel += 1
                own = nextChannel
            }
            if let own, Int64(own) == raw { return contents(ofChannel: own - 1) }
            return .channelReference(raw == 0 ? nil : channelName(Int(raw)) ?? String(raw))
        }
    }

    private func contents(ofChannel channel: Int) -> StateSnapshot.Value {
        let typeIndex = machine.channelTypeIndices[channel]
        let (type, record) = (system.layout.channelTypes[typeIndex], system.tables.channelTypes[typeIndex])
        guard !type.isRendezvous else { return .channel(capacity: 0, messages: []) }
        let messages = (0..<machine.length(of: channel, record)).map { slot in
            let address = machine.messageAddress(slot, of: channel, record)
            return zip(type.fields, type.types).map { field, fieldType in
                scalar(machine.load(field, base: address), fieldType)
            }
        }
        return .channel(capacity: type.capacity, messages: messages)
    }

    private func scalar(_ raw: Int64, _ type: ScalarType) -> StateSnapshot.Value {
        switch type {
        case .bool: return .boolean(raw != 0)
        case .chan: return .channelReference(raw == 0 ? nil : channelName(Int(raw)) ?? String(raw))
        case .mtype(let set):
            let members = system.program.messageTypeSets[set].members
            if let member = members.first(where: { Int64($0.value) == raw }) { return .name(member.name) }
            return .integer(raw)
        case .unsigned(let width) where width > 32: return .unsigned(UInt64(bitPattern: raw))
        default: return .integer(raw)
        }
    }
}

extension StateSnapshot.Value: CustomStringConvertible {
    /// The value as a person would write it.
    public var description: String {
        switch self {
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .name(let name): name
        case .channel(_, let messages):
            "[" + messages.map { $0.map(\.description).joined(separator: ",") }.joined(separator: " | ") + "]"
        case .channelReference(let name): name ?? "none"
        case .array(let elements): "{" + elements.map(\.description).joined(separator: ", ") + "}"
        case .record(let fields): "{" + fields.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}
