/// Thrown when a construct is given up; what is wrong has been reported by then.
struct ParseFailure: Error {}

/// Reads tokens into a syntax tree, by recursive descent.
///
/// It never gives up at the first error: a statement or a unit that makes no sense is reported and skipped to the next place
/// where reading can go on. Names stay names; the checker resolves them.
final class Parser {
    /// A token with whether a line of the source starts there: line ends can stand for semicolons.
    struct StreamToken: Equatable {
        var token: Token
        var startsLine: Bool
    }

    /// An `inline` as it was defined.
    struct Inline {
        var name: Name
        var parameters: [Name]
        /// From the opening to the closing brace.
        var body: [StreamToken]
    }

    /// How deeply blocks, parentheses and inlines may nest.
    static let maximumNesting = 200
    /// How many levels an expression may have: a long chain of operators has one for each. Without optimizations, the checker
    /// takes 9 kB of the stack for a level, of 8 MB.
    static let maximumExpressionDepth = 400
    /// How many tokens all inlines of a model may expand to.
    static let maximumExpansion = 8_000_000
    /// After so many errors there is little left to learn.
    static let maximumErrors = 100

    var sources: SourceMap
    var diagnostics: [Diagnostic] = []
    var model = SyntaxModel()

    var stream: [StreamToken]
    var position = 0
    /// The last token that was consumed.
    var previous: Token?
    /// A semicolon that the end of a line stands for, in front of the token at `position`.
    var impliedSeparator: Token?
    /// Round and square brackets that are open: inside them line ends mean nothing.
    var bracketDepth = 0
    /// Whether line ends can stand for semicolons here.
    var impliesSeparators = false
    /// Whether temporal operators are read.
    var isInFormula = false
    var nesting = 0
    /// How many brackets were open where the first field of a message started: there a `(` may follow a name.
    var messageDepth: Int?

    var inlines: [String: Inline] = [:]
    /// Names of the inlines being expanded, outermost first.
    var activeInlines: [String] = []
    var expandedTokens = 0
    /// How many tokens inlines may expand to; tests make it small.
    var expansionLimit = Parser.maximumExpansion
    /// Where `return` of the innermost inline stores its value.
    var returnTarget: SyntaxReference?
    /// Names that have been declared as a `proctype` so far, or by `typedef`.
    var proctypeNames: Set<String> = []
    var recordNames: Set<String> = []
    /// Names in text that was skipped: it may have declared them.
    var lostNames: Set<String> = []
    /// Names that the model declares anywhere as a `proctype`, or as an `inline`.
    let allProctypeNames: Set<String>
    let allInlineNames: Set<String>

    init(tokens: [Token], sources: SourceMap) {
        self.sources = sources
        var lines = LineTracker(sources: sources)
        stream = tokens.map { StreamToken(token: $0, startsLine: lines.startsLine($0)) }
        var proctypes: Set<String> = []
        var inlines: Set<String> = []
        for (word, name) in zip(tokens, tokens.dropFirst()) where word.kind == .identifier && name.isName {
            if word.text == "proctype" || word.text == "D_proctype" { proctypes.insert(name.text) }
            if word.text == "inline" { inlines.insert(name.text) }
        }
        allProctypeNames = proctypes
        allInlineNames = inlines
        if stream.last?.token.kind != .end {
            let span = tokens.last.map { Span(file: $0.span.file, start: $0.span.end, end: $0.span.end) }
            let end = Token(kind: .end, text: "", span: span ?? Span(file: FileID(0), start: 0, end: 0))
            stream.append(StreamToken(token: end, startsLine: true))
        }
    }

    // MARK: Looking

    var current: Token { impliedSeparator ?? stream[position].token }

    /// The token behind the current one.
    var next: Token {
        if impliedSeparator != nil { return stream[position].token }
        return stream[min(position + 1, stream.count - 1)].token
    }

    var nextStartsLine: Bool {
        impliedSeparator == nil && stream[min(position + 1, stream.count - 1)].startsLine
    }

    var isAtEnd: Bool { impliedSeparator == nil && stream[position].token.kind == .end }

    func isPunctuation(_ text: String) -> Bool { current.isPunctuation(text) }

    func isKeyword(_ text: String) -> Bool { current.isWord(text) }

    /// Whether the current token is a name, and no reserved word.
    var isName: Bool { current.isName }

    // MARK: Moving

    @discardableResult
    func advance() -> Token {
        if let separator = impliedSeparator {
            impliedSeparator = nil
            return separator
        }
        let token = stream[position].token
        if token.kind == .punctuation {
            switch token.text {
            case "(", "[": bracketDepth += 1
            case ")", "]": bracketDepth = max(0, bracketDepth - 1)
            default: break
            }
        }
        if position < stream.count - 1 { position += 1 }
        previous = token
        implySeparator()
        return token
    }

