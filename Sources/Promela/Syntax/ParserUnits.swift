/// The outermost level of a model.
extension Parser {
    func parseModel() -> SyntaxModel {
        var formulas: [SyntaxUnit] = []
        while !isAtEnd, diagnostics.count < Self.maximumErrors {
            let start = position
            bracketDepth = 0
            impliesSeparators = false
            impliedSeparator = nil
            do throws(ParseFailure) {
                if let unit = try parseUnit() {
                    if case .formula = unit { formulas.append(unit) } else { model.units.append(unit) }
                }
            } catch {
                isInFormula = false
                impliesSeparators = false
                impliedSeparator = nil
                if position == start { advance() }
                skipUnit()
                for element in stream[start..<position] where element.token.isName { lostNames.insert(element.token.text) }
            }
            if position == start, !isAtEnd { advance() }
        }
        // Spin reads formulas last, wherever they stand, so they may speak of what is declared behind them.
        model.units += formulas
        return model
    }

    private func parseUnit() throws(ParseFailure) -> SyntaxUnit? {
        if accept(";") || accept("->") { return nil }
        let token = current
        guard token.kind == .identifier else {
            if token.isPunctuation("}") {
                throw fail(.mismatchedEnd, "`}` closes nothing", at: token.span, hint: "remove it")
            }
            throw unexpected("a declaration, a `proctype` or `init`")
        }
        switch token.text {
        case "proctype", "D_proctype", "active": return .process(try parseProctype())
        case "init": return .process(try parseInit())
        case "never": return .process(try parseNever())
        case "trace", "notrace": return .process(try parseTrace())
        case "ltl": return .formula(try parseFormula())
        case "typedef": return .record(try parseTypedef())
        case "inline":
            try parseInline()
            return nil
        case "mtype" where isMessageTypeDefinition: return .messageTypes(try parseMessageTypes())
        case _ where Keywords.embedded.contains(token.text):
            skipEmbedded()
            return nil
        case _ where startsDeclaration: return .declaration(try parseDeclaration(isTopLevel: true))
        default:
            throw strayWord(token)
        }
    }

    /// Reports a word that starts nothing at the outermost level.
    private func strayWord(_ token: Token) -> ParseFailure {
        if let hint = Keywords.foreign[token.text], next.kind == .identifier {
            return fail(.notPromela, "`\(token.text)` is C, not Promela", at: token.span, hint: hint)
        }
        if token.text == "define" || token.text == "include" {
            return fail(.unexpectedToken, "`\(token.text)` without `#`", at: token.span, hint: "write `#\(token.text)`")
        }
        return fail(
            .unexpectedToken, "`\(token.text)` starts no declaration and no process", at: token.span,
            hint: "statements belong into `init { ... }` or the body of a `proctype`")
    }

    // MARK: Processes

    private func parseProctype() throws(ParseFailure) -> SyntaxProcess {
        let start = current.span
        var activeCount: SyntaxExpression?
        if isKeyword("active") {
            let word = advance()
            activeCount = SyntaxExpression(.number(1), span: word.span)
            if accept("[") {
                activeCount = try parseExpression()
                try expect("]", "behind the number of processes")
            }
        }
        guard isKeyword("proctype") || isKeyword("D_proctype") else { throw unexpected("`proctype`") }
        let isDeterministic = advance().text == "D_proctype"
        let name = try expectName("the name of a process")
        try expect("(", "for the parameters", hint: "a process without parameters is written `proctype \(name.text)()`")
        proctypeNames.insert(name.text)
        var parameters: [SyntaxDeclaration] = []
        while !isPunctuation(")") {
            guard startsDeclaration else {
                throw unexpected("the type of a parameter", hint: "parameters are written `type name; type name`")
            }
            parameters.append(try parseDeclaration())
            if accept(";") { continue }
            if isPunctuation(",") {
                throw fail(
                    .unexpectedToken, "`,` between parameters of different types", at: current.span, hint: "write `;`")
            }
            break
        }
        try expect(")", "behind the parameters")
        let priority = try parsePriority()
        var provided: SyntaxExpression?
        if isKeyword("provided") {
            advance()
            try expect("(", "for the condition of `provided`")
            provided = try parseFullExpression()
            try expect(")", "behind the condition of `provided`")
        }
        let header = sources.span(from: start, through: previous?.span ?? start)
        let (body, end) = try parseBody(of: "proctype \(name.text)")
        return SyntaxProcess(
            name: name, role: .process, isDeterministic: isDeterministic, activeCount: activeCount, parameters: parameters,
            priority: priority, provided: provided, body: body, span: header, endSpan: end)
    }

