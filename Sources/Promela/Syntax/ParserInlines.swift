/// `inline`: tokens that are read again at each call, in the scope of the caller.
extension Parser {
    /// Reads the definition of an inline.
    func parseInline() throws(ParseFailure) {
        advance()
        let name = try expectName("the name of an inline")
        try expect("(", "for the parameters of an inline")
        var parameters: [Name] = []
        if !isPunctuation(")") {
            repeat {
                if current.kind == .identifier, Keywords.types.contains(current.text) {
                    throw fail(
                        .unexpectedToken, "the parameters of an inline have no types", at: current.span,
                        hint: "give their names alone: they are replaced by the text of the arguments")
                }
                parameters.append(try expectName("the name of a parameter"))
            } while accept(",")
        }
        try expect(")", "behind the parameters")
        guard isPunctuation("{") else { throw unexpected("`{` for the body of the inline") }
        let start = position
        let opening = current.span
        var open = 0
        while true {
            if isAtEnd {
                throw fail(.unclosedBlock, "the body of the inline `\(name.text)` is never closed", at: opening, hint: "add `}`")
            }
            if isPunctuation("{") { open += 1 }
            if isPunctuation("}") { open -= 1 }
            advance()
            if open == 0 { break }
        }
        if let existing = inlines[name.text] {
            throw fail(
                .duplicateDeclaration, "the inline `\(name.text)` is defined twice", at: name.span,
                hint: "rename one of them", notes: [.init("defined here first", at: existing.name.span)])
        }
        inlines[name.text] = Inline(name: name, parameters: parameters, body: Array(stream[start..<position]))
        model.inlineNames.append(name)
    }

    /// `name(arguments)`: the statement that the inline's body is, with arguments in place of parameters.
    /// - Parameter target: where `return` stores its value; nil if the call stands alone.
    func parseInlineCall(assigning target: SyntaxReference?) throws(ParseFailure) -> SyntaxStatement {
        let token = advance()
        guard let inline = inlines[token.text] else { throw unexpected("an inline") }
        let arguments = try collectArguments(of: inline)
        let call = sources.span(from: token.span, through: previous?.span ?? token.span)
        guard arguments.count == inline.parameters.count else {
            throw fail(
                .inlineArgumentCount,
                "`\(inline.name.text)` takes \(count(inline.parameters.count, "argument")), not \(arguments.count)", at: call,
                notes: [.init("defined here", at: inline.name.span)])
        }
        guard !activeInlines.contains(inline.name.text) else {
            throw fail(
                .recursiveInline, "the inline `\(inline.name.text)` calls itself", at: call,
                hint: "use a `proctype` with `run`, or a loop", notes: [.init("defined here", at: inline.name.span)])
        }
        let body = try expand(inline, arguments, call: call, outer: token.span.expansion)
        return try nested { () throws(ParseFailure) in
            let saved = (stream, position, previous, impliedSeparator, bracketDepth, returnTarget)
            activeInlines.append(inline.name.text)
            stream = body
            position = 0
            impliedSeparator = nil
            bracketDepth = 0
            returnTarget = target
            defer {
                activeInlines.removeLast()
                (stream, position, previous, impliedSeparator, bracketDepth, returnTarget) = saved
                // To what follows, the call ends in the brace of the inline's body.
                previous = Token(kind: .punctuation, text: "}", span: call)
                implySeparator()
            }
            let block = try parseBlock()
            return SyntaxStatement(.block(block), span: call)
        }
    }

