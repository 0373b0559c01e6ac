/// What a `trace` or `notrace` may be made of.
extension Checker {
    func checkTrace(_ syntax: SyntaxProcess) {
        let trace = check(syntax, index: -1, labels: LabelTable(syntax.body))
        if let earlier = traceAssertions.first {
            report(
                .error, .duplicateDeclaration, "a model has one `trace` or `notrace` at most", at: trace.span,
                hint: "put both into one, as options of a `do`", notes: [.init("the first is here", at: earlier.span)])
        }
        traceAssertions.append(trace)
        checkEvents(of: trace.body, trace.role)
    }

    private func checkEvents(of block: Block, _ role: Proctype.Role) {
        for statement in block.statements {
            switch statement.kind {
            case .send(let channel, let arguments, let isSorted):
                if isSorted { rejectEvent("`!!`", "write `!`", at: statement.span, role) }
                requireGlobals(in: channel, role)
                for argument in arguments where argument.constantValue == nil && !isDiscard(argument) {
                    warnOfAnyValue(at: argument.span, hint: "only constants are compared; write `_` if every value is meant")
                }
            case .receive(let channel, let arguments, let isRandom, let keepsMessage):
                if isRandom { rejectEvent("`??`", "write `?`", at: statement.span, role) }
                if keepsMessage { rejectEvent("copying a message", "write `?` without `<` and `>`", at: statement.span, role) }
                requireGlobals(in: channel, role)
                for argument in arguments {
                    switch argument {
                    case .match(let value): requireGlobals(in: value, role)
                    case .store(let place):
                        if case .discard = place.root { continue }
                        warnOfAnyValue(
                            at: place.span, hint: "write `eval(...)` to compare, or `_` if every value is meant")
                    }
                }
            case .selection(let options), .repetition(let options):
                for option in options {
                    if let first = option.statements.first, first.isJump {
                        report(
                            .warning, .jumpInTrace, "as an option of its own, this jump fits every event and uses it up",
                            at: first.span, hint: "put the event that leads on in front of it")
                    }
                    checkEvents(of: option, role)
                }
            default: break
            }
        }
    }

    private func rejectEvent(_ what: String, _ hint: String, at span: Span, _ role: Proctype.Role) {
        report(
            .error, .invalidStatement, "\(what) is not possible in a `\(role == .trace ? "trace" : "notrace")`", at: span,
            hint: hint)
    }

    private func requireGlobals(in expression: Expression, _ role: Proctype.Role) {
        guard let local = firstLocal(in: expression) else { return }
        report(
            .error, .invalidStatement, "a `\(role == .trace ? "trace" : "notrace")` can only look at global variables", at: local,
            hint: "declare it outside")
    }

    private func warnOfAnyValue(at span: Span, hint: String) {
        report(.warning, .anyValueInTrace, "this fits any value", at: span, hint: hint)
    }

    private func isDiscard(_ expression: Expression) -> Bool {
        guard case .load(let place) = expression.kind, case .discard = place.root else { return false }
        return true
    }
}

extension Statement {
    fileprivate var isJump: Bool {
        switch kind {
        case .goto, .break: true
        default: false
        }
    }
}
