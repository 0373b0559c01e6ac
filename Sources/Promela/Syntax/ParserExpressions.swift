/// Expressions, by precedence.
extension Parser {
    enum InfixOperator {
        case plain(Expression.BinaryOperator)
        case temporal(SyntaxExpression.TemporalBinary)
    }

    /// An expression where `full` and its kin may stand under `&&` and `||`.
    func parseFullExpression() throws(ParseFailure) -> SyntaxExpression {
        let expression = try parseExpression()
        if !isInFormula { rejectMisplacedTests(expression, allowed: true) }
        return expression
    }

    func parseExpression() throws(ParseFailure) -> SyntaxExpression {
        try parseInfix(from: try parseUnary(), minimum: 0)
    }

    /// Goes on with an expression whose first operand has been read.
    func continueExpression(_ operand: SyntaxExpression) throws(ParseFailure) -> SyntaxExpression {
        let expression = try parseInfix(from: operand, minimum: 0)
        rejectMisplacedTests(expression, allowed: true)
        return expression
    }

    private func parseInfix(
        from operand: SyntaxExpression, minimum: Int
    ) throws(ParseFailure) -> SyntaxExpression {
        var left = operand
        while let (precedence, infix, tokenCount) = upcomingOperator(), precedence >= minimum {
            let token = current
            if tokenCount == 1, next.isPunctuation("="), next.isAdjacent(to: token), ["+", "-", "*", "/", "%", "&", "|", "^",
                "<<", ">>"].contains(token.text) {
                let target = sources.text(of: left.span)
                throw fail(
                    .notPromela, "Promela has no `\(token.text)=`", at: sources.span(from: token.span, through: next.span),
                    hint: "write `\(target) = \(target) \(token.text) ...`")
            }
            for _ in 0..<tokenCount { advance() }
            let right = try parseInfix(from: try parseUnary(), minimum: precedence + 1)
            let kind: SyntaxExpression.Kind =
                switch infix {
                case .plain(let operation): .binary(operation, left, right)
                case .temporal(let operation): .temporalBinary(operation, left, right)
                }
            left = try node(kind, sources.span(from: left.span, through: right.span), left, right)
        }
        return left
    }

    /// The infix operator that comes now: how tightly it binds, what it is, how many tokens it takes.
    private func upcomingOperator() -> (Int, InfixOperator, Int)? {
        guard current.kind == .punctuation || isInFormula else { return nil }
        if isInFormula, let temporal = upcomingTemporalOperator() { return temporal }
        guard current.kind == .punctuation else { return nil }
        let operation: Expression.BinaryOperator? =
            switch current.text {
            case "&&": .and
            case "||": .or
            default: Expression.BinaryOperator(rawValue: current.text)
            }
        guard let operation else { return nil }
        return (Self.precedence(of: operation), .plain(operation), 1)
    }

    private func upcomingTemporalOperator() -> (Int, InfixOperator, Int)? {
        switch (current.kind, current.text) {
        case (.punctuation, "->"), (.identifier, "implies"): (0, .temporal(.implies), 1)
        case (.identifier, "equivalent"): (0, .temporal(.equivalent), 1)
        case (.punctuation, "<") where next.isPunctuation("->") && next.isAdjacent(to: current):
            (0, .temporal(.equivalent), 2)
        case (.identifier, "U"), (.identifier, "until"), (.identifier, "stronguntil"): (3, .temporal(.until), 1)
        case (.identifier, "W"), (.identifier, "weakuntil"): (3, .temporal(.weakUntil), 1)
        case (.identifier, "V"), (.identifier, "release"): (3, .temporal(.release), 1)
        default: nil
        }
    }

    static func precedence(of operation: Expression.BinaryOperator) -> Int {
        switch operation {
        case .or: 1
        case .and: 2
        case .bitOr: 4
        case .bitXor: 5
        case .bitAnd: 6
        case .equal, .notEqual: 7
        case .less, .lessOrEqual, .greater, .greaterOrEqual: 8
        case .shiftLeft, .shiftRight: 9
        case .add, .subtract: 10
        case .multiply, .divide, .remainder: 11
        }
    }

