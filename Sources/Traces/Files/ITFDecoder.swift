import Automata
import Promela

/// Reads traces that Heddle wrote, and rejects everything else with one error that says what is wrong where.
enum ITFDecoder {
    static func trace(_ bytes: [UInt8]) throws(TraceFileError) -> Trace {
        try trace(JSONParser.parse(bytes))
    }

    static func trace(_ document: JSONValue) throws(TraceFileError) -> Trace {
        let root = JSONReader(document, at: "")
        let meta = try root.member("#meta")
        if let format = try meta.optional("format"), try format.string() != "ITF" {
            throw TraceFileError("this is no trace in the ITF format", at: "#meta.format")
        }
        guard let own = try meta.optional(ITFName.own) else {
            throw TraceFileError(
                "another tool wrote this trace: it does not say which statements were executed, so it cannot be replayed",
                at: "#meta")
        }
        let version = try own.member("version").integer(in: 1...Int.max)
        guard version == ITFName.version else {
            throw TraceFileError(
                "this trace has version \(version), and this Heddle reads version \(ITFName.version)",
                at: "#meta.heddle.version")
        }
        let variables = try root.member("vars").list().map { element throws(TraceFileError) in try element.string() }
        let stateReaders = try root.member("states").list()
        guard !stateReaders.isEmpty else { throw TraceFileError("a trace has at least one state", at: "states") }
        var states: [Trace.State] = []
        var steps: [Trace.Step] = []
        for (index, reader) in stateReaders.enumerated() {
            let meta = try reader.member("#meta")
            _ = try meta.member("index").integer(in: index...index)
            if index > 0 { steps.append(try step(meta.member("step"))) }
            states.append(try state(reader, meta, variables))
        }
        let loop = try root.optional("loop").map { reader throws(TraceFileError) in
            try reader.integer(in: 0...(states.count - 1))
        }
        let story = try own.optional("story").map { reader throws(TraceFileError) in try reader.strings() }
        return Trace(
            model: try model(own), violation: try violation(own), states: states, steps: steps, loopStart: loop,
            story: story ?? [])
    }

    // MARK: The head

    private static func model(_ own: JSONReader) throws(TraceFileError) -> ModelReference {
        ModelReference(
            path: try own.member("model").string(), defines: try own.member("defines").strings(),
            undefines: try own.member("undefines").strings(),
            includeDirectories: try own.member("includeDirectories").strings(),
            expandsSelect: try own.member("expandsSelect").boolean(),
            formulas: try own.optional("formulas").map { reader throws(TraceFileError) in try reader.strings() } ?? [])
    }

    private static func violation(_ own: JSONReader) throws(TraceFileError) -> Trace.Violation {
        let causeReader = try own.member("cause")
        let name = try causeReader.string()
        guard let cause = Trace.Cause(rawValue: name) else {
            throw TraceFileError("there is no kind of failure `\(name)`", at: causeReader.place)
        }
        var result = Trace.Violation(
            property: try own.member("property").string(), message: try own.member("message").string(), cause: cause)
        if let reader = try own.optional("location") { result.location = try location(reader) }
        if let reader = try own.optional("subject") { result.subject = try reader.string() }
        if let reader = try own.optional("claim") { result.claim = try reader.string() }
        if let reader = try own.optional("fairness") { result.fairness = try fairness(reader) }
        if let reader = try own.optional("explanation") { result.explanation = try reader.strings() }
        if let reader = try own.optional("values") {
            for (name, value) in try reader.members() {
                result.values.append(Trace.Field(name, try self.value(value)))
            }
        }
        if let reader = try own.optional("waiting") {
            for entry in try reader.list() {
                result.waiting.append(
                    Trace.Wait(
                        pid: try pid(entry), process: try entry.member("process").string(),
                        location: try location(entry.member("location")),
                        reasons: try entry.member("reasons").strings()))
            }
        }
        if let reader = try own.optional("failedStep") { result.failedStep = try step(reader) }
        return result
    }

    private static func fairness(_ reader: JSONReader) throws(TraceFileError) -> Fairness {
        let name = try reader.string()
        guard let known = Fairness(rawValue: name) else {
            throw TraceFileError("there is no kind of fairness `\(name)`", at: reader.place)
        }
        return known
    }

    private static func pid(_ reader: JSONReader) throws(TraceFileError) -> Int {
        try reader.member("pid").integer(in: 0...255)
    }

    private static func location(_ reader: JSONReader) throws(TraceFileError) -> SourceLocation {
        SourceLocation(
            path: try reader.member("path").string(), line: try reader.member("line").integer(in: 0...Int(Int32.max)),
            column: try reader.member("column").integer(in: 0...Int(Int32.max)))
    }

    // MARK: States

