/// Statements and sequences of them.
extension Parser {
    /// `{ ... }`
    func parseBlock() throws(ParseFailure) -> SyntaxBlock {
        try nested { () throws(ParseFailure) in
            let opening = try expect("{", "for a block")
            let statements = parseSequence()
            let span = sources.span(from: opening.span, through: current.span)
            guard isPunctuation("}") else {
                if isKeyword("fi") || isKeyword("od") {
                    let word = advance()
                    throw fail(
                        .mismatchedEnd, "`\(word.text)` inside a block whose `{` is open", at: word.span,
                        hint: "close the block with `}` first", notes: [.init("the block starts here", at: opening.span)])
                }
                if isPunctuation("::") {
                    throw fail(
                        .mismatchedEnd, "`::` outside of `if` and `do`", at: current.span,
                        hint: "close the block with `}` first, or put `if` in front of the options",
                        notes: [.init("the block starts here", at: opening.span)])
                }
                // One brace is missing, but every block around it is open too.
                if isAtEnd, diagnostics.last?.code == .unclosedBlock { throw ParseFailure() }
                throw fail(
                    .unclosedBlock, "this `{` is never closed", at: opening.span, hint: "add `}`",
                    notes: [.init("here a `}` is missing at the latest", at: current.span)])
            }
            advance()
            if statements.isEmpty {
                report(
                    .error, .emptySequence, "a block needs at least one statement", at: span,
                    hint: "`skip` is the statement that does nothing")
            }
            return SyntaxBlock(statements: statements, span: span)
        }
    }

    /// Statements up to a token that ends a sequence, which stays.
    /// - Parameter isOption: whether the first statement is the guard of an option.
    func parseSequence(isOption: Bool = false) -> [SyntaxStatement] {
        var statements: [SyntaxStatement] = []
        while !endsSequence {
            if isPunctuation(";") || isPunctuation("->") {
                if statements.isEmpty, current.span.start != current.span.end {
                    report(
                        .error, .emptySequence, "expected a statement in front of `\(current.text)`", at: current.span,
                        hint: "remove it, or write `skip`")
                }
                advance()
                continue
            }
            let start = position
            let (brackets, level) = (bracketDepth, nesting)
            do throws(ParseFailure) {
                let statement = try parseStep()
                if isOption, statements.isEmpty, isPunctuation("->") { warnIfAssignment(isGuard: statement) }
                statements.append(statement)
                checkSeparator(after: statement)
            } catch {
                nesting = level
                bracketDepth = brackets
                statements.append(SyntaxStatement(.invalid, span: current.span))
                if position == start, !endsSequence { advance() }
                skipStatement()
                noteLostNames(since: start)
                if diagnostics.count >= Self.maximumErrors { skipToEnd() }
            }
            if position == start, !endsSequence { advance() }
        }
        return statements
    }

    /// Warns of `:: x = 3 -> ...`, which is likely to be meant as a comparison. Text of macros and inlines is often used in
    /// both places, so the arrow behind it says little, and `x++` is no misspelt comparison.
    private func warnIfAssignment(isGuard statement: SyntaxStatement) {
        guard case .assign(let target, let value) = statement.kind, statement.span.expansion == .none,
            value.span.start > target.span.start
        else { return }
        report(
            .warning, .assignmentAsGuard, "this assignment is always executable", at: statement.span,
            hint: "to compare, write `==`; to assign, put `;` behind it instead of `->`")
    }

    /// Notes the names in skipped text that may have declared them, so that nobody complains when they are missing.
    func noteLostNames(since start: Int) {
        guard start < position else { return }
        let skipped = stream[start..<position].map(\.token)
        let declares = skipped.contains {
            $0.isPunctuation(":") || ($0.kind == .identifier && (Keywords.types.contains($0.text) || recordNames.contains($0.text)))
        }
        guard declares else { return }
        for token in skipped where token.isName { lostNames.insert(token.text) }
    }

    private func skipToEnd() {
        position = stream.count - 1
        impliedSeparator = nil
    }

    private var endsSequence: Bool {
        if isAtEnd { return true }
        switch current.kind {
        case .punctuation: return current.text == "}" || current.text == "::"
        case .identifier: return current.text == "fi" || current.text == "od" || startsUnit
        default: return false
        }
    }

    /// Reports a statement that follows another with nothing between them.
    private func checkSeparator(after statement: SyntaxStatement) {
        if isPunctuation(";") || isPunctuation("->") || endsSequence { return }
        if previous?.isPunctuation("}") == true { return }
        if case .otherwise = statement.kind { return }
        if let problem = lineStartProblem() {
            report(.error, problem.code, problem.message, at: current.span, hint: problem.hint)
            skipStatement()
            return
        }
        switch current.kind {
        case .identifier, .number:
            report(
                .error, .missingSeparator, "expected `;` between two statements, found \(current.description)",
                at: current.span, hint: "end the statement before with `;`")
        default:
            if isPunctuation("{") || isPunctuation("(") {
                report(
                    .error, .missingSeparator, "expected `;` between two statements, found \(current.description)",
                    at: current.span, hint: "end the statement before with `;` or `->`")
            } else {
                let hint = isPunctuation("?") ? "a conditional expression is written `(condition -> a : b)`" : nil
                _ = unexpected("`;` behind the statement", hint: hint)
                skipStatement()
            }
        }
    }