    private func node(
        _ kind: SyntaxExpression.Kind, _ span: Span, _ children: SyntaxExpression...
    ) throws(ParseFailure) -> SyntaxExpression {
        let depth = 1 + (children.map(\.depth).max() ?? 0)
        guard depth <= Self.maximumExpressionDepth else {
            throw fail(
                .nestingTooDeep, "this expression has more than \(Self.maximumExpressionDepth) levels", at: span,
                hint: "compute it in parts")
        }
        return SyntaxExpression(kind, span: span, depth: depth)
    }

    private func parseUnary() throws(ParseFailure) -> SyntaxExpression {
        let token = current
        if token.kind == .punctuation {
            let operation: Expression.UnaryOperator? =
                switch token.text {
                case "!": .not
                case "-": .negate
                case "~": .complement
                default: nil
                }
            if let operation {
                advance()
                let operand = try nested { () throws(ParseFailure) in try parseUnary() }
                return try node(.unary(operation, operand), sources.span(from: token.span, through: operand.span), operand)
            }
            if isInFormula, token.text == "[" || token.text == "<" {
                let closing = token.text == "[" ? "]" : ">"
                guard next.isPunctuation(closing) else { throw unexpected("`\(token.text)\(closing)` or a condition") }
                advance()
                advance()
                return try parseTemporal(token.text == "[" ? .always : .eventually, from: token)
            }
        } else if isInFormula, token.kind == .identifier {
            switch token.text {
            case "always":
                advance()
                return try parseTemporal(.always, from: token)
            case "eventually":
                advance()
                return try parseTemporal(.eventually, from: token)
            case "X", "next":
                advance()
                return try parseTemporal(.next, from: token)
            default: break
            }
        }
        return try parsePrimary()
    }

    private func parseTemporal(
        _ operation: SyntaxExpression.TemporalUnary, from token: Token
    ) throws(ParseFailure) -> SyntaxExpression {
        let operand = try nested { () throws(ParseFailure) in try parseUnary() }
        return try node(.temporalUnary(operation, operand), sources.span(from: token.span, through: operand.span), operand)
    }

    func parsePrimary() throws(ParseFailure) -> SyntaxExpression {
        let token = current
        switch token.kind {
        case .number:
            advance()
            return SyntaxExpression(.number(token.value), span: token.span)
        case .punctuation:
            if token.text == "(" { return try parseParenthesized() }
            if token.text == "-", next.kind == .number { return try parseUnary() }
            let hint: String? =
                switch token.text {
                case "!!": "to negate twice, write `!(!x)`"
                case "++", "--": "these stand behind a variable, and are statements"
                case "*": "Promela has no pointers"
                case "&", "&&": "Promela has no addresses"
                default: nil
                }
            throw unexpected("an expression", hint: hint)
        case .string:
            throw unexpected("an expression", hint: "strings can only be the format of `printf`")
        case .end:
            throw unexpected("an expression")
        case .identifier:
            if let word = try parseWord(token) { return word }
            return try parseName()
        }
    }

    private func parseParenthesized() throws(ParseFailure) -> SyntaxExpression {
        let start = advance().span
        return try nested { () throws(ParseFailure) in
            var inner = try parseExpression()
            if isPunctuation("->"), !isInFormula {
                advance()
                let first = try parseExpression()
                try expect(":", "between the values of a conditional expression")
                let second = try parseExpression()
                inner = try node(
                    .conditional(inner, then: first, else: second), sources.span(from: inner.span, through: second.span), inner, first, second)
            }
            let hint = isPunctuation("?") ? "a conditional expression is written `(condition -> a : b)`" : nil
            let end = try expect(")", "to close `(`", hint: hint).span
            inner.span = sources.span(from: start, through: end)
            return inner
        }
    }

