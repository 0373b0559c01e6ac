import Promela

/// Writes traces in the Informal Trace Format (Apalache ADR-015), which other tools can read too.
///
/// The variables of the model are the variables of the format. What the format has no place for, such as which statement a
/// step was, stands in the `#meta` of the state that the step leads to.
enum ITFEncoder {
    static func text(_ trace: Trace) -> String { document(trace).text + "\n" }

    static func document(_ trace: Trace) -> JSONValue {
        let variables = variables(of: trace)
        var members: [(name: String, value: JSONValue)] = [
            ("#meta", meta(trace)),
            ("vars", .strings([ITFName.action, ITFName.picks] + variables)),
            (
                "states",
                .array(
                    trace.states.indices.map { index in
                        let step = index > 0 && index <= trace.steps.count ? trace.steps[index - 1] : nil
                        return state(trace.states[index], index, after: step, variables)
                    })
            ),
        ]
        if let loop = trace.loopStart { members.append(("loop", .integer(loop))) }
        return .object(members)
    }

    // MARK: The head

    private static func meta(_ trace: Trace) -> JSONValue {
        .object([
            ("format", .string("ITF")),
            ("format-description", .string("https://apalache-mc.org/docs/adr/015adr-trace.html")),
            ("description", .string("Heddle: \(trace.violation.property): \(trace.violation.message)")),
            ("source", .string(trace.model.path)),
            (ITFName.own, own(trace)),
        ])
    }

    private static func own(_ trace: Trace) -> JSONValue {
        let violation = trace.violation
        var members: [(name: String, value: JSONValue)] = [
            ("version", .integer(ITFName.version)),
            ("model", .string(trace.model.path)),
            ("defines", .strings(trace.model.defines)),
            ("undefines", .strings(trace.model.undefines)),
            ("includeDirectories", .strings(trace.model.includeDirectories)),
            ("expandsSelect", .boolean(trace.model.expandsSelect)),
        ]
        if !trace.model.formulas.isEmpty { members.append(("formulas", .strings(trace.model.formulas))) }
        members += [
            ("property", .string(violation.property)),
            ("cause", .string(violation.cause.rawValue)),
            ("message", .string(violation.message)),
        ]
        if let location = violation.location { members.append(("location", self.location(location))) }
        if let subject = violation.subject { members.append(("subject", .string(subject))) }
        if let claim = violation.claim { members.append(("claim", .string(claim))) }
        if violation.fairness != .none { members.append(("fairness", .string(violation.fairness.rawValue))) }
        if !violation.explanation.isEmpty { members.append(("explanation", .strings(violation.explanation))) }
        if !violation.values.isEmpty { members.append(("values", .object(violation.values.map { ($0.name, value($0.value)) }))) }
        if !violation.waiting.isEmpty { members.append(("waiting", .array(violation.waiting.map(wait)))) }
        if let step = violation.failedStep { members.append(("failedStep", self.step(step))) }
        if !trace.story.isEmpty { members.append(("story", .strings(trace.story))) }
        return .object(members)
    }

    private static func wait(_ wait: Trace.Wait) -> JSONValue {
        .object([
            ("pid", .integer(wait.pid)), ("process", .string(wait.process)), ("location", location(wait.location)),
            ("reasons", .strings(wait.reasons)),
        ])
    }

    static func location(_ location: SourceLocation) -> JSONValue {
        .object([
            ("path", .string(location.path)), ("line", .integer(location.line)), ("column", .integer(location.column)),
        ])
    }

    // MARK: States

