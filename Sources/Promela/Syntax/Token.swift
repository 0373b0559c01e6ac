/// One token of Promela, after preprocessing.
public struct Token: Hashable, Sendable {
    /// What sort of token it is.
    public enum Kind: Hashable, Sendable {
        /// A name or a keyword; the parser tells them apart by `text`.
        case identifier
        /// An unsigned integer literal, or a character literal by its code; `value` holds it.
        case number
        /// A string literal; `text` holds its contents between the quotes, escapes as written.
        case string
        /// An operator or a separator, by its spelling: `->`, `::`, `!!`, `{` ...
        case punctuation
        /// The end of the model.
        case end
    }

    public var kind: Kind
    /// The spelling; of a string, what stands between the quotes.
    public var text: String
    /// The value of a number; zero for everything else.
    public var value: UInt64
    /// Where the token was written, and what it came through.
    public var span: Span

    public init(kind: Kind, text: String, value: UInt64 = 0, span: Span) {
        self.kind = kind
        self.text = text
        self.value = value
        self.span = span
    }
}
