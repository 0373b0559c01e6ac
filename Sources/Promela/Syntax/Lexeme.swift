/// A preprocessing token: text as the preprocessor moves it about, before Promela gives it a meaning.
struct Lexeme: Sendable {
    enum Kind: Sendable {
        case identifier
        /// A digit and what follows it of letters, digits and `_`; whether it is a number is found out when it is used.
        case number
        case string
        case character
        case punctuation
        /// A quotation mark without its partner, up to the end of the line. Harmless where it is never used.
        case unterminated
        /// Bytes that no token starts with.
        case unknown
        /// Stands for an empty argument next to `##`; never leaves the macro's body.
        case placemarker
    }

    var kind: Kind
    /// The spelling, quotation marks included, line continuations taken out.
    var text: String
    var span: Span
    /// White space or a comment stands in front.
    var hasLeadingSpace = false
    /// The first on its line.
    var startsLine = false
    /// A macro's name that was met inside the macro's own expansion, and is never to be expanded again.
    var isPainted = false

    func isPunctuation(_ spelling: String) -> Bool {
        kind == .punctuation && text == spelling
    }

    /// Opens with an apostrophe. By bytes: a combining mark after it would make another `Character` of it.
    var isCharacterLike: Bool {
        text.utf8.first == UInt8(ascii: "'")
    }
}
