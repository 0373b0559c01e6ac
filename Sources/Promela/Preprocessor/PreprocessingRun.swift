/// The state of preprocessing one model.
///
/// Lexemes come from a stack: below all, the file that is being read; on it, the bodies of the macros being expanded. A
/// macro is disabled for as long as its body lies on the stack, and a name met meanwhile is painted: it stays as it is,
/// wherever it is moved. That is what the C standard asks for, and what GNU cpp does where the standard leaves a choice.
struct PreprocessingRun {
    /// What keeps the work finite, whatever the input. Far above what any model needs.
    enum Limit {
        static let includeDepth = 64
        static let includes = 10_000
        static let expansionDepth = 256
        /// Tokens of the whole model.
        static let tokens = 8_000_000
        /// Lexemes moved for one call that stands in a file, so that an exponential one is noticed at once. A token that
        /// comes out was moved at least twice, and twice more for each macro on its way.
        static let lexemesPerCall = 1 << 18
        /// Lexemes moved for the whole model.
        static let lexemes = 16_000_000
        static let diagnostics = 1_000
    }

    /// A file that is being read.
    struct OpenFile {
        var scanner: Scanner
        var path: String
        var conditionals: [Conditional] = []

        var isSkipping: Bool {
            conditionals.last.map { $0.state != .taken } ?? false
        }
    }

    /// Lexemes that are read before those below them.
    struct Context {
        var lexemes: [Lexeme]
        var next = 0
        /// The macro whose body this is; nil where reading must not go on below, as at the end of an argument.
        var macro: String?
    }

    let options: PreprocessorOptions
    var sources = SourceMap()
    var diagnostics: [Diagnostic] = []
    var macros: [String: Macro] = [:]
    var files: [OpenFile] = []
    var contexts: [Context] = []
    /// The macros whose bodies are among `contexts`.
    var disabled: Set<String> = []
    var output: [Token] = []

    /// Arguments are being collected, so that lines end without meaning.
    var isCollecting = false
    /// `defined` has its meaning.
    var isInCondition = false
    /// A limit was hit: everything unwinds.
    var isStopped = false

    var includeCount = 0
    /// Canonical paths of the files that said `#pragma once`.
    var includedOnce: Set<String> = []
    private var work = 0
    private var workBeforeCall = 0
    /// The last call that stands in a file: to be blamed when a limit is hit.
    var outermostCall: Span?

    private let diagnosticsBefore: Int

    init(options: PreprocessorOptions, sources: inout SourceMap, diagnostics: inout [Diagnostic]) {
        self.options = options
        diagnosticsBefore = diagnostics.count
        swap(&self.sources, &sources)
        swap(&self.diagnostics, &diagnostics)
    }

    /// Gives everything back.
    mutating func finish(sources: inout SourceMap, diagnostics: inout [Diagnostic]) -> [Token] {
        swap(&self.sources, &sources)
        swap(&self.diagnostics, &diagnostics)
        return output
    }

    /// Puts the tokens of a file into `output`, those of the files that it includes among them.
    mutating func process(_ file: FileID) {
        let source = sources[file]
        work += source.bytes.count / 8
        workBeforeCall = work
        files.append(OpenFile(scanner: Scanner(bytes: source.bytes, file: file), path: source.path))
        while let lexeme = next() { emit(lexeme) }
        guard let finished = files.popLast(), !isStopped else { return }
        if let fault = Lexer.unterminatedComment(in: finished.scanner) { report(fault) }
        for conditional in finished.conditionals where !isStopped {
            report(
                .error, .unterminatedConditional, "this `#\(conditional.directive)` never ends", at: conditional.span,
                hint: "close it with `#endif`")
        }
    }

    private mutating func emit(_ lexeme: Lexeme) {
        guard output.count < Limit.tokens else {
            return stop(.expansionTooLarge, "the model has more than \(Limit.tokens) tokens", at: lexeme.span)
        }
        if let token = Lexer.token(for: lexeme, diagnostics: &diagnostics) { output.append(token) }
        checkDiagnosticCount(at: lexeme.span)
    }

    // MARK: Lexemes

    /// The next lexeme with all macros expanded; nil at the end of the file, or of a context that ends reading.
    mutating func next() -> Lexeme? {
        while let lexeme = nextUnexpanded() {
            guard lexeme.kind == .identifier, !lexeme.isPainted else { return lexeme }
            if isInCondition, lexeme.text == "defined" { return resolvedDefined(lexeme) }
            guard let macro = macros[lexeme.text] else { return expandedBuiltin(lexeme) ?? lexeme }
            guard expand(macro, at: lexeme) else { return lexeme }
        }
        return nil
    }

