/// Processes: their parameters, how they are started, which of them run from the start.
extension Checker {
    /// Notes every `proctype`, because `run` may come before it.
    func collectHeaders() {
        for unit in model.units {
            guard case .process(let syntax) = unit, syntax.role == .process || syntax.role == .initial else { continue }
            headers.append(Header(syntax: syntax, labels: LabelTable(syntax.body)))
        }
    }

    func checkProcess(_ syntax: SyntaxProcess) {
        let index = proctypes.count
        if syntax.role == .initial {
            if proctypes.contains(where: { $0.role == .initial }) {
                reportDuplicate(
                    Name(text: "init", span: syntax.span), proctypes.first { $0.role == .initial }?.span)
            }
        } else if let earlier = symbols[syntax.name.text] {
            reportDuplicate(syntax.name, earlier.span)
        } else {
            symbols[syntax.name.text] = GlobalSymbol(meaning: .proctype(index), span: syntax.name.span)
        }
        let activeCount = (try? countActive(syntax)) ?? 0
        let proctype = check(syntax, index: index, labels: headers[index].labels)
        proctypes.append(proctype)
        initialProcesses += Array(repeating: index, count: syntax.role == .initial ? 1 : activeCount)
        if activeCount > 0, let parameter = proctype.locals.prefix(proctype.parameterCount).first {
            report(
                .warning, .runArgumentCount, "the parameters of an `active` process start as zero", at: parameter.span,
                hint: "start it with `run` to give it arguments")
        }
    }

    func checkClaim(_ syntax: SyntaxProcess) {
        guard syntax.role == .neverClaim else {
            checkTrace(syntax)
            return
        }
        let proctype = check(syntax, index: -1, labels: LabelTable(syntax.body))
        if let local = proctype.locals.first {
            report(
                .error, .invalidDeclaration, "a claim has no variables of its own", at: local.span,
                hint: "declare it outside, and let a process change it")
        }
        if let earlier = neverClaims.first(where: { $0.name == proctype.name }) {
            reportDuplicate(syntax.name, earlier.span)
        }
        neverClaims.append(proctype)
    }

    private func countActive(_ syntax: SyntaxProcess) throws(CheckFailure) -> Int {
        guard let count = syntax.activeCount else { return 0 }
        var value: Int64
        if case .reference(let reference) = count.kind, reference.isPlain,
            case .variable(let index)? = symbols[reference.base.text]?.meaning
        {
            // Spin takes a variable too, if it starts with a constant.
            guard case .value(let start)? = globals[index].initializer, let constant = start.constantValue else {
                throw fail(.constantRequired, "the number of processes must be a constant", at: count.span)
            }
            value = constant
        } else {
            value = try constant(count, "the number of processes")
        }
        guard (0...255).contains(value) else {
            throw fail(.tooManyProcesses, "\(value) processes are not possible", at: count.span, hint: "at most 255")
        }
        return Int(value)
    }

    func check(_ syntax: SyntaxProcess, index: Int, labels: LabelTable) -> Proctype {
        process = ProcessScope(index: index, name: syntax.name.text, role: syntax.role, labels: labels)
        defer { process = nil }
        for declaration in syntax.parameters { declareParameters(declaration) }
        let parameterCount = process?.locals.count ?? 0
        var priority: Int?
        if let expression = syntax.priority, let value = try? constant(expression, "a priority") {
            if !(1...255).contains(value) {
                report(.error, .constantOutOfRange, "a priority of \(value) is not possible", at: expression.span, hint: "1 to 255")
            }
            priority = Int(value)
        }
        let provided = syntax.provided.flatMap { try? checkProvided($0) }
        checkLabels(labels)
        let body = checkBlock(syntax.body, opensScope: true, isBody: true)
        let locals = nameApart(process?.locals ?? [])
        return Proctype(
            name: syntax.name.text, role: syntax.role, locals: locals, parameterCount: parameterCount,
            labels: labels.entries.map { Label(name: $0.name.text, span: $0.name.span) }, body: body, provided: provided,
            priority: priority, isDeterministic: syntax.isDeterministic, span: syntax.span, endSpan: syntax.endSpan)
    }

    /// Gives variables of the same name in different blocks names that tell them apart.
    private func nameApart(_ locals: [Variable]) -> [Variable] {
        var counts: [String: Int] = [:]
        return locals.map { variable in
            let count = counts[variable.name, default: 0] + 1
            counts[variable.name] = count
            guard count > 1 else { return variable }
            var result = variable
            result.displayName = "\(variable.name)_\(count)"
            return result
        }
    }

    private func declareParameters(_ declaration: SyntaxDeclaration) {
        for item in declaration.items {
            if item.initializer != nil {
                report(
                    .error, .invalidInitializer, "a parameter has no initial value", at: item.span,
                    hint: "its value is given by `run`")
            }
            if let count = item.count {
                report(
                    .error, .invalidDeclaration, "a parameter cannot be an array", at: count.span,
                    hint: "use a global array, or a structure")
            }
            var plain = item
            plain.initializer = nil
            plain.count = nil
            declareLocal(plain, declaration)
        }
    }

