import Automata
import Promela
import Symbolic

/// A log in the terms of a model.
struct LogTranslation {
    /// An event that the model has.
    struct Event {
        var line: EventLog.Line
        var observation: Observation
        /// What the fields of the message are in the log; nil where they are not compared.
        var fields: [String?]
        /// What the readings are in the log.
        var readings: [String]
    }

    let log: EventLog
    let rules: ObservationRules
    let names: ModelNames
    private(set) var events: [Event] = []
    /// Whether there is more in the log that the model has no words for.
    private(set) var isCut = false
    /// The numbers of the channels whose sends and whose receives are events.
    private(set) var sends: Set<Int> = []
    private(set) var receives: Set<Int> = []
    private var channels: [ModelNames.Channels?] = []
    private var storages: [Reading: Storage] = [:]

    private struct Reading: Hashable {
        var rule: Int
        var index: Int?
    }

    /// - Parameter isPrefix: whether what the model has no words for is the end, rather than an error.
    init(_ log: EventLog, rules: ObservationRules, system: System, isPrefix: Bool = false) throws(ConformanceError) {
        self.log = log
        self.rules = rules
        names = ModelNames(system: system)
        for rule in rules.events {
            guard let operation = rule.operation else {
                channels.append(nil)
                continue
            }
            let found = try names.channels(operation)
            channels.append(found)
            if operation.isSend { sends.formUnion(found.numbers) } else { receives.formUnion(found.numbers) }
        }
        try checkMembers()
        for rule in rules.fields { _ = try names.storage(rule.path, index: rule.index.map { ($0, 0) }) }
        for line in log.lines {
            do {
                if let event = try event(line) { events.append(event) }
            } catch {
                guard isPrefix else { throw error }
                isCut = true
                return
            }
        }
    }

    /// Looks for members that no line has.
    private func checkMembers() throws(ConformanceError) {
        let members = Set(log.lines.flatMap(\.values.keys))
        for (rule, channels) in zip(rules.events, channels) {
            guard let operation = rule.operation, let channels else { continue }
            let types = channels.fields.map(Optional.some)
            for (argument, type) in zip([operation.index].compactMap(\.self) + operation.arguments, (operation.index == nil ? [] : [nil]) + types) {
                guard case .name(let name) = argument.value, !members.contains(name) else { continue }
                if let type, names.number(of: name, as: type) != nil { continue }
                guard log.lines.contains(where: { $0.event == rule.event }) else { continue }
                let nearest = nearestName(to: name, among: members)
                throw ConformanceError(
                    "`\(name)` is neither a member of the log's lines nor a name of the model", at: argument.place,
                    hint: nearest.map { "did you mean `\($0)`?" } ?? "the lines have \(members.filter { !$0.contains("[") }.sorted().joined(separator: ", "))")
            }
        }
    }

    private mutating func event(_ line: EventLog.Line) throws(ConformanceError) -> Event? {
        let name = if case .name(let name)? = line.values["operation"] { name } else { "" }
        let place = "\(log.path):\(line.number)"
        guard let number = rules.events.firstIndex(where: { $0.event == line.event && ($0.operations.isEmpty || $0.operations.contains(name)) })
        else {
            throw ConformanceError(
                "the model's rules say nothing of `\(line.event)\(name.isEmpty ? "" : " " + name)`", at: place,
                hint: "add `\(line.event)\(name.isEmpty ? "" : " " + name): nothing` to them if the model leaves it out")
        }
        guard let operation = rules.events[number].operation, let channels = channels[number] else { return nil }
        var observation = Observation(isSend: operation.isSend, channels: Set(channels.numbers), fields: [])
        if let index = operation.index, let value = try value(index.value, of: line, as: nil, place) {
            guard channels.numbers.indices.contains(Int(value)) else {
                throw ConformanceError(
                    "there is no `\(operation.channel.value)[\(value)]`: it has \(channels.numbers.count) elements", at: place,
                    hint: "the log may have more clients than the model; see its -D")
            }
            observation.channels = [channels.numbers[Int(value)]]
        }
        var event = Event(line: line, observation: observation, fields: [], readings: [])
        for (argument, type) in zip(operation.arguments, channels.fields) {
            let value = try value(argument.value, of: line, as: type, place)
            event.observation.fields.append(value)
            if case .name(let member) = argument.value, value != nil { event.fields.append(member) } else { event.fields.append(nil) }
        }
        for member in line.values.keys.sorted() {
            guard case .number(let value)? = line.values[member], let storage = try storage(of: member) else { continue }
            event.observation.readings.append(.init(storage: storage, value: Int128(value)))
            event.readings.append(member)
        }
        return event
    }

    private mutating func storage(of member: String) throws(ConformanceError) -> Storage? {
        for (number, rule) in rules.fields.enumerated() {
            let (isMatch, index) = rule.matches(member)
            guard isMatch else { continue }
            let key = Reading(rule: number, index: index)
            if let known = storages[key] { return known }
            let storage = try names.storage(rule.path, index: index.flatMap { value in rule.index.map { ($0, value) } })
            storages[key] = storage
            return storage
        }
        return nil
    }

    /// The number that an argument is for a line; nil if that is not known.
    private func value(
        _ argument: ObservationRules.Argument, of line: EventLog.Line, as type: ScalarType?, _ place: String
    ) throws(ConformanceError) -> Int128? {
        switch argument {
        case .any: return nil
        case .constant(let constant): return Int128(constant)
        case .name(let name):
            switch line.values[name] {
            case nil: return type.flatMap { names.number(of: name, as: $0) }.map { Int128($0) }
            case .number(let number): return Int128(number)
            case .name(let text):
                if let type, let number = names.number(of: text, as: type) { return Int128(number) }
                throw ConformanceError(
                    "the model has no name `\(text)` for this \(name)", at: place,
                    hint: "add a rule such as `\(line.event) \(text): nothing` to the model's, or see its -D for a variant that has it")
            }
        }
    }
}
