/// Thrown when an expression or a statement cannot be checked further; what is wrong has been reported by then.
struct CheckFailure: Error {}

/// Resolves the names of a syntax tree, and tells what is wrong with their use.
final class Checker {
    /// What a name means at the outermost level.
    struct GlobalSymbol {
        enum Meaning {
            case variable(Int)
            case messageType(set: Int, value: Int)
            case proctype(Int)
            case record(Int)
        }

        var meaning: Meaning
        var span: Span
    }

    /// A `proctype` before its body is checked.
    struct Header {
        var syntax: SyntaxProcess
        var labels: LabelTable
        /// What the parameters take, once they are declared.
        var parameters: [ScalarType]?
    }

    /// A send or a receive whose number of fields is compared with its channel's when all assignments are known.
    struct MessageUse {
        var channel: ChannelKey
        var count: Int
        var span: Span
        var isSend: Bool
        /// Whether this is an event of a trace assertion.
        var isEvent: Bool
    }

    /// A variable that holds channels: a global, a local of some process, or a field.
    enum ChannelKey: Hashable {
        case global(Int)
        case local(process: Int, Int)
        case field(record: Int, Int)
    }

    let model: SyntaxModel
    let options: ReadOptions
    var sources: SourceMap
    var diagnostics: [Diagnostic] = []

    var messageTypeSets: [MessageTypeSet] = []
    var records: [RecordType] = []
    var globals: [Variable] = []
    var symbols: [String: GlobalSymbol] = [:]
    var headers: [Header] = []
    var proctypes: [Proctype] = []
    var initialProcesses: [Int] = []
    var formulas: [Formula] = []
    var neverClaims: [Proctype] = []
    var traceAssertions: [Proctype] = []

    /// The process whose body is being checked.
    var process: ProcessScope?
    var messageUses: [MessageUse] = []
    /// Channels that are assigned, received into or passed somewhere: what they hold is not known.
    var assignedChannels: Set<ChannelKey> = []

    /// Names that text which could not be parsed may have declared.
    let lostNames: Set<String>
    /// Variables whose declaration was at fault: nothing more is said about them.
    var faultyVariables: Set<String> = []

    init(model: SyntaxModel, sources: SourceMap, lostNames: Set<String>, options: ReadOptions) {
        self.model = model
        self.sources = sources
        self.lostNames = lostNames
        self.options = options
    }

    /// Checks the whole model.
    func run() {
        collectHeaders()
        // Claims and formulas may speak of every process, so they come last.
        var deferred: [SyntaxUnit] = []
        for unit in model.units {
            switch unit {
            case .declaration(let declaration): declareGlobals(declaration)
            case .messageTypes(let types): declareMessageTypes(types)
            case .record(let record): declareRecord(record)
            case .process(let syntax):
                if syntax.role == .process || syntax.role == .initial { checkProcess(syntax) } else { deferred.append(unit) }
            case .formula: deferred.append(unit)
            }
        }
        for unit in deferred {
            switch unit {
            case .process(let syntax): checkClaim(syntax)
            case .formula(let formula): checkFormula(formula)
            default: break
            }
        }
        checkMessageUses()
        checkInitialProcesses()
    }

    var program: Program {
        Program(
            sources: sources, messageTypeSets: messageTypeSets, records: records, globals: globals, proctypes: proctypes,
            initialProcesses: initialProcesses, formulas: formulas, neverClaims: neverClaims,
            traceAssertions: traceAssertions)
    }

    // MARK: Reporting

    func fail(
        _ code: DiagnosticCode, _ message: String, at span: Span, hint: String? = nil, notes: [Diagnostic.Note] = []
    ) -> CheckFailure {
        report(.error, code, message, at: span, hint: hint, notes: notes)
        return CheckFailure()
    }

    /// Faults that may only be the consequence of a declaration that could not be parsed.
    private static let consequencesOfLostNames: Set<DiagnosticCode> = [
        .undeclaredName, .unknownType, .unknownProctype, .unknownLabel, .unknownMessageTypeSet,
    ]

