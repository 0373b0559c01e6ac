/// Gives lexemes their meaning as tokens of Promela: values of numbers and characters, contents of strings.
public struct Lexer {
    /// The tokens of a file that needs no preprocessing; the last is `.end`.
    ///
    /// A `#` is a fault here; use `Preprocessor` where there may be directives.
    public static func tokens(
        of file: FileID, in sources: SourceMap, diagnostics: inout [Diagnostic]
    ) -> [Token] {
        var scanner = Scanner(bytes: sources[file].bytes, file: file)
        var tokens: [Token] = []
        while let lexeme = scanner.next() {
            if let token = token(for: lexeme, diagnostics: &diagnostics) { tokens.append(token) }
        }
        if let fault = unterminatedComment(in: scanner) { diagnostics.append(fault) }
        tokens.append(end(of: file, in: sources))
        return tokens
    }

    /// The token that ends every sequence of them.
    static func end(of file: FileID, in sources: SourceMap) -> Token {
        let offset = Int32(clamping: sources[file].bytes.count)
        return Token(kind: .end, text: "", span: Span(file: file, start: offset, end: offset))
    }

    /// What to say about a comment that the end of the file cut off.
    static func unterminatedComment(in scanner: Scanner) -> Diagnostic? {
        guard let start = scanner.unterminatedComment else { return nil }
        return Diagnostic(
            .error, .unterminatedComment, "this comment never ends",
            at: Span(file: scanner.file, start: Int32(clamping: start), end: Int32(clamping: start + 2)),
            hint: "close it with `*/`")
    }

    /// The token that `lexeme` is, or nil, with a diagnostic, if it is none.
    static func token(for lexeme: Lexeme, diagnostics: inout [Diagnostic]) -> Token? {
        func token(_ kind: Token.Kind, _ text: String, value: UInt64 = 0) -> Token {
            Token(kind: kind, text: text, value: value, span: lexeme.span)
        }
        switch lexeme.kind {
        case .identifier:
            return token(.identifier, lexeme.text)
        case .number:
            return token(.number, lexeme.text, value: number(lexeme, diagnostics: &diagnostics))
        case .character:
            return token(.number, lexeme.text, value: character(lexeme, diagnostics: &diagnostics))
        case .string:
            return token(.string, String(decoding: lexeme.text.utf8.dropFirst().dropLast(), as: UTF8.self))
        case .punctuation where lexeme.text.hasPrefix("#"):
            diagnostics.append(
                Diagnostic(
                    .error, .unknownCharacter, "`\(lexeme.text)` has no meaning here", at: lexeme.span,
                    hint: "a directive must stand first on its line"))
            return nil
        case .punctuation:
            return token(.punctuation, lexeme.text)
        case .unterminated:
            diagnostics.append(unterminated(lexeme))
            // What the author meant stands for it, so that the parser does not stumble too.
            return lexeme.isCharacterLike
                ? token(.number, lexeme.text)
                : token(.string, String(decoding: lexeme.text.utf8.dropFirst(), as: UTF8.self))
        case .unknown:
            diagnostics.append(unknown(lexeme))
            return nil
        case .placemarker:
            return nil
        }
    }

    /// Decimal, whatever zeros it begins with, as in Spin; or hexadecimal, which Spin does not have.
    private static func number(_ lexeme: Lexeme, diagnostics: inout [Diagnostic]) -> UInt64 {
        var digits = lexeme.text[...]
        var radix = 10
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            digits = digits.dropFirst(2)
            radix = 16
        }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.hexDigitValue ?? radix) < radix }) else {
            diagnostics.append(
                Diagnostic(
                    .error, .malformedNumber, "`\(lexeme.text)` is neither a number nor a name", at: lexeme.span,
                    hint: radix == 16
                        ? "`0x` must be followed by hexadecimal digits only" : "a name must not start with a digit"))
            return 0
        }
        guard let value = UInt64(digits, radix: radix) else {
            diagnostics.append(
                Diagnostic(
                    .error, .numberTooLarge, "this number does not fit 64 bits", at: lexeme.span,
                    hint: "the largest is \(UInt64.max)"))
            return 0
        }
        return value
    }

    /// The code of a character, by Spin's rule: `\n`, `\r`, `\t` and `\f` are special, any other escaped byte is itself.
    private static func character(_ lexeme: Lexeme, diagnostics: inout [Diagnostic]) -> UInt64 {
        let contents = Array(lexeme.text.utf8.dropFirst().dropLast())
        if contents.count == 1, let byte = contents.first { return UInt64(byte) }
        guard contents.count == 2, contents[0] == UInt8(ascii: "\\") else {
            diagnostics.append(
                Diagnostic(
                    .error, .malformedCharacter,
                    contents.isEmpty ? "this character literal is empty" : "this is more than one character",
                    at: lexeme.span, hint: "text of any length is written in double quotes"))
            return 0
        }
        switch contents[1] {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "f"): return 12
        case let byte:
            if "0123456789abvx".utf8.contains(byte) {
                diagnostics.append(
                    Diagnostic(
                        .warning, .characterEscape,
                        "`\(lexeme.text)` is \(byte), the code of the letter or digit, as Spin reads it",
                        at: lexeme.span, hint: "write the code that you mean as a number"))
            }
            return UInt64(byte)
        }
    }

    private static func unterminated(_ lexeme: Lexeme) -> Diagnostic {
        let isCharacter = lexeme.isCharacterLike
        var span = lexeme.span
        span.end = min(span.end, span.start + 1)
        return Diagnostic(
            .error, isCharacter ? .unterminatedCharacter : .unterminatedString,
            isCharacter ? "this character literal never ends" : "this string never ends", at: span,
            hint: "close it on the same line with `\(isCharacter ? "'" : "\"")`")
    }

    private static func unknown(_ lexeme: Lexeme) -> Diagnostic {
        let characters = lexeme.text.prefix(12).unicodeScalars.map { scalar in
            scalar == "\u{FFFD}" || scalar.properties.generalCategory == .control ? "?" : String(scalar)
        }
        return Diagnostic(
            .error, .unknownCharacter, "`\(characters.joined())` has no meaning in Promela", at: lexeme.span)
    }
}
