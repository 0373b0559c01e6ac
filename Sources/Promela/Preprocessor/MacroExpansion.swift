extension PreprocessingRun {
    /// Puts the expansion of a macro in front of what is to be read; false if the name is not called here.
    mutating func expand(_ macro: Macro, at name: Lexeme) -> Bool {
        if name.span.expansion == .none { outermostCall = name.span }
        var callSite = name.span
        var arguments: [[Lexeme]] = []
        var omitsRest = false
        if let parameters = macro.parameters {
            guard takeOpeningParenthesis() else { return false }
            guard let call = collectedArguments(of: macro, parameters: parameters, at: name) else { return false }
            arguments = call.arguments
            omitsRest = call.omitsRest
            callSite = callSite.joined(with: call.closing)
            if name.span.expansion == .none { outermostCall = callSite }
        }
        let expansion = Expansion(kind: .macro, name: macro.name, callSite: callSite, definition: macro.span)
        let outer = sources[name.span.expansion]
        for index in arguments.indices where !arguments[index].isEmpty {
            // Each argument has its own, so that spans of it never join with spans of the body.
            let identity = sources.add(expansion)
            for position in arguments[index].indices {
                // What was expanded further in before it got here keeps its own way out, which ends at the same place.
                let inner = sources[arguments[index][position].span.expansion]
                if inner?.callSite == outer?.callSite { arguments[index][position].span.expansion = identity }
            }
        }
        var body = substituted(macro, arguments: arguments, omitsRest: omitsRest, expansion: expansion)
        if !body.isEmpty { body[0].hasLeadingSpace = name.hasLeadingSpace }
        push(body, macro: macro.name, at: name.span)
        return true
    }

    // MARK: Arguments

    /// What stands between the parentheses of a call, the first of which is already read; nil, with a diagnostic, if that
    /// does not fit the macro.
    private mutating func collectedArguments(
        of macro: Macro, parameters: [String], at name: Lexeme
    ) -> (arguments: [[Lexeme]], omitsRest: Bool, closing: Span)? {
        let wasCollecting = isCollecting
        isCollecting = true
        defer { isCollecting = wasCollecting }

        var arguments: [[Lexeme]] = [[]]
        var depth = 0
        while var lexeme = nextUnexpanded() {
            if lexeme.isPunctuation("(") {
                depth += 1
            } else if lexeme.isPunctuation(")") {
                if depth == 0 {
                    let omitsRest =
                        macro.isVariadic
                        && (arguments.count < parameters.count || parameters.count == 1 && arguments[0].isEmpty)
                    guard fit(&arguments, to: macro, parameters: parameters, at: name) else { return nil }
                    return (arguments, omitsRest, lexeme.span)
                }
                depth -= 1
            } else if lexeme.isPunctuation(","), depth == 0,
                !(macro.isVariadic && arguments.count == parameters.count)
            {
                arguments.append([])
                continue
            }
            if lexeme.startsLine {
                lexeme.startsLine = false
                lexeme.hasLeadingSpace = true
            }
            arguments[arguments.count - 1].append(lexeme)
        }
        if !isStopped {
            report(
                .error, .unterminatedMacroCall, "the arguments of this call of `\(macro.name)` never end",
                at: name.span, hint: "close them with `)`", notes: [definitionNote(macro)])
        }
        return nil
    }

    private mutating func fit(
        _ arguments: inout [[Lexeme]], to macro: Macro, parameters: [String], at name: Lexeme
    ) -> Bool {
        if parameters.isEmpty, arguments.count == 1, arguments[0].isEmpty { arguments = [] }
        // The remaining arguments may be none, with or without the comma in front of them.
        if macro.isVariadic, arguments.count == parameters.count - 1 { arguments.append([]) }
        guard arguments.count != parameters.count else { return true }
        let wanted = macro.isVariadic ? "at least \(parameters.count - 1)" : "\(parameters.count)"
        let plural = wanted == "1" || wanted == "at least 1" ? "" : "s"
        report(
            .error, .macroArguments,
            "the macro `\(macro.name)` takes \(wanted) argument\(plural), but is given \(arguments.count)",
            at: name.span, notes: [definitionNote(macro)])
        return false
    }

    private func definitionNote(_ macro: Macro) -> Diagnostic.Note {
        Diagnostic.Note("`\(macro.name)` is defined here", at: macro.span)
    }

    // MARK: Substitution

    /// The body of `macro` with its arguments in place.
    /// - Parameter omitsRest: whether a variadic macro is called without the arguments that remain. Given but empty, as
    ///   in `F(x,)`, is something else.
    private mutating func substituted(
        _ macro: Macro, arguments: [[Lexeme]], omitsRest: Bool, expansion: Expansion
    ) -> [Lexeme] {
        let identity = macro.body.isEmpty ? ExpansionID.none : sources.add(expansion)
        var expandedArguments = [[Lexeme]?](repeating: nil, count: arguments.count)
        var result: [Lexeme] = []
        var pastes = false
        for (index, piece) in macro.body.enumerated() where !isStopped {
            var lexeme = piece.lexeme
            lexeme.span.expansion = identity
            var lexemes = [lexeme]
            if let parameter = piece.parameter, parameter < arguments.count {
                let argument = arguments[parameter]
                if piece.isStringized {
                    lexemes = [stringized(argument, as: lexeme)]
                } else if pastes || piece.pastesNext {
                    lexemes = argument
                    if argument.isEmpty {
                        lexeme.kind = .placemarker
                        lexeme.text = ""
                        lexemes = [lexeme]
                    }
                } else if let known = expandedArguments[parameter] {
                    lexemes = known
                } else {
                    lexemes = expanded(argument, at: expansion.callSite)
                    expandedArguments[parameter] = lexemes
                }
                if !lexemes.isEmpty { lexemes[0].hasLeadingSpace = lexeme.hasLeadingSpace }
            }
            charge(max(1, lexemes.count))
            if index > 0, macro.isDroppableComma(at: index - 1) {
                if omitsRest, result.last?.isPunctuation(",") == true { result.removeLast() }
                result += lexemes
            } else if pastes, let left = result.popLast(), let right = lexemes.first {
                result += pasted(left, right)
                result += lexemes.dropFirst()
            } else {
                result += lexemes
            }
            pastes = piece.pastesNext
        }
        result.removeAll { $0.kind == .placemarker }
        return result
    }

    /// `#`: the spelling of an argument as a string.
    private mutating func stringized(_ argument: [Lexeme], as place: Lexeme) -> Lexeme {
        var text: [UInt8] = []
        for (index, lexeme) in argument.enumerated() {
            if index > 0, lexeme.hasLeadingSpace { text.append(UInt8(ascii: " ")) }
            let isQuoted = lexeme.kind == .string || lexeme.kind == .character || lexeme.kind == .unterminated
            for byte in lexeme.text.utf8 {
                if isQuoted, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    text.append(UInt8(ascii: "\\"))
                }
                text.append(byte)
            }
            charge(forTextOf: lexeme.text.utf8.count)
        }
        // A single backslash at the end would take the closing quotation mark with it.
        if text.reversed().prefix(while: { $0 == UInt8(ascii: "\\") }).count % 2 == 1 { text.removeLast() }
        var result = place
        result.kind = .string
        result.text = "\"" + String(decoding: text, as: UTF8.self) + "\""
        return result
    }

    /// `##`: two lexemes as one; both of them, with a diagnostic, if together they are not one.
    private mutating func pasted(_ left: Lexeme, _ right: Lexeme) -> [Lexeme] {
        if right.kind == .placemarker { return [left] }
        if left.kind == .placemarker { return [right] }
        let text = left.text + right.text
        charge(forTextOf: text.utf8.count)
        var scanner = Scanner(bytes: Array(text.utf8), file: left.span.file)
        guard var result = scanner.next(), scanner.next() == nil, result.text.utf8.count == text.utf8.count,
            result.kind != .unterminated
        else {
            report(
                .error, .invalidPaste, "`\(left.text)` and `\(right.text)` do not make one token", at: left.span,
                hint: "leave out the `##` between them")
            return [left, right]
        }
        result.span = left.span
        result.hasLeadingSpace = left.hasLeadingSpace
        result.startsLine = false
        return [result]
    }

    // MARK: Names with a meaning of their own

    /// Whether `#ifdef` holds for a name.
    func isDefined(_ name: String) -> Bool {
        macros[name] != nil || name == "__FILE__" || name == "__LINE__"
    }

    /// `__LINE__` and `__FILE__`: where they stand, or the call that they came from, as a number and as a string.
    func expandedBuiltin(_ name: Lexeme) -> Lexeme? {
        guard name.text == "__LINE__" || name.text == "__FILE__" else { return nil }
        let location = sources.location(of: writtenPlace(of: name.span))
        var result = name
        if name.text == "__LINE__" {
            result.kind = .number
            result.text = String(location.line)
        } else {
            let escaped = location.path.flatMap { $0 == "\\" || $0 == "\"" ? ["\\", $0] : [$0] }
            result.kind = .string
            result.text = "\"" + String(escaped) + "\""
        }
        return result
    }

    /// Where the author wrote what `span` came from: a place in an argument of the outermost call, or that call.
    private func writtenPlace(of span: Span) -> Span {
        guard let call = outermostCall, span.expansion != .none else { return span }
        var place = span
        // The way out can be as long as the model, for macros that go on in what follows them.
        for _ in 0..<Limit.expansionDepth {
            if place.file == call.file, place.start >= call.start, place.end <= call.end { return place }
            guard let expansion = sources[place.expansion] else { break }
            place = expansion.callSite
        }
        return call
    }

    /// `defined NAME` or `defined (NAME)`, as 1 or 0.
    mutating func resolvedDefined(_ keyword: Lexeme) -> Lexeme {
        var result = keyword
        result.kind = .number
        result.text = "0"
        var operand = nextUnexpanded()
        let isParenthesized = operand?.isPunctuation("(") == true
        if isParenthesized { operand = nextUnexpanded() }
        guard let operand, operand.kind == .identifier,
            !isParenthesized || nextUnexpanded()?.isPunctuation(")") == true
        else {
            report(
                .error, .malformedCondition, "`defined` must be followed by a name, or by one in parentheses",
                at: keyword.span)
            return result
        }
        result.text = isDefined(operand.text) ? "1" : "0"
        return result
    }
}