    func report(
        _ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ message: String, at span: Span, hint: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        guard diagnostics.count < 1000 else { return }
        if Self.consequencesOfLostNames.contains(code), lostNames.contains(sources.text(of: span)) { return }
        diagnostics.append(Diagnostic(severity, code, message, at: span, hint: hint, notes: notes))
    }

    // MARK: Names

    /// Every name that could be meant where `name` is not declared.
    var visibleNames: [String] {
        var names = Array(symbols.keys)
        if let process { names += process.scopes.flatMap(\.keys) }
        names += ["_pid", "_last", "_nr_pr", "_priority", "true", "false", "skip", "timeout"]
        return names
    }

    /// The error for a name that nothing declares.
    func undeclared(_ name: Name) -> CheckFailure {
        var hint: String?
        if let replacement = Keywords.foreignConstants[name.text] {
            return fail(
                .notPromela, "`\(name.text)` is not declared, and no constant of Promela", at: name.span,
                hint: "write `\(replacement)`")
        } else if name.text == "_p" {
            hint = "use `pc_value(_pid)`"
        } else if let advice = Keywords.foreign[name.text] {
            hint = advice
        } else if let similar = nearestName(to: name.text, among: visibleNames) {
            hint = "did you mean `\(similar)`?"
        } else if model.inlineNames.contains(where: { $0.text == name.text }) {
            hint = "`\(name.text)` is an inline, and is called as `\(name.text)(...)`"
        }
        return fail(.undeclaredName, "`\(name.text)` is not declared", at: name.span, hint: hint)
    }

    /// Reports a second declaration of a name; Spin lets no declaration hide another that can be seen.
    func reportDuplicate(_ name: Name, _ earlier: Span?, hides: Bool = false) {
        report(
            .error, .duplicateDeclaration,
            hides ? "`\(name.text)` is declared already where it can be seen from here" : "`\(name.text)` is declared twice",
            at: name.span, hint: hides ? "choose another name: no declaration can hide another" : nil,
            notes: earlier.map { [.init("declared here first", at: $0)] } ?? [])
    }
}

/// What is known of a process while its body is checked.
struct ProcessScope {
    var index: Int
    var name: String
    var role: Proctype.Role
    var locals: [Variable] = []
    /// Names of the blocks that are open, innermost last.
    var scopes: [[String: Int]] = [[:]]
    var labels: LabelTable
    /// How many labels and jumps have been met.
    var labelCount = 0
    var jumpCount = 0
    /// The loops that are open: the number of `d_step` blocks that were open where each began.
    var loops: [Int] = []
    /// How many `d_step` blocks are open.
    var stepDepth = 0
    /// Whether a declaration still belongs to the start of the process, rather than being a step.
    var isInitializing = true

    /// The index of a label that is met; those of statements that were given up are passed over.
    mutating func meet(label: Name) -> Int? {
        while labelCount < labels.entries.count {
            labelCount += 1
            if labels.entries[labelCount - 1].name.span == label.span { return labelCount - 1 }
        }
        return nil
    }

    /// The jump that is met; those of statements that were given up are passed over.
    mutating func meet(jumpTo target: Name) -> LabelTable.Jump? {
        while jumpCount < labels.jumps.count {
            jumpCount += 1
            if labels.jumps[jumpCount - 1].target.span == target.span { return labels.jumps[jumpCount - 1] }
        }
        return nil
    }

    mutating func beginLoop() { loops.append(stepDepth) }

    /// Adds a local to the innermost block.
    mutating func declare(_ variable: Variable) -> Int {
        let index = locals.count
        locals.append(variable)
        scopes[scopes.count - 1][variable.name] = index
        return index
    }

    func lookUp(_ name: String) -> Int? {
        for scope in scopes.reversed() {
            if let index = scope[name] { return index }
        }
        return nil
    }
}