    /// An expression that starts with a reserved word; nil if the word is none.
    private func parseWord(_ token: Token) throws(ParseFailure) -> SyntaxExpression? {
        func argument() throws(ParseFailure) -> SyntaxExpression {
            try expect("(", "behind `\(token.text)`")
            let argument = try nested { () throws(ParseFailure) in try parseExpression() }
            try expect(")", "to close `(`")
            return argument
        }
        func channel() throws(ParseFailure) -> SyntaxReference {
            try expect("(", "behind `\(token.text)`")
            let channel = try parseReference()
            try expect(")", "to close `(`")
            return channel
        }
        func finish(_ kind: SyntaxExpression.Kind, depth: Int = 1) -> SyntaxExpression {
            SyntaxExpression(kind, span: sources.span(from: token.span, through: previous?.span ?? token.span), depth: depth + 1)
        }
        switch token.text {
        case "true", "skip":
            advance()
            return finish(.number(1))
        case "false":
            advance()
            return finish(.number(0))
        case "timeout":
            advance()
            return finish(.timeout)
        case "np_":
            advance()
            return finish(.nonProgress)
        case "len":
            advance()
            return finish(.length(try channel()))
        case "full", "empty", "nfull", "nempty":
            advance()
            guard let test = Expression.ChannelTest(rawValue: token.text) else { return nil }
            return finish(.channelTest(test, try channel()))
        case "enabled":
            advance()
            let pid = try argument()
            return finish(.enabled(pid), depth: pid.depth)
        case "pc_value":
            advance()
            let pid = try argument()
            return finish(.programCounter(pid), depth: pid.depth)
        case "get_priority":
            advance()
            let pid = try argument()
            return finish(.getPriority(pid), depth: pid.depth)
        case "set_priority":
            advance()
            try expect("(", "behind `set_priority`")
            let pid = try parseExpression()
            try expect(",", "between the process and its priority")
            let priority = try parseExpression()
            try expect(")", "to close `(`")
            return finish(.setPriority(pid, priority), depth: max(pid.depth, priority.depth))
        case "run":
            return try parseRun()
        case "c_expr":
            skipEmbedded()
            return finish(.invalid)
        case "eval":
            throw fail(
                .unexpectedToken, "`eval` belongs into the arguments of a receive", at: token.span,
                hint: "elsewhere every variable is evaluated anyway")
        default:
            guard !token.isName else { return nil }
            if token.text == "else" {
                throw fail(
                    .misplacedElse, "`else` is a statement, and cannot be part of an expression", at: token.span,
                    hint: "write it as the guard of an option of its own: `:: else -> ...`")
            }
            throw unexpected("an expression")
        }
    }

    private func parseRun() throws(ParseFailure) -> SyntaxExpression {
        let word = advance()
        let name = try expectName("the name of a `proctype`")
        try expect("(", "for the arguments", hint: "a process without arguments is started by `run \(name.text)()`")
        var arguments: [SyntaxExpression] = []
        if !isPunctuation(")") {
            repeat { arguments.append(try nested { () throws(ParseFailure) in try parseExpression() }) } while accept(",")
        }
        try expect(")", "behind the arguments")
        var priority: SyntaxExpression?
        if isKeyword("priority") {
            advance()
            priority = try parsePrimary()
        }
        let depth = 1 + (arguments.map(\.depth).max() ?? 0)
        return SyntaxExpression(
            .run(name, arguments: arguments, priority: priority), span: sources.span(from: word.span, through: previous?.span ?? word.span),
            depth: depth)
    }

    /// A variable, a poll, or a reference into another process.
    private func parseName() throws(ParseFailure) -> SyntaxExpression {
        let token = current
        let isProcess = isInFormula ? allProctypeNames.contains(token.text) : proctypeNames.contains(token.text)
        if next.isPunctuation("@") || (isProcess && next.isPunctuation(":")) {
            let name = try expectName("the name of a process")
            return try parseRemote(name, pid: nil)
        }
        let reference = try parseReference()
        if isPunctuation("@") || (isProcess && isPunctuation(":")), reference.segments.count == 1 {
            return try parseRemote(reference.base, pid: reference.segments.first?.index)
        }
        return try expression(of: reference)
    }

