import Automata
import Promela
import Symbolic

/// Finds what rules name in a model.
struct ModelNames {
    private typealias Rules = ObservationRules

    let system: System
    private var program: Program { system.program }

    /// What is found in one place, with how many there are of it.
    struct Channels {
        /// The numbers of the channels, element by element.
        var numbers: [Int]
        var fields: [ScalarType]
    }

    func channels(_ operation: ObservationRules.Operation) throws(ConformanceError) -> Channels {
        let name = operation.channel
        let declarations = system.layout.globalChannels.enumerated().filter { program.globals[$0.element.variable].displayName == name.value }
        guard let first = declarations.first?.element else {
            let known = Set(system.layout.globalChannels.map { program.globals[$0.variable].displayName })
            throw missing("no global channel", name, among: known)
        }
        let type = system.layout.channelTypes[first.type]
        guard !type.isRendezvous else {
            throw ConformanceError(
                "`\(name.value)` has no room for messages, and only sends and receives apart from each other are observed", at: name.place,
                hint: "give it a buffer")
        }
        if operation.index == nil, declarations.count > 1 {
            throw ConformanceError(
                "`\(name.value)` is \(declarations.count) channels, and the rule does not say which", at: name.place,
                hint: "write `\(name.value)[slot]`, or another member of the log's lines in brackets")
        }
        guard operation.arguments.count == type.types.count else {
            throw ConformanceError(
                "messages of `\(name.value)` have \(type.types.count) fields, and the rule names \(operation.arguments.count)", at: name.place,
                hint: "write `_` for a field that is not compared")
        }
        return Channels(numbers: declarations.map { $0.offset + 1 }, fields: type.types)
    }

    /// The number of a name of the model, as a field of this type has it.
    func number(of name: String, as type: ScalarType) -> Int? {
        let sets = if case .mtype(let set) = type { [program.messageTypeSets[set]] } else { program.messageTypeSets }
        return sets.lazy.flatMap(\.members).first { $0.name == name }?.value
    }

    /// What a number of this type is called.
    func text(of number: Int128, as type: ScalarType) -> String {
        if case .mtype(let set) = type, let known = program.messageTypeSets[set].members.first(where: { $0.value == number }) {
            return known.name
        }
        return "\(number)"
    }

    /// The name of a channel.
    func name(ofChannel number: Int) -> String {
        let declaration = system.layout.globalChannels[number - 1]
        let variable = program.globals[declaration.variable]
        return variable.displayName + (variable.count == nil ? "" : "[\(declaration.element)]")
    }

    /// Where a variable is.
    /// - Parameter index: what the rule's own index is.
    func storage(_ path: ObservationRules.Path, index: (name: String, value: Int)?) throws(ConformanceError) -> Storage {
        guard let number = program.globals.firstIndex(where: { $0.displayName == path.name.value }) else {
            throw missing("no global variable", path.name, among: program.globals.map(\.displayName))
        }
        var variable = program.globals[number]
        var slot = system.layout.globals.slots[number]
        var storage = slot.storage
        var isElement = false
        for accessor in path.accessors {
            switch accessor {
            case .index(let argument):
                guard !isElement, let count = variable.count else {
                    throw ConformanceError("`\(variable.displayName)` is no array", at: argument.place)
                }
                let element: Int
                switch argument.value {
                case .constant(let constant): element = constant
                case .name(let name) where name == index?.name: element = index?.value ?? 0
                case .name, .any:
                    throw ConformanceError("only a number, or the index on the left, can stand here", at: argument.place)
                }
                guard (0..<count).contains(element) else {
                    throw ConformanceError(
                        "there is no `\(variable.displayName)[\(element)]`: it has \(count) elements", at: argument.place,
                        hint: "the log may have more clients than the model; see its -D")
                }
                storage.offset += element * slot.stride
                isElement = true
            case .member(let name):
                guard isElement || variable.count == nil, case .record(let record) = variable.type,
                    let field = program.records[record].fields.firstIndex(where: { $0.displayName == name.value })
                else {
                    let known = if case .record(let record) = variable.type { program.records[record].fields.map(\.displayName) } else { [String]() }
                    throw missing("no member of `\(variable.displayName)`", name, among: known)
                }
                variable = program.records[record].fields[field]
                slot = system.layout.records[record].slots[field]
                let base = storage.offset
                storage = slot.storage
                storage.offset += base
                isElement = false
            }
        }
        guard isElement || variable.count == nil, case .scalar(let type) = variable.type, type != .chan else {
            throw ConformanceError("`\(path.name.value)` is no single number here", at: path.name.place)
        }
        return storage
    }

    private func missing(
        _ what: String, _ name: ObservationRules.Located<String>, among known: some Sequence<String>
    ) -> ConformanceError {
        let nearest = nearestName(to: name.value, among: known)
        return ConformanceError(
            "there is \(what) `\(name.value)`", at: name.place,
            hint: nearest.map { "did you mean `\($0)`?" } ?? "the rule may be for a variant of the model that needs its -D")
    }
}