    /// The names of all variables of all states: the format wants each of them in each state.
    private static func variables(of trace: Trace) -> [String] {
        var result: [String] = []
        var known: Set<String> = []
        func add(_ name: String) {
            if known.insert(name).inserted { result.append(name) }
        }
        for state in trace.states {
            for field in state.globals { add(field.name) }
        }
        var locals: [Int: [String]] = [:]
        for state in trace.states {
            for process in state.processes {
                for field in process.locals {
                    let name = ITFName.local(field.name, of: process)
                    if known.insert(name).inserted { locals[process.pid, default: []].append(name) }
                }
            }
        }
        return result + locals.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private static func state(
        _ state: Trace.State, _ index: Int, after step: Trace.Step?, _ variables: [String]
    ) -> JSONValue {
        var values: [String: JSONValue] = [:]
        for field in state.globals { values[field.name] = value(field.value) }
        for process in state.processes {
            for field in process.locals { values[ITFName.local(field.name, of: process)] = value(field.value) }
        }
        var meta: [(name: String, value: JSONValue)] = [("index", .integer(index))]
        if let step { meta.append(("step", self.step(step))) }
        let processes = state.processes.map { process -> JSONValue in
            .object([
                ("pid", .integer(process.pid)), ("process", .string(process.name)),
                ("location", location(process.location)),
            ])
        }
        meta.append(("processes", .array(processes)))
        var members: [(name: String, value: JSONValue)] = [
            ("#meta", .object(meta)),
            (ITFName.action, .string(step?.summary ?? "init")),
            (ITFName.picks, .object([("choice", pick(step?.choice))])),
        ]
        for name in variables { members.append((name, values[name] ?? ITFName.absent)) }
        return .object(members)
    }

    /// An optional value, as Quint writes it.
    private static func pick(_ choice: Int128?) -> JSONValue {
        guard let choice else {
            return .object([("tag", .string("None")), ("value", .object([("#tup", .array([]))]))])
        }
        return .object([("tag", .string("Some")), ("value", number(choice))])
    }

    static func step(_ step: Trace.Step) -> JSONValue {
        var members = action(step.action)
        if let partner = step.partner { members.append(("partner", .object(action(partner)))) }
        if let choice = step.choice { members.append(("choice", number(choice))) }
        if step.isTimeout { members.append(("isTimeout", .boolean(true))) }
        if !step.messages.isEmpty { members.append(("messages", .array(step.messages.map(message)))) }
        if !step.output.isEmpty { members.append(("output", .string(step.output))) }
        if step.keepsControl { members.append(("keepsControl", .boolean(true))) }
        if step.occurrence != 0 { members.append(("occurrence", .integer(step.occurrence))) }
        return .object(members)
    }

    private static func action(_ action: Trace.Action) -> [(name: String, value: JSONValue)] {
        [
            ("pid", .integer(action.pid)), ("process", .string(action.process)), ("text", .string(action.text)),
            ("location", location(action.location)),
        ]
    }

    private static func message(_ message: Trace.Message) -> JSONValue {
        .object([
            ("channel", .string(message.channel)), ("direction", .string(message.direction.rawValue)),
            ("values", .array(message.values.map(value))),
        ])
    }

    private static func number(_ number: some BinaryInteger) -> JSONValue { .object([("#bigint", .string(String(number)))]) }

    static func value(_ value: Trace.Value) -> JSONValue {
        switch value {
        case .integer(let value): number(value)
        case .large(let value): number(value)
        case .boolean(let value): .boolean(value)
        case .name(let name): .string(name)
        case .channel(let messages):
            .array(messages.map { .object([("#tup", .array($0.map(Self.value)))]) })
        case .array(let elements): .array(elements.map(Self.value))
        case .record(let fields): .object(fields.map { ($0.name, Self.value($0.value)) })
        }
    }
}

/// Names that reader and writer share.
enum ITFName {
    /// The member of `#meta` that is Heddle's.
    static let own = "heddle"
    /// Of what stands in Heddle's own members.
    static let version = 1
    /// The step that led to a state, under the name that tools for model-based testing look for.
    static let action = "mbt::actionTaken"
    static let picks = "mbt::nondetPicks"
    /// For a variable that does not exist in a state: its process has not started, or has ended.
    static let absent = JSONValue.object([("#unserializable", .string("not there"))])

    static func local(_ variable: String, of process: Trace.Process) -> String {
        local(variable, pid: process.pid, name: process.name)
    }

    static func local(_ variable: String, pid: Int, name: String) -> String {
        "\(name == ":init:" ? "init" : name)_\(pid).\(variable)"
    }
}
