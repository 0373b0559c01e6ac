/// Cuts the bytes of one file into lexemes: removes comments, joins continued lines, and never fails.
///
/// What is wrong with the text is left in the lexemes (`unterminated`, `unknown`), since in a block that `#if` skips it
/// does not matter.
struct Scanner {
    let bytes: [UInt8]
    let file: FileID
    /// Where reading goes on.
    private(set) var position: Int
    /// Where the last byte that belongs to the current lexeme ends; `position` may already be past a line continuation.
    private var end: Int
    /// No lexeme has been read on the current line.
    private var isAtLineStart = true
    /// Where a comment starts that the file's end cuts off.
    private(set) var unterminatedComment: Int?

    init(bytes: [UInt8], file: FileID) {
        self.bytes = bytes
        self.file = file
        let hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        position = hasByteOrderMark ? 3 : 0
        end = position
    }

    /// The next lexeme, on whatever line it stands; nil at the end of the file.
    mutating func next() -> Lexeme? {
        next(acrossLines: true)
    }

    /// The next lexeme of this line; nil at the line's end, which stays unread.
    mutating func nextOnLine() -> Lexeme? {
        next(acrossLines: false)
    }

    /// Passes over the rest of the line, comments that begin on it included.
    mutating func skipLine() {
        while nextOnLine() != nil {}
    }