    /// The tokens of each argument; at `(`.
    private func collectArguments(of inline: Inline) throws(ParseFailure) -> [[StreamToken]] {
        let opening = try expect("(", "for the arguments of an inline")
        var arguments: [[StreamToken]] = [[]]
        var open = 0
        while true {
            if isAtEnd {
                throw fail(
                    .unclosedBlock, "the arguments of `\(inline.name.text)` are never closed", at: opening.span,
                    hint: "add `)`")
            }
            let token = current
            if token.kind == .punctuation {
                switch token.text {
                case "(", "[", "{": open += 1
                case "]", "}": open -= 1
                case ")":
                    if open <= 0 {
                        advance()
                        return arguments == [[]] ? [] : arguments
                    }
                    open -= 1
                case "," where open == 0:
                    advance()
                    arguments.append([])
                    continue
                default: break
                }
            }
            arguments[arguments.count - 1].append(StreamToken(token: token, startsLine: false))
            advance()
        }
    }

    private func expand(
        _ inline: Inline, _ arguments: [[StreamToken]], call: Span, outer: ExpansionID
    ) throws(ParseFailure) -> [StreamToken] {
        let identifier = sources.add(Expansion(kind: .inline, name: inline.name.text, callSite: call))
        var replacements: [String: [StreamToken]] = [:]
        var relocation = Relocation(into: identifier, outer: outer)
        for (parameter, argument) in zip(inline.parameters, arguments) {
            replacements[parameter.text] = argument.map { relocation.relocate($0, in: &sources) }
        }
        var bodyRelocation = Relocation(into: identifier, outer: .none)
        var body: [StreamToken] = []
        body.reserveCapacity(inline.body.count + 1)
        for element in inline.body {
            if element.token.kind == .identifier, let replacement = replacements[element.token.text] {
                let first = body.count
                body += replacement
                if body.count > first { body[first].startsLine = element.startsLine }
            } else {
                body.append(bodyRelocation.relocate(element, in: &sources))
            }
            if expandedTokens + body.count > expansionLimit {
                throw fail(
                    .inlineTooLong, "the inlines of this model expand to more than \(expansionLimit) tokens", at: call,
                    hint: "let inlines call each other less often")
            }
        }
        expandedTokens += body.count
        body.append(StreamToken(token: Token(kind: .end, text: "", span: call), startsLine: false))
        return body
    }

    /// Reports `name(` where `name` is no inline.
    func unknownCall(_ name: Name) -> ParseFailure {
        if proctypeNames.contains(name.text) {
            return fail(
                .unexpectedToken, "`\(name.text)` is a process, and is started with `run`", at: name.span,
                hint: "write `run \(name.text)(...)`")
        }
        if Keywords.foreign[name.text] == nil, allInlineNames.contains(name.text) {
            return fail(
                .undeclaredName, "the inline `\(name.text)` is called before it is defined, or inside an expression",
                at: name.span, hint: "define it further up; its value can only be used as `x = \(name.text)(...)`")
        }
        let similar = nearestName(to: name.text, among: allInlineNames)
        return fail(
            .undeclaredName, "there is no inline `\(name.text)`", at: name.span,
            hint: similar.map { "did you mean `\($0)`?" } ?? "Promela has no functions; define `inline \(name.text)(...) { ... }`")
    }
}

/// Gives tokens the expansion that they are brought to by the call of an inline.
private struct Relocation {
    let target: ExpansionID
    /// The expansion that the tokens stood in before.
    let outer: ExpansionID
    private var known: [ExpansionID: ExpansionID] = [:]

    init(into target: ExpansionID, outer: ExpansionID) {
        self.target = target
        self.outer = outer
    }

    mutating func relocate(_ element: Parser.StreamToken, in sources: inout SourceMap) -> Parser.StreamToken {
        var result = element
        result.token.span.expansion = relocate(element.token.span.expansion, in: &sources)
        return result
    }

    private mutating func relocate(_ expansion: ExpansionID, in sources: inout SourceMap) -> ExpansionID {
        if expansion == outer { return target }
        guard var copy = sources[expansion] else { return target }
        if let known = known[expansion] { return known }
        copy.callSite.expansion = relocate(copy.callSite.expansion, in: &sources)
        let identifier = sources.add(copy)
        known[expansion] = identifier
        return identifier
    }
}

/// "1 argument", "3 arguments".
func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