    private static func state(
        _ reader: JSONReader, _ meta: JSONReader, _ variables: [String]
    ) throws(TraceFileError) -> Trace.State {
        var processes: [Trace.Process] = []
        for entry in try meta.member("processes").list() {
            let number = try pid(entry)
            guard number == processes.count else {
                throw TraceFileError("the processes are not in the order of their pids", at: entry.place)
            }
            processes.append(
                Trace.Process(
                    pid: number, name: try entry.member("process").string(),
                    location: try location(entry.member("location")), locals: []))
        }
        var owners: [String: Int] = [:]
        for process in processes { owners[ITFName.local("", of: process)] = process.pid }
        var globals: [Trace.Field] = []
        var known: [String: JSONReader] = [:]
        for (name, member) in try reader.members() { known[name] = member }
        for name in variables where name != ITFName.action && name != ITFName.picks {
            // Taken out, so that a variable that `vars` names twice is not there twice.
            guard let member = known.removeValue(forKey: name) else {
                throw TraceFileError("there is no member `\(name)`, or `vars` names it twice", at: reader.place)
            }
            guard member.value != ITFName.absent else { continue }
            let value = try value(member)
            guard let dot = name.firstIndex(of: ".") else {
                globals.append(Trace.Field(name, value))
                continue
            }
            guard let owner = owners[String(name[...dot])] else {
                throw TraceFileError("this belongs to no process of the state", at: member.place)
            }
            processes[owner].locals.append(Trace.Field(String(name[name.index(after: dot)...]), value))
        }
        return Trace.State(globals: globals, processes: processes)
    }

    private static func step(_ reader: JSONReader) throws(TraceFileError) -> Trace.Step {
        var result = Trace.Step(action: try action(reader))
        if let partner = try reader.optional("partner") { result.partner = try action(partner) }
        if let choice = try reader.optional("choice") {
            switch try value(choice) {
            case .integer(let number): result.choice = Int128(number)
            case .large(let number): result.choice = Int128(number)
            default: throw TraceFileError("a choice is a number of 64 bits", at: choice.place)
            }
        }
        if let isTimeout = try reader.optional("isTimeout") { result.isTimeout = try isTimeout.boolean() }
        if let messages = try reader.optional("messages") {
            for entry in try messages.list() { result.messages.append(try message(entry)) }
        }
        if let output = try reader.optional("output") { result.output = try output.string() }
        if let keepsControl = try reader.optional("keepsControl") { result.keepsControl = try keepsControl.boolean() }
        if let occurrence = try reader.optional("occurrence") {
            result.occurrence = try occurrence.integer(in: 0...Int(Int32.max))
        }
        return result
    }

    private static func action(_ reader: JSONReader) throws(TraceFileError) -> Trace.Action {
        Trace.Action(
            pid: try pid(reader), process: try reader.member("process").string(),
            text: try reader.member("text").string(), location: try location(reader.member("location")))
    }

    private static func message(_ reader: JSONReader) throws(TraceFileError) -> Trace.Message {
        let direction = try reader.member("direction")
        let name = try direction.string()
        guard let known = Trace.Message.Direction(rawValue: name) else {
            throw TraceFileError("a message is not `\(name)`", at: direction.place)
        }
        return Trace.Message(
            channel: try reader.member("channel").string(), values: try values(reader.member("values")),
            direction: known)
    }

    // MARK: Values

    private static func values(_ reader: JSONReader) throws(TraceFileError) -> [Trace.Value] {
        var result: [Trace.Value] = []
        for element in try reader.list() { result.append(try value(element)) }
        return result
    }

    private static func value(_ reader: JSONReader) throws(TraceFileError) -> Trace.Value {
        switch reader.value {
        case .boolean(let value): return .boolean(value)
        case .string(let name): return .name(name)
        case .array:
            let elements = try reader.list()
            // An array has elements; a list without any, or one of tuples, is what a channel holds.
            var messages: [[Trace.Value]] = []
            for element in elements {
                guard let tuple = element.onlyMember("#tup") else { break }
                messages.append(try values(tuple))
            }
            if messages.count == elements.count { return .channel(messages) }
            return .array(try values(reader))
        case .object:
            if let number = reader.onlyMember("#bigint") { return try bigInteger(number) }
            var fields: [Trace.Field] = []
            for (name, member) in try reader.members() {
                guard !name.hasPrefix("#") else {
                    throw TraceFileError("`\(name)` is no kind of value that a model has", at: reader.place)
                }
                fields.append(Trace.Field(name, try value(member)))
            }
            return .record(fields)
        case .number: throw TraceFileError("a number is written as {\"#bigint\": \"…\"}", at: reader.place)
        case .null: throw TraceFileError("null is no value", at: reader.place)
        }
    }

    private static func bigInteger(_ reader: JSONReader) throws(TraceFileError) -> Trace.Value {
        let text = try reader.string()
        if let number = Int64(text), String(number) == text { return .integer(number) }
        if let number = UInt64(text), String(number) == text { return .large(number) }
        throw TraceFileError("`\(text.prefix(40))` is no number of 64 bits", at: reader.place)
    }
}