    /// The file name of an `#include`, `<...>` or `"..."` as a whole; nil if there is none here.
    mutating func headerName() -> Lexeme? {
        let hasLeadingSpace = skipBlanks(acrossLines: false)
        let closing: UInt8
        switch peek() {
        case UInt8(ascii: "<"): closing = UInt8(ascii: ">")
        case UInt8(ascii: "\""): closing = UInt8(ascii: "\"")
        default: return nil
        }
        let before = self
        let start = position
        var spelling: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            spelling.append(byte)
            advance()
            if byte == closing, spelling.count > 1 {
                return lexeme(.string, spelling, from: start, hasLeadingSpace: hasLeadingSpace)
            }
        }
        self = before
        return nil
    }

    private mutating func next(acrossLines: Bool) -> Lexeme? {
        let hasLeadingSpace = skipBlanks(acrossLines: acrossLines)
        guard let byte = peek(), acrossLines || byte != UInt8(ascii: "\n") else { return nil }
        let start = position
        var result: Lexeme
        switch byte {
        case _ where Self.continuesName(byte):
            var spelling: [UInt8] = []
            while let next = peek(), Self.continuesName(next) {
                spelling.append(next)
                advance()
            }
            let kind: Lexeme.Kind = Self.isDigit(byte) ? .number : .identifier
            result = lexeme(kind, spelling, from: start, hasLeadingSpace: hasLeadingSpace)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            result = quoted(by: byte, from: start)
        case _ where Self.isPunctuation(byte):
            result = punctuation(byte, from: start)
        default:
            var spelling: [UInt8] = []
            while let next = peek(), Self.isUnknown(next) {
                spelling.append(next)
                advance()
            }
            result = lexeme(.unknown, spelling, from: start, hasLeadingSpace: hasLeadingSpace)
        }
        result.hasLeadingSpace = hasLeadingSpace
        result.startsLine = isAtLineStart
        isAtLineStart = false
        return result
    }

    private mutating func quoted(by quote: UInt8, from start: Int) -> Lexeme {
        var spelling = [quote]
        advance()
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            spelling.append(byte)
            advance()
            if byte == quote {
                let kind: Lexeme.Kind = quote == UInt8(ascii: "'") ? .character : .string
                return lexeme(kind, spelling, from: start)
            }
            if byte == UInt8(ascii: "\\"), let escaped = peek(), escaped != UInt8(ascii: "\n") {
                spelling.append(escaped)
                advance()
            }
        }
        return lexeme(.unterminated, spelling, from: start)
    }

    private mutating func punctuation(_ first: UInt8, from start: Int) -> Lexeme {
        var spelling = [first]
        advance()
        if let second = peek(), Self.isPair(first, second) {
            spelling.append(second)
            advance()
        }
        return lexeme(.punctuation, spelling, from: start)
    }

    private func lexeme(
        _ kind: Lexeme.Kind, _ spelling: [UInt8], from start: Int, hasLeadingSpace: Bool = false
    ) -> Lexeme {
        Lexeme(
            kind: kind, text: String(decoding: spelling, as: UTF8.self),
            span: Span(file: file, start: Int32(clamping: start), end: Int32(clamping: end)),
            hasLeadingSpace: hasLeadingSpace)
    }

    // MARK: Bytes

    /// The byte at `position`, once line continuations in front of it are passed.
    private mutating func peek() -> UInt8? {
        position = skippingContinuations(from: position)
        return position < bytes.count ? bytes[position] : nil
    }

    /// The byte after the one that `peek` gives.
    private func peekSecond() -> UInt8? {
        let second = skippingContinuations(from: position + 1)
        return second < bytes.count ? bytes[second] : nil
    }

    private mutating func advance() {
        guard position < bytes.count else { return }
        position += 1
        end = position
    }

    /// A backslash at the end of a line joins it to the next. Blanks may stand between, as GNU cpp allows.
    private func skippingContinuations(from offset: Int) -> Int {
        var offset = offset
        while offset < bytes.count, bytes[offset] == UInt8(ascii: "\\") {
            var probe = offset + 1
            while probe < bytes.count, Self.isBlank(bytes[probe]) { probe += 1 }
            guard probe < bytes.count, bytes[probe] == UInt8(ascii: "\n") else { break }
            offset = probe + 1
        }
        return offset
    }

    /// Passes over white space and comments, and says whether there were any.
    private mutating func skipBlanks(acrossLines: Bool) -> Bool {
        var found = false
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                guard acrossLines else { return found }
                isAtLineStart = true
                advance()
            case _ where Self.isBlank(byte):
                advance()
            case UInt8(ascii: "/"):
                switch peekSecond() {
                case UInt8(ascii: "/"):
                    while let next = peek(), next != UInt8(ascii: "\n") { advance() }
                case UInt8(ascii: "*"):
                    skipBlockComment()
                default:
                    return found
                }
            default:
                return found
            }
            found = true
        }
        return found
    }

    private mutating func skipBlockComment() {
        let start = position
        _ = peek()
        advance()
        _ = peek()
        advance()
        while let byte = peek() {
            advance()
            if byte == UInt8(ascii: "*"), peek() == UInt8(ascii: "/") {
                advance()
                return
            }
        }
        unterminatedComment = start
    }

    // MARK: Classes of bytes

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func continuesName(_ byte: UInt8) -> Bool {
        let lowercased = byte | 0x20
        return lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z") || isDigit(byte)
            || byte == UInt8(ascii: "_")
    }

    /// White space within a line. NUL is one, as in GNU cpp; so is a carriage return.
    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C, 0: true
        default: false
        }
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "<"),
            UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Punctuation of two bytes. `[]`, `<>` and `<->` are none: they mean something within `ltl` only.
    private static func isPair(_ first: UInt8, _ second: UInt8) -> Bool {
        switch (first, second) {
        case (UInt8(ascii: "-"), UInt8(ascii: ">")), (UInt8(ascii: ":"), UInt8(ascii: ":")),
            (UInt8(ascii: "."), UInt8(ascii: ".")), (UInt8(ascii: "!"), UInt8(ascii: "!")),
            (UInt8(ascii: "?"), UInt8(ascii: "?")), (UInt8(ascii: "<"), UInt8(ascii: "=")),
            (UInt8(ascii: ">"), UInt8(ascii: "=")), (UInt8(ascii: "="), UInt8(ascii: "=")),
            (UInt8(ascii: "!"), UInt8(ascii: "=")), (UInt8(ascii: "<"), UInt8(ascii: "<")),
            (UInt8(ascii: ">"), UInt8(ascii: ">")), (UInt8(ascii: "&"), UInt8(ascii: "&")),
            (UInt8(ascii: "|"), UInt8(ascii: "|")), (UInt8(ascii: "+"), UInt8(ascii: "+")),
            (UInt8(ascii: "-"), UInt8(ascii: "-")), (UInt8(ascii: "#"), UInt8(ascii: "#")):
            true
        default: false
        }
    }

    private static func isUnknown(_ byte: UInt8) -> Bool {
        !(continuesName(byte) || isBlank(byte) || isPunctuation(byte) || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"))
    }
}