    /// The expression that a variable starts: its value, or a poll of the channel that it holds.
    func expression(of reference: SyntaxReference) throws(ParseFailure) -> SyntaxExpression {
        if isPunctuation("?") || isPunctuation("??"), next.isPunctuation("[") {
            let isRandom = advance().text == "??"
            advance()
            let arguments = try parseReceiveArguments()
            let end = try expect("]", "behind the fields").span
            return SyntaxExpression(
                .poll(reference, arguments: arguments, isRandom: isRandom), span: sources.span(from: reference.span, through: end), depth: 4)
        }
        if isPunctuation("("), reference.isPlain, messageDepth != bracketDepth, let previous, current.isAdjacent(to: previous) {
            throw unknownCall(reference.base)
        }
        let depth = reference.segments.compactMap(\.index?.depth).max() ?? 0
        return try node(.reference(reference), reference.span, SyntaxExpression(.invalid, span: reference.span, depth: depth))
    }

    private func parseRemote(_ name: Name, pid: SyntaxExpression?) throws(ParseFailure) -> SyntaxExpression {
        let depth = 2 + (pid?.depth ?? 0)
        if accept("@") {
            let label = try expectName("the name of a label")
            model.remoteLabels.insert("\(name.text)@\(label.text)")
            return SyntaxExpression(
                .remoteLabel(process: name, pid: pid, label: label), span: sources.span(from: name.span, through: label.span), depth: depth)
        }
        try expect(":", "in front of a variable of another process")
        let variable = try parseReference()
        return SyntaxExpression(
            .remoteVariable(process: name, pid: pid, variable), span: sources.span(from: name.span, through: variable.span),
            depth: depth + 1)
    }

    func parseReference() throws(ParseFailure) -> SyntaxReference {
        var segments: [SyntaxReference.Segment] = []
        let start = current.span
        repeat {
            let name = try expectName(segments.isEmpty ? "the name of a variable" : "the name of a field")
            var index: SyntaxExpression?
            // In a formula `[` `]` side by side are an operator, but never behind a name.
            if accept("[") {
                index = try nested { () throws(ParseFailure) in try parseExpression() }
                try expect("]", "behind the index")
            }
            segments.append(SyntaxReference.Segment(name: name, index: index))
            guard segments.count <= Self.maximumNesting else {
                throw fail(.nestingTooDeep, "too many fields of fields", at: name.span)
            }
        } while accept(".")
        return SyntaxReference(segments: segments, span: sources.span(from: start, through: previous?.span ?? start))
    }

    /// Reports `full` and its kin below anything but `&&` and `||`: Spin's grammar has no such expression.
    private func rejectMisplacedTests(_ expression: SyntaxExpression, allowed: Bool) {
        switch expression.kind {
        case .channelTest(let test, _):
            guard !allowed else { return }
            let opposite =
                switch test {
                case .empty: "nempty"
                case .nempty: "empty"
                case .full: "nfull"
                case .nfull: "full"
                }
            report(
                .error, .misplacedChannelTest, "`\(test.rawValue)` can only stand alone or under `&&` and `||`",
                at: expression.span, hint: "the negation of `\(test.rawValue)` is `\(opposite)`; or compare `len(...)`")
        case .binary(.and, let left, let right), .binary(.or, let left, let right):
            rejectMisplacedTests(left, allowed: allowed)
            rejectMisplacedTests(right, allowed: allowed)
        case .binary(_, let left, let right):
            rejectMisplacedTests(left, allowed: false)
            rejectMisplacedTests(right, allowed: false)
        case .unary(_, let operand):
            rejectMisplacedTests(operand, allowed: false)
        case .conditional(let condition, let first, let second):
            for part in [condition, first, second] { rejectMisplacedTests(part, allowed: false) }
        default: break
        }
    }
}
