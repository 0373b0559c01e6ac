/// `for` and `select`, and statements that start with a name.
extension Parser {
    func parseFor() throws(ParseFailure) -> SyntaxStatement {
        let word = advance()
        try expect("(", "behind `for`")
        if current.kind == .identifier, Keywords.types.contains(current.text) {
            throw fail(
                .unexpectedToken, "the variable of a `for` is declared before, not inside it", at: current.span,
                hint: "declare it in front of the `for`")
        }
        let start = position
        let variable = try parseReference()
        if isPunctuation("=") {
            // Everything up to the end of the body is C too.
            let failure = fail(
                .notPromela, "a `for` with `=` and `;` is C, not Promela", at: word.span,
                hint: "write `for (\(variable.base.text) : first .. last) { ... }`")
            while !isAtEnd, !isPunctuation("{"), !isPunctuation("}") { advance() }
            if isPunctuation("{") { skipBraces() }
            noteLostNames(since: start)
            throw failure
        }
        if accept(":") {
            let from = try parseExpression()
            try expect("..", "between the first and the last value")
            let through = try parseExpression()
            try expect(")", "to close `for (`")
            return try finish(word, .forRange(variable, from: from, through: through, try parseForBody()))
        }
        guard isKeyword("in") else {
            throw unexpected(
                "`:` or `in`", hint: "a loop is written `for (i : first .. last) { ... }` or `for (i in array) { ... }`")
        }
        advance()
        let collection = try parseReference()
        try expect(")", "to close `for (`")
        return try finish(word, .forEach(variable, in: collection, try parseForBody()))
    }

    private func parseForBody() throws(ParseFailure) -> SyntaxBlock {
        if isPunctuation(";") || isPunctuation("->") { advance() }
        return try parseBlock()
    }

    func parseSelect() throws(ParseFailure) -> SyntaxStatement {
        let word = advance()
        let isInline = !activeInlines.isEmpty
        try expect("(", "behind `select`")
        let variable = try parseReference()
        try expect(":", "in front of the values")
        let from = try parseExpression()
        try expect("..", "between the first and the last value")
        let through = try parseExpression()
        try expect(")", "to close `select (`")
        // Spin's lexer writes out the options itself where it sees nothing but literals.
        var form = SyntaxStatement.SelectForm.general
        if !isInline, variable.isPlain, variable.base.text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
            case .number = from.kind, case .number = through.kind
        {
            form = .literalBounds
        }
        return try finish(word, .select(variable, from: from, through: through, form))
    }

    /// A statement that starts with a name: assignment, send, receive, call of an inline, or a condition.
    func parseNameStatement() throws(ParseFailure) -> SyntaxStatement {
        let token = current
        if inlines[token.text] != nil, next.isPunctuation("(") { return try parseInlineCall(assigning: nil) }
        if let hint = Keywords.foreign[token.text], next.isPunctuation("(") || next.kind == .identifier || next.isPunctuation(":")
            || (token.text == "continue")
        {
            let failure = fail(.notPromela, "`\(token.text)` is C, not Promela", at: token.span, hint: hint)
            guard token.text == "while", skipHeadOfWhile() else { throw failure }
            _ = try parseBlock()
            return try finish(token, .invalid)
        }
        let isProcess = proctypeNames.contains(token.text)
        if next.isPunctuation("@") || (isProcess && (next.isPunctuation(":") || next.isPunctuation("["))) {
            return try finish(token, .expression(try parseFullExpression()))
        }
        let reference = try parseReference()
        switch (current.kind, current.text) {
        case (.punctuation, "="):
            advance()
            if isName, inlines[current.text] != nil, next.isPunctuation("(") {
                return try parseInlineCall(assigning: reference)
            }
            return try finish(token, .assign(reference, try parseFullExpression()))
        case (.punctuation, "++"), (.punctuation, "--"):
            let operation: Expression.BinaryOperator = advance().text == "++" ? .add : .subtract
            let value = SyntaxExpression(.reference(reference), span: reference.span)
            let one = SyntaxExpression(.number(1), span: reference.span)
            let span = sources.span(from: reference.span, through: previous?.span ?? reference.span)
            return try finish(
                token, .assign(reference, SyntaxExpression(.binary(operation, value, one), span: span, depth: 3)))
        case (.punctuation, "!"), (.punctuation, "!!"):
            let isSorted = advance().text == "!!"
            return try finish(token, .send(reference, arguments: try parseSendArguments(), isSorted: isSorted))
        case (.punctuation, "?") where !next.isPunctuation("["), (.punctuation, "??") where !next.isPunctuation("["):
            return try parseReceive(from: reference, token)
        default:
            return try finish(token, .expression(try continueExpression(try expression(of: reference))))
        }
    }

    private func parseSendArguments() throws(ParseFailure) -> [SyntaxExpression] {
        let outer = messageDepth
        messageDepth = bracketDepth
        defer { messageDepth = outer }
        var arguments = [try parseExpression()]
        messageDepth = outer
        while true {
            if accept(",") {
                arguments.append(try parseExpression())
            } else if isPunctuation("("), arguments.count == 1 {
                advance()
                repeat { arguments.append(try parseExpression()) } while accept(",")
                try expect(")", "behind the fields of the message")
                return arguments
            } else {
                return arguments
            }
        }
    }

    private func parseReceive(from channel: SyntaxReference, _ token: Token) throws(ParseFailure) -> SyntaxStatement {
        let isRandom = advance().text == "??"
        let keepsMessage = accept("<")
        let arguments = try parseReceiveArguments()
        if keepsMessage { try expect(">", "behind the fields") }
        return try finish(
            token, .receive(channel, arguments: arguments, isRandom: isRandom, keepsMessage: keepsMessage))
    }

    func parseReceiveArguments() throws(ParseFailure) -> [SyntaxReceiveArgument] {
        var arguments: [SyntaxReceiveArgument] = []
        repeat {
            if accept("(") {
                arguments += try nested { () throws(ParseFailure) in try parseReceiveArguments() }
                try expect(")", "behind the fields")
                continue
            }
            arguments.append(try parseReceiveArgument())
            if isPunctuation("(") {
                advance()
                arguments += try nested { () throws(ParseFailure) in try parseReceiveArguments() }
                try expect(")", "behind the fields")
            }
        } while accept(",")
        return arguments
    }

    private func parseReceiveArgument() throws(ParseFailure) -> SyntaxReceiveArgument {
        let token = current
        if token.isWord("eval") {
            advance()
            try expect("(", "behind `eval`")
            let expression = try parseExpression()
            try expect(")", "to close `eval(`")
            return .evaluate(expression)
        }
        if token.isName { return .reference(try parseReference()) }
        switch (token.kind, token.text) {
        case (.number, _), (.identifier, "true"), (.identifier, "false"), (.identifier, "skip"):
            return .constant(try parsePrimary())
        case (.punctuation, "-") where next.kind == .number:
            advance()
            let literal = try parsePrimary()
            return .constant(
                SyntaxExpression(.unary(.negate, literal), span: sources.span(from: token.span, through: literal.span), depth: 2))
        default:
            throw unexpected(
                "a variable, a constant or `eval(...)`", hint: "an expression is compared with the field by `eval(...)`")
        }
    }
}
