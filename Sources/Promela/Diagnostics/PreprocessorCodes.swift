/// Faults in the text itself, found while it is cut into tokens.
extension DiagnosticCode {
    /// A `/*` whose `*/` never comes.
    public static let unterminatedComment = DiagnosticCode("unterminated-comment")
    /// A string without its closing quotation mark on the same line.
    public static let unterminatedString = DiagnosticCode("unterminated-string")
    /// A character literal without its closing quotation mark on the same line.
    public static let unterminatedCharacter = DiagnosticCode("unterminated-character")
    /// A character literal that holds no character, or several.
    public static let malformedCharacter = DiagnosticCode("malformed-character")
    /// An escape in a character literal that Spin reads otherwise than C does.
    public static let characterEscape = DiagnosticCode("character-escape")
    /// Digits and letters in one word that is neither a number nor a name.
    public static let malformedNumber = DiagnosticCode("malformed-number")
    /// A number that does not fit 64 bits.
    public static let numberTooLarge = DiagnosticCode("number-too-large")
    /// Bytes that no token of Promela starts with.
    public static let unknownCharacter = DiagnosticCode("unknown-character")
    /// So many faults that the rest of them is not listed.
    public static let tooManyFaults = DiagnosticCode("too-many-faults")
}