    private func parseInit() throws(ParseFailure) -> SyntaxProcess {
        let word = advance()
        let priority = try parsePriority()
        let (body, end) = try parseBody(of: "init")
        return SyntaxProcess(
            name: Name(text: ":init:", span: word.span), role: .initial, priority: priority, body: body, span: word.span,
            endSpan: end)
    }

    private func parseNever() throws(ParseFailure) -> SyntaxProcess {
        let word = advance()
        var name = Name(text: "never", span: word.span)
        if isName { name = try expectName("the name of a claim") }
        let (body, end) = try parseBody(of: "never")
        return SyntaxProcess(name: name, role: .neverClaim, body: body, span: word.span, endSpan: end)
    }

    private func parseTrace() throws(ParseFailure) -> SyntaxProcess {
        let word = advance()
        let (body, end) = try parseBody(of: word.text)
        return SyntaxProcess(
            name: Name(text: word.text, span: word.span), role: word.text == "trace" ? .trace : .notrace, body: body,
            span: word.span, endSpan: end)
    }

    private func parsePriority() throws(ParseFailure) -> SyntaxExpression? {
        guard isKeyword("priority") else { return nil }
        advance()
        return try parsePrimary()
    }

    private func parseBody(of what: String) throws(ParseFailure) -> (SyntaxBlock, Span) {
        guard isPunctuation("{") else { throw unexpected("`{` for the body of `\(what)`") }
        impliesSeparators = true
        defer {
            impliesSeparators = false
            impliedSeparator = nil
        }
        let block = try parseBlock()
        return (block, previous?.span ?? block.span)
    }

    // MARK: Formulas

    private func parseFormula() throws(ParseFailure) -> SyntaxFormula {
        let word = advance()
        var name: Name?
        if isName { name = try expectName("the name of a formula") }
        try expect("{", "for the formula")
        isInFormula = true
        defer { isInFormula = false }
        let root = try parseFullExpression()
        _ = accept(";")
        isInFormula = false
        guard isPunctuation("}") else { throw unexpected("`}` behind the formula") }
        let end = advance().span
        return SyntaxFormula(name: name, root: root, span: sources.span(from: word.span, through: end))
    }

    // MARK: Types

    private var isMessageTypeDefinition: Bool {
        if next.isPunctuation("=") || next.isPunctuation("{") { return true }
        guard next.isPunctuation(":"), position + 3 < stream.count else { return false }
        return stream[position + 3].token.isPunctuation("=")
    }

    private func parseMessageTypes() throws(ParseFailure) -> SyntaxMessageTypes {
        let word = advance()
        var set: Name?
        if accept(":") { set = try expectName("the name of a set of symbolic names") }
        _ = accept("=")
        try expect("{", "for the symbolic names")
        var members: [Name] = []
        while !isPunctuation("}") {
            if accept(",") { continue }
            members.append(try expectName("a symbolic name"))
        }
        let end = advance().span
        guard !members.isEmpty else {
            throw fail(
                .emptySequence, "a set of symbolic names needs at least one", at: sources.span(from: word.span, through: end),
                hint: "put a name between the braces")
        }
        return SyntaxMessageTypes(set: set, members: members, span: sources.span(from: word.span, through: end))
    }

    private func parseTypedef() throws(ParseFailure) -> SyntaxRecord {
        let word = advance()
        let name = try expectName("the name of a type")
        try expect("{", "for the fields")
        impliesSeparators = true
        defer {
            impliesSeparators = false
            impliedSeparator = nil
        }
        recordNames.insert(name.text)
        var fields: [SyntaxDeclaration] = []
        while !isPunctuation("}") {
            if accept(";") { continue }
            guard startsDeclaration else { throw unexpected("the type of a field") }
            fields.append(try parseDeclaration())
            if isPunctuation("}") || isPunctuation(";") { continue }
            throw unexpected("`;` behind a field")
        }
        impliesSeparators = false
        let end = advance().span
        guard !fields.isEmpty else {
            throw fail(
                .emptySequence, "`\(name.text)` has no field", at: sources.span(from: word.span, through: end),
                hint: "declare a field between the braces")
        }
        return SyntaxRecord(name: name, fields: fields, span: sources.span(from: word.span, through: end))
    }
}