    /// What is wrong when an operator starts a statement.
    private func lineStartProblem() -> (code: DiagnosticCode, message: String, hint: String)? {
        guard current.kind == .punctuation, stream[position].startsLine else { return nil }
        guard Expression.BinaryOperator(rawValue: current.text) != nil, current.text != "-" else { return nil }
        return (
            .lineEndsStatement, "the statement has ended with the line before, so `\(current.text)` cannot continue it",
            "put the operator at the end of that line, or the whole expression in parentheses"
        )
    }

    /// A statement, perhaps with `unless`, or a declaration.
    private func parseStep() throws(ParseFailure) -> SyntaxStatement {
        let statement = try parseStatement()
        guard isKeyword("unless") else { return statement }
        advance()
        let escape = try parseStatement()
        let span = sources.span(from: statement.span, through: escape.span)
        if isKeyword("unless") {
            throw fail(
                .unexpectedToken, "`unless` behind `unless`", at: current.span, hint: "put the first of them in braces")
        }
        return SyntaxStatement(.unless(statement, escape: escape), span: span)
    }

    func parseStatement() throws(ParseFailure) -> SyntaxStatement {
        var labels: [Name] = []
        while isName, next.isPunctuation(":"), !proctypeNames.contains(current.text) {
            labels.append(try expectName("a label"))
            advance()
        }
        if let label = labels.last {
            // A label alone stands for a labelled `skip`.
            if isPunctuation(";") || isPunctuation("->") || endsSequence {
                return SyntaxStatement(
                    .expression(SyntaxExpression(.number(1), span: label.span)), span: label.span, labels: labels)
            }
            if startsDeclaration || isKeyword("xr") || isKeyword("xs") {
                throw fail(
                    .labeledDeclaration, "the label `\(label.text)` stands in front of a declaration", at: label.span,
                    hint: "move the declaration in front of the label")
            }
        }
        var statement = try nested { () throws(ParseFailure) in try parseUnlabeledStatement() }
        statement.labels = labels + statement.labels
        return statement
    }

    private func parseUnlabeledStatement() throws(ParseFailure) -> SyntaxStatement {
        let token = current
        if token.isPunctuation("{") {
            let block = try parseBlock()
            return SyntaxStatement(.block(block), span: block.span)
        }
        guard token.kind == .identifier else {
            if let problem = lineStartProblem() {
                throw fail(problem.code, problem.message, at: token.span, hint: problem.hint)
            }
            return try finish(token, .expression(try parseFullExpression()))
        }
        if startsDeclaration {
            return try finish(token, .declaration(try parseDeclaration()))
        }
        switch token.text {
        case "if":
            advance()
            return try finish(token, .selection(try parseOptions(of: token, until: "fi")))
        case "do":
            advance()
            return try finish(token, .repetition(try parseOptions(of: token, until: "od")))
        case "for": return try parseFor()
        case "select": return try parseSelect()
        case "goto":
            advance()
            return try finish(token, .goto(try expectName("the name of a label")))
        case "break":
            advance()
            return try finish(token, .break)
        case "else":
            advance()
            return try finish(token, .otherwise)
        case "atomic":
            advance()
            return try finish(token, .atomic(try parseBlock()))
        case "d_step":
            advance()
            return try finish(token, .deterministicStep(try parseBlock()))
        case "assert":
            advance()
            return try finish(token, .assert(try parseFullExpression()))
        case "printf", "printm": return try parsePrint()
        case "xr", "xs":
            advance()
            var references: [SyntaxReference] = []
            repeat { references.append(try parseReference()) } while accept(",")
            return try finish(token, .exclusive(references))
        case "return": return try parseReturn()
        case "unless":
            throw fail(
                .unexpectedToken, "`unless` without a statement in front of it", at: token.span,
                hint: "write `{ ... } unless { ... }`")
        case _ where Keywords.embedded.contains(token.text) && token.text != "c_expr":
            skipEmbedded()
            return SyntaxStatement(.invalid, span: token.span)
        case _ where token.isName: return try parseNameStatement()
        default: return try finish(token, .expression(try parseFullExpression()))
        }
    }

    func finish(_ token: Token, _ kind: SyntaxStatement.Kind) throws(ParseFailure) -> SyntaxStatement {
        SyntaxStatement(kind, span: sources.span(from: token.span, through: previous?.span ?? token.span))
    }

