/// Declarations of variables.
extension Parser {
    /// Whether the current token starts a declaration: a type or a visibility, or a name with another name behind it.
    var startsDeclaration: Bool {
        guard current.kind == .identifier else { return false }
        if Keywords.types.contains(current.text) || Keywords.visibilities.contains(current.text) { return true }
        guard current.isName, next.kind == .identifier else { return false }
        if recordNames.contains(current.text) { return true }
        return next.isName && !nextStartsLine
    }

    func parseDeclaration(isTopLevel: Bool = false) throws(ParseFailure) -> SyntaxDeclaration {
        let start = current.span
        var visibility = Variable.Visibility.ordinary
        if current.kind == .identifier, Keywords.visibilities.contains(current.text) {
            switch advance().text {
            case "hidden": visibility = .hidden
            case "show": visibility = .show
            default: visibility = .local
            }
        }
        let typeSpan = current.span
        let type = try parseType()
        var items: [SyntaxDeclaration.Item] = []
        repeat {
            items.append(try parseItem(type: type, typeSpan: typeSpan, isFirst: items.isEmpty))
        } while accept(",")
        if isTopLevel { try rejectMissingSeparator() }
        return SyntaxDeclaration(
            visibility: visibility, type: type, typeSpan: typeSpan, items: items,
            span: sources.span(from: start, through: previous?.span ?? start))
    }

    /// Two declarations at the outermost level need nothing between them, but an operator there is an error.
    private func rejectMissingSeparator() throws(ParseFailure) {
        if isPunctuation(";") || isAtEnd || current.kind == .identifier { return }
        throw unexpected("`;` behind the declaration")
    }

    /// A type, consumed.
    func parseType() throws(ParseFailure) -> SyntaxDeclaration.TypeName {
        let token = current
        guard token.kind == .identifier else { throw unexpected("a type") }
        advance()
        switch token.text {
        case "bit": return .bit
        case "bool": return .bool
        case "byte": return .byte
        case "short": return .short
        case "int": return .int
        case "unsigned": return .unsigned
        case "pid": return .pid
        case "chan": return .chan
        case "mtype":
            if isPunctuation(":"), next.isName {
                advance()
                return .mtype(try expectName("the name of a set of symbolic names"))
            }
            return .mtype(nil)
        default:
            if token.isName { return .record(Name(text: token.text, span: token.span)) }
            throw fail(
                .unexpectedToken, "expected a type, found `\(token.text)`", at: token.span,
                hint: "write a type such as `byte`, or the name of a `typedef`")
        }
    }

    private func parseItem(
        type: SyntaxDeclaration.TypeName, typeSpan: Span, isFirst: Bool
    ) throws(ParseFailure) -> SyntaxDeclaration.Item {
        if isFirst, current.kind == .identifier, Keywords.types.contains(current.text) {
            throw fail(
                .keywordAsName, "`\(current.text)` is a type, and `\(sources.text(of: typeSpan))` is one already",
                at: current.span, hint: "a variable has one type; `unsigned x : 32` is a wide one")
        }
        guard current.kind == .identifier else {
            throw fail(
                .missingName, "expected the name of a variable behind its type, found \(current.description)",
                at: current.span, hint: isPunctuation("*") ? "Promela has no pointers" : nil)
        }
        let name = try expectName("the name of a variable")
        var item = SyntaxDeclaration.Item(name: name, span: name.span)
        if accept(":") { item.width = try parsePrimary() }
        if accept("[") {
            item.count = try parseExpression()
            try expect("]", "behind the size of the array")
        }
        if accept("=") { item.initializer = try parseInitializer() }
        item.span = sources.span(from: name.span, through: previous?.span ?? name.span)
        return item
    }

    private func parseInitializer() throws(ParseFailure) -> SyntaxDeclaration.Item.Initializer {
        let start = current.span
        if accept("{") {
            var values: [SyntaxExpression] = []
            bracketDepth += 1
            defer { bracketDepth = max(0, bracketDepth - 1) }
            repeat { values.append(try parseExpression()) } while accept(",")
            guard isPunctuation("}") else { throw unexpected("`}` behind the values") }
            bracketDepth = max(0, bracketDepth - 1)
            let end = advance().span
            bracketDepth += 1
            return .values(values, sources.span(from: start, through: end))
        }
        guard accept("[") else { return .value(try parseFullExpression()) }
        let capacity = try parseExpression()
        try expect("]", "behind the capacity of the channel")
        guard isKeyword("of") else {
            throw unexpected("`of { ... }`", hint: "a channel is written `chan name = [capacity] of { types }`")
        }
        advance()
        try expect("{", "for the types of a message")
        var fields: [(type: SyntaxDeclaration.TypeName, width: SyntaxExpression?, span: Span)] = []
        bracketDepth += 1
        defer { bracketDepth = max(0, bracketDepth - 1) }
        repeat {
            let span = current.span
            let type = try parseType()
            if isName {
                throw fail(
                    .unexpectedToken, "the fields of a message have no names", at: current.span,
                    hint: "give the types alone: `of { byte, int }`")
            }
            // Spin has no such field; without it a wide value could not be sent.
            let width = accept(":") ? try parsePrimary() : nil
            fields.append((type, width, sources.span(from: span, through: previous?.span ?? span)))
        } while accept(",")
        guard isPunctuation("}") else { throw unexpected("`}` behind the types of a message") }
        // The brackets must be counted closed before the line end behind the brace is looked at.
        bracketDepth = max(0, bracketDepth - 1)
        let end = advance().span
        bracketDepth += 1
        return .channel(capacity: capacity, fields: fields, sources.span(from: start, through: end))
    }
}