    /// Puts a semicolon in front of the token at `position` where Spin's lexer would.
    func implySeparator() {
        let upcoming = stream[position]
        guard impliesSeparators, bracketDepth == 0, upcoming.startsLine, let previous, previous.canEndStatement else { return }
        let isUnneeded = [";", "->", "}", "unless"].contains(upcoming.token.text) && upcoming.token.kind != .string
        guard !isUnneeded, upcoming.token.kind != .end else { return }
        let span = Span(
            file: previous.span.file, start: previous.span.end, end: previous.span.end, expansion: previous.span.expansion)
        impliedSeparator = Token(kind: .punctuation, text: ";", span: span)
    }

    func accept(_ punctuation: String) -> Bool {
        guard isPunctuation(punctuation) else { return false }
        advance()
        return true
    }

    @discardableResult
    func expect(_ punctuation: String, _ purpose: String, hint: String? = nil) throws(ParseFailure) -> Token {
        if isPunctuation(punctuation) { return advance() }
        throw unexpected("`\(punctuation)` \(purpose)", hint: hint)
    }

    func expectName(_ purpose: String) throws(ParseFailure) -> Name {
        if isName {
            let token = advance()
            return Name(text: token.text, span: token.span)
        }
        if current.kind == .identifier {
            throw fail(
                .keywordAsName, "`\(current.text)` is a reserved word, and cannot be \(purpose)", at: current.span,
                hint: "choose another name")
        }
        throw unexpected("\(purpose)")
    }

    // MARK: Reporting

    func fail(
        _ code: DiagnosticCode, _ message: String, at span: Span, hint: String? = nil, notes: [Diagnostic.Note] = []
    ) -> ParseFailure {
        report(.error, code, message, at: span, hint: hint, notes: notes)
        return ParseFailure()
    }

    func report(
        _ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ message: String, at span: Span, hint: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        guard diagnostics.count < Self.maximumErrors else { return }
        // Two complaints about one token are one too many.
        if diagnostics.contains(where: { $0.span == span && $0.severity == .error }) { return }
        diagnostics.append(Diagnostic(severity, code, message, at: span, hint: hint, notes: notes))
    }

    func unexpected(_ expected: String, hint: String? = nil) -> ParseFailure {
        if current.isPunctuation("=") {
            return fail(
                .assignmentInCondition, "`=` stores a value, and cannot be used inside an expression", at: current.span,
                hint: hint ?? "compare with `==`")
        }
        return fail(.unexpectedToken, "expected \(expected), found \(current.description)", at: current.span, hint: hint)
    }

    /// Counts one level of nesting for as long as `body` runs.
    func nested<Result>(_ body: () throws(ParseFailure) -> Result) throws(ParseFailure) -> Result {
        guard nesting < Self.maximumNesting else {
            throw fail(
                .nestingTooDeep, "more than \(Self.maximumNesting) blocks, parentheses and inlines are open here",
                at: current.span, hint: "split the model into smaller pieces")
        }
        nesting += 1
        defer { nesting -= 1 }
        return try body()
    }
}

/// Tells where lines start among the tokens of a model, the way that Spin sees them: after macros are expanded.
private struct LineTracker {
    let sources: SourceMap
    var lastFile = FileID(-1)
    var lastLine = 0

    init(sources: SourceMap) { self.sources = sources }

    /// The text of a macro stands on the line of its call, so the outermost call decides.
    mutating func startsLine(_ token: Token) -> Bool {
        var span = token.span
        while let expansion = sources[span.expansion] { span = expansion.callSite }
        guard Int(span.file.index) < sources.files.count, span.file.index >= 0 else { return false }
        let line = sources.location(of: span).line
        let starts = span.file != lastFile || line > lastLine
        lastFile = span.file
        lastLine = sources.location(of: max(span.start, span.end - 1), in: span.file).line
        return starts
    }
}

extension Token {
    func isPunctuation(_ text: String) -> Bool { kind == .punctuation && self.text == text }

    func isWord(_ text: String) -> Bool { kind == .identifier && self.text == text }

    var isName: Bool { kind == .identifier && !Keywords.all.contains(text) }

    /// How a message speaks of the token.
    var description: String {
        switch kind {
        case .end: "the end of the model"
        case .string: "a string"
        case .punctuation where text == ";" && span.start == span.end: "the end of the line"
        default: "`\(text)`"
        }
    }

    /// Whether the end of a line behind this token ends a statement.
    var canEndStatement: Bool {
        switch kind {
        case .number: true
        case .punctuation: ["}", ")", "]", "++", "--"].contains(text)
        case .identifier:
            ["od", "fi", "else", "break", "true", "false", "skip", "timeout"].contains(text) || isName
        case .string, .end: false
        }
    }

    /// Whether this token directly follows `other` in the same text, nothing between.
    func isAdjacent(to other: Token) -> Bool {
        span.file == other.span.file && span.expansion == other.span.expansion && span.start == other.span.end
    }
}