    private func parseReturn() throws(ParseFailure) -> SyntaxStatement {
        let word = advance()
        guard let target = returnTarget else {
            throw fail(
                .misplacedReturn,
                activeInlines.isEmpty ? "`return` outside an inline" : "`return` in an inline whose value is not assigned",
                at: word.span, hint: activeInlines.isEmpty ? Keywords.foreign["return"] : "call it as `x = name(...)`")
        }
        return try finish(word, .assign(target, try parseFullExpression()))
    }

    private func parsePrint() throws(ParseFailure) -> SyntaxStatement {
        let word = advance()
        try expect("(", "behind `\(word.text)`")
        if word.text == "printm" {
            let name = try parsePrimary()
            try expect(")", "to close `(`")
            return try finish(word, .printName(name))
        }
        guard current.kind == .string else {
            throw fail(
                .missingFormat, "expected a format in double quotes, found \(current.description)", at: current.span,
                hint: "write `printf(\"text %d\\n\", value)`")
        }
        let format = advance().text
        var arguments: [SyntaxExpression] = []
        while accept(",") { arguments.append(try parseExpression()) }
        try expect(")", "to close `printf(`")
        return try finish(word, .print(format: format, arguments: arguments))
    }

    // MARK: Options

    private func parseOptions(of word: Token, until end: String) throws(ParseFailure) -> [SyntaxBlock] {
        try nested { () throws(ParseFailure) in
            var options: [SyntaxBlock] = []
            if !isPunctuation("::") {
                report(
                    .error, .missingOptionMark, "expected `::` behind `\(word.text)`, found \(current.description)",
                    at: current.span,
                    hint: "write `\(word.text) :: \(conditionText ?? "condition") -> ... :: else -> ... \(end)`")
                if skipConditional() { return [] }
                let start = current.span
                let statements = parseSequence()
                options.append(SyntaxBlock(statements: statements, span: start))
            }
            while isPunctuation("::") {
                let mark = advance()
                let statements = parseSequence(isOption: true)
                if statements.isEmpty {
                    report(
                        .error, .emptySequence, "an option needs at least one statement", at: mark.span,
                        hint: "`skip` is the statement that does nothing")
                }
                options.append(
                    SyntaxBlock(statements: statements, span: sources.span(from: mark.span, through: previous?.span ?? mark.span)))
            }
            if isKeyword(end) {
                advance()
            } else if isKeyword("fi") || isKeyword("od") {
                report(
                    .error, .mismatchedEnd, "`\(current.text)` cannot close `\(word.text)`", at: current.span,
                    hint: "write `\(end)`", notes: [.init("`\(word.text)` starts here", at: word.span)])
                advance()
            } else {
                throw fail(
                    .unclosedBlock, "this `\(word.text)` is never closed", at: word.span, hint: "add `\(end)`",
                    notes: [.init("here `\(end)` is missing at the latest", at: current.span)])
            }
            return options
        }
    }

    /// Skips `(condition) { ... } else { ... }` as C has it, or `{ ... } while (condition)`; false if neither stands here.
    private func skipConditional() -> Bool {
        if isPunctuation("{"), let end = matchingBrace(), stream[end + 1].token.isWord("while") {
            skipBraces()
            impliedSeparator = nil
            advance()
            if isPunctuation("("), let closing = matchingParenthesis() {
                while position <= closing { advance() }
            }
            return true
        }
        guard isPunctuation("("), let end = matchingParenthesis(), stream[end + 1].token.isPunctuation("{") else {
            return false
        }
        let start = position
        defer { noteLostNames(since: start) }
        while position <= end { advance() }
        impliedSeparator = nil
        skipBraces()
        while isKeyword("else") || (impliedSeparator != nil && stream[position].token.isWord("else")) {
            impliedSeparator = nil
            advance()
            if isKeyword("if") { advance() }
            while !isAtEnd, !isPunctuation("{"), !isPunctuation("}"), !isPunctuation(";") { advance() }
            if isPunctuation("{") { skipBraces() }
        }
        return true
    }

    /// The text of the parentheses that start here, if it is short enough for a hint.
    private var conditionText: String? {
        guard isPunctuation("("), let end = matchingParenthesis() else { return nil }
        let text = sources.text(of: sources.span(from: current.span, through: stream[end].token.span))
        return text.utf8.count <= 40 && !text.contains("\n") ? text : nil
    }

    private func matchingBrace() -> Int? {
        var open = 0
        for index in position..<(stream.count - 1) {
            let token = stream[index].token
            if token.isPunctuation("{") { open += 1 }
            if token.isPunctuation("}") {
                open -= 1
                if open == 0 { return index }
            }
        }
        return nil
    }

    func matchingParenthesis() -> Int? {
        var open = 0
        for index in position..<(stream.count - 1) {
            let token = stream[index].token
            if token.isPunctuation("(") { open += 1 }
            if token.isPunctuation(")") {
                open -= 1
                if open == 0 { return index }
            }
            if token.isPunctuation("{") || token.isPunctuation("}") { return nil }
        }
        return nil
    }
}
