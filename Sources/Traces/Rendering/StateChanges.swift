/// One thing that differs between two states.
struct StateChange: Hashable {
    enum Kind: Hashable {
        /// A variable, an element or a field.
        case value(name: String, old: Trace.Value, new: Trace.Value)
        /// What is in a channel.
        case channel(name: String, new: Trace.Value)
        /// A process, with the values that it starts with.
        case started(String)
        case ended(String)
    }

    var kind: Kind
    /// The process whose local it is.
    var owner: Int?
}

/// What differs between two states, down to single elements and fields.
enum StateChanges {
    static func between(_ old: Trace.State, _ new: Trace.State) -> [StateChange] {
        var result: [StateChange] = []
        compare(old.globals, new.globals, owner: nil, &result)
        for process in new.processes {
            if let before = old.processes.first(where: { $0.pid == process.pid && $0.name == process.name }) {
                compare(before.locals, process.locals, owner: process.pid, &result)
            } else {
                // Nothing else says what a new process starts with.
                let values = process.locals.flatMap { $0.leaves(longest: 40) }.map { "\($0.name) = \($0.value)" }
                let list = values.isEmpty ? "" : " with " + values.joined(separator: ", ")
                result.append(StateChange(kind: .started(process.displayName + list), owner: process.pid))
            }
        }
        for process in old.processes
        where !new.processes.contains(where: { $0.pid == process.pid && $0.name == process.name }) {
            result.append(StateChange(kind: .ended(process.displayName), owner: process.pid))
        }
        return result
    }

    private static func compare(_ old: [Trace.Field], _ new: [Trace.Field], owner: Int?, _ result: inout [StateChange]) {
        var earlier: [String: Trace.Value] = [:]
        for field in old where earlier[field.name] == nil { earlier[field.name] = field.value }
        for field in new {
            guard let before = earlier[field.name] else { continue }
            compare(before, field.value, field.name, owner, &result)
        }
    }

    private static func compare(
        _ old: Trace.Value, _ new: Trace.Value, _ name: String, _ owner: Int?, _ result: inout [StateChange]
    ) {
        guard old != new else { return }
        switch (old, new) {
        case (.array(let before), .array(let after)) where before.count == after.count:
            for index in before.indices { compare(before[index], after[index], "\(name)[\(index)]", owner, &result) }
        case (.record(let before), .record(let after)) where before.map(\.name) == after.map(\.name):
            for (one, other) in zip(before, after) {
                compare(one.value, other.value, "\(name).\(one.name)", owner, &result)
            }
        case (.channel, .channel): result.append(StateChange(kind: .channel(name: name, new: new), owner: owner))
        default: result.append(StateChange(kind: .value(name: name, old: old, new: new), owner: owner))
        }
    }
}

extension Trace.Field {
    /// The field, or, where it is too long to be read as one, its elements and fields that are not blank.
    func leaves(longest: Int) -> [Trace.Field] {
        guard value.description.count > longest else { return value.isBlank ? [] : [self] }
        switch value {
        case .array(let elements):
            return elements.enumerated().flatMap { Trace.Field("\(name)[\($0)]", $1).leaves(longest: longest) }
        case .record(let fields):
            return fields.flatMap { Trace.Field("\(name).\($0.name)", $0.value).leaves(longest: longest) }
        default: return value.isBlank ? [] : [self]
        }
    }
    /// Whether `leaves` leaves something out.
    func omitsLeaves(longest: Int) -> Bool {
        if value.isBlank { return true }
        guard value.description.count > longest else { return false }
        switch value {
        case .array(let elements): return elements.contains { Trace.Field("", $0).omitsLeaves(longest: longest) }
        case .record(let fields): return fields.contains { $0.omitsLeaves(longest: longest) }
        default: return false
        }
    }
}