    private func checkProvided(_ syntax: SyntaxExpression) throws(CheckFailure) -> Expression {
        let expression = try checkExpression(syntax)
        if let run = firstRun(in: expression) {
            throw fail(
                .misplacedRun, "`provided` cannot start processes", at: run,
                hint: "take `run` out of the condition")
        }
        if let local = firstLocal(in: expression) {
            throw fail(
                .invalidStatement, "`provided` can only look at global variables", at: local,
                hint: "`_pid` and `_priority` are the only exceptions")
        }
        return expression
    }

    private func checkLabels(_ labels: LabelTable) {
        struct Key: Hashable {
            var name: String
            var expansion: ExpansionID
        }
        var known: [Key: [LabelTable.Entry]] = [:]
        for entry in labels.entries {
            let key = Key(name: entry.name.text, expansion: entry.name.span.expansion)
            if let earlier = known[key]?.first(where: { entry.path.starts(with: $0.path) }) {
                report(
                    .error, .duplicateLabel, "the label `\(entry.name.text)` stands twice in this process", at: entry.name.span,
                    hint: "rename one of them", notes: [.init("the first stands here", at: earlier.name.span)])
            } else {
                known[key, default: []].append(entry)
            }
        }
    }

    // MARK: run

    func checkRun(
        _ name: Name, _ arguments: [SyntaxExpression], _ priority: SyntaxExpression?, at span: Span
    ) throws(CheckFailure) -> Expression {
        guard let process else {
            throw fail(
                .misplacedRun, "`run` outside a process", at: span,
                hint: "start processes in `init`, or write `active` in front of `proctype`")
        }
        guard process.stepDepth == 0 else {
            throw fail(.misplacedRun, "`run` cannot stand in a `d_step`", at: span, hint: "use `atomic`")
        }
        guard let index = headers.firstIndex(where: { $0.syntax.role == .process && $0.syntax.name.text == name.text }) else {
            throw unknownProctype(name)
        }
        var values: [Expression] = []
        for argument in arguments { values += try checkParts(argument) }
        let header = headers[index].syntax
        if let expected = parameterTypes(of: header) {
            guard values.count == expected.count else {
                throw fail(
                    .runArgumentCount, "`\(name.text)` takes \(count(expected.count, "argument")), not \(values.count)", at: span,
                    notes: [.init("declared here", at: header.span)])
            }
            for (value, type) in zip(values, expected) { checkArgument(value, type) }
        }
        var level: Int?
        if let priority {
            let value = try constant(priority, "a priority")
            guard (1...255).contains(value) else {
                throw fail(.constantOutOfRange, "a priority of \(value) is not possible", at: priority.span, hint: "1 to 255")
            }
            level = Int(value)
        }
        return Expression(.run(proctype: index, arguments: values, priority: level), span: span)
    }

    private func checkArgument(_ value: Expression, _ type: ScalarType) {
        if (type == .chan) != isChannel(value) {
            report(
                .warning, .channelAsNumber,
                type == .chan ? "the parameter is a channel, this is none" : "the parameter is a number, this is a channel",
                at: value.span)
        } else {
            warnIfTruncated(value, type)
        }
    }

    /// What the parameters of a process take, one by one; nil if a type is not known.
    private func parameterTypes(of header: SyntaxProcess) -> [ScalarType]? {
        var result: [ScalarType] = []
        for declaration in header.parameters {
            for item in declaration.items {
                switch declaration.type {
                case .record(let name):
                    guard case .record(let index)? = symbols[name.text]?.meaning,
                        let parts = try? flatten(.record(index), at: item.span)
                    else { return nil }
                    result += parts
                case .bit, .bool: result.append(.bit)
                case .byte, .pid: result.append(.byte)
                case .short: result.append(.short)
                case .int: result.append(.int)
                case .chan: result.append(.chan)
                case .mtype: result.append(.mtype(set: 0))
                case .unsigned:
                    guard let width = item.width, case .number(let bits) = width.kind, (1...64).contains(bits) else {
                        result.append(.unsigned(width: 64))
                        continue
                    }
                    result.append(.unsigned(width: Int(bits)))
                }
            }
        }
        return result
    }

    // MARK: The start

    func checkInitialProcesses() {
        if initialProcesses.count > 255 {
            let span = proctypes.last?.span ?? Span(file: FileID(0), start: 0, end: 0)
            report(
                .error, .tooManyProcesses, "\(initialProcesses.count) processes run from the start, and 255 are possible",
                at: span)
        }
        guard initialProcesses.isEmpty, lostNames.isEmpty else { return }
        if let first = proctypes.first {
            report(
                .error, .noProcesses, "no process ever runs: `\(first.name)` is never started", at: first.span,
                hint: "write `active proctype \(first.name)()`, or start it from `init { run \(first.name)(...) }`")
        } else {
            report(
                .error, .noProcesses, "the model has no process", at: Span(file: FileID(0), start: 0, end: 0),
                hint: "add `init { ... }`")
        }
    }
}