    /// The next lexeme as it stands.
    mutating func nextUnexpanded() -> Lexeme? {
        while let top = contexts.indices.last, !isStopped {
            let next = contexts[top].next
            if next < contexts[top].lexemes.count {
                contexts[top].next = next + 1
                var lexeme = contexts[top].lexemes[next]
                charge(1)
                if lexeme.kind == .identifier, disabled.contains(lexeme.text) { lexeme.isPainted = true }
                return lexeme
            }
            guard contexts[top].macro != nil else { return nil }
            popContext()
        }
        return nextFromFile()
    }

    /// Takes the `(` of a call if that is what follows the macro's name. A directive in between ends the search for it.
    mutating func takeOpeningParenthesis() -> Bool {
        while let top = contexts.indices.last {
            let next = contexts[top].next
            if next < contexts[top].lexemes.count {
                guard contexts[top].lexemes[next].isPunctuation("(") else { return false }
                contexts[top].next = next + 1
                return true
            }
            guard contexts[top].macro != nil else { return false }
            popContext()
        }
        guard let innermost = files.indices.last else { return false }
        var scanner = files[innermost].scanner
        guard let lexeme = scanner.next(), lexeme.isPunctuation("(") else { return false }
        files[innermost].scanner = scanner
        return true
    }

    private mutating func nextFromFile() -> Lexeme? {
        guard let innermost = files.indices.last else { return nil }
        while !isStopped, let lexeme = files[innermost].scanner.next() {
            if lexeme.startsLine {
                if lexeme.isPunctuation("#") {
                    directive(lexeme)
                    continue
                }
            }
            if files[innermost].isSkipping {
                files[innermost].scanner.skipLine()
                continue
            }
            charge(1)
            workBeforeCall = work
            return lexeme
        }
        return nil
    }

    // MARK: Contexts

    /// Puts lexemes in front of what is to be read. Without a macro, reading ends after them.
    mutating func push(_ lexemes: [Lexeme], macro: String?, at span: Span) {
        guard contexts.count < Limit.expansionDepth else {
            return stop(
                .macroRecursion, "macros expand into macros more than \(Limit.expansionDepth) deep",
                at: outermostCall ?? span)
        }
        contexts.append(Context(lexemes: lexemes, macro: macro))
        if let macro { disabled.insert(macro) }
    }

    mutating func popContext() {
        if let macro = contexts.popLast()?.macro { disabled.remove(macro) }
    }

    /// What `lexemes` expand to by themselves, with nothing after them.
    mutating func expanded(_ lexemes: [Lexeme], at span: Span) -> [Lexeme] {
        push(lexemes, macro: nil, at: span)
        var result: [Lexeme] = []
        while let lexeme = next() { result.append(lexeme) }
        if !isStopped { popContext() }
        return result
    }

    // MARK: Limits and faults

    /// Counts work, so that it ends.
    mutating func charge(_ amount: Int) {
        work += amount
        guard work - workBeforeCall > Limit.lexemesPerCall || work > Limit.lexemes else { return }
        let place = outermostCall ?? files.last.map { Span(file: $0.scanner.file, start: 0, end: 0) }
        guard let place else {
            isStopped = true
            return
        }
        if work > Limit.lexemes {
            stop(.expansionTooLarge, "the macros of the model expand to too much text", at: place)
        } else {
            stop(.expansionTooLarge, "this call of a macro expands to too much text", at: place)
        }
    }

    /// Counts the making of new text.
    mutating func charge(forTextOf length: Int) {
        charge(1 + length / 4)
    }

    /// Reports, and gives up.
    mutating func stop(_ code: DiagnosticCode, _ message: String, at span: Span) {
        guard !isStopped else { return }
        isStopped = true
        diagnostics.append(
            Diagnostic(.error, code, message, at: span, hint: "the rest of the model was not read"))
    }

    mutating func report(_ diagnostic: Diagnostic) {
        guard !isStopped else { return }
        diagnostics.append(diagnostic)
        checkDiagnosticCount(at: diagnostic.span)
    }

    mutating func report(
        _ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ message: String, at span: Span,
        hint: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        report(Diagnostic(severity, code, message, at: span, hint: hint, notes: notes))
    }

    private mutating func checkDiagnosticCount(at span: Span) {
        guard diagnostics.count - diagnosticsBefore >= Limit.diagnostics else { return }
        stop(.tooManyFaults, "there are more than \(Limit.diagnostics) faults", at: span)
    }
}
