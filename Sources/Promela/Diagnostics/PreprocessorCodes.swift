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

/// Faults in directives.
extension DiagnosticCode {
    /// `#` and a word that is no directive.
    public static let unknownDirective = DiagnosticCode("unknown-directive")
    /// A directive that lacks what it needs, such as the name in `#ifdef`.
    public static let malformedDirective = DiagnosticCode("malformed-directive")
    /// Text after a directive that is complete.
    public static let extraTokens = DiagnosticCode("extra-tokens")
    /// `#error`
    public static let errorDirective = DiagnosticCode("error-directive")
    /// `#warning`
    public static let warningDirective = DiagnosticCode("warning-directive")
    /// An `#if` whose `#endif` never comes.
    public static let unterminatedConditional = DiagnosticCode("unterminated-conditional")
    /// `#elif`, `#else` or `#endif` where no `#if` is open, or after the `#else`.
    public static let unbalancedConditional = DiagnosticCode("unbalanced-conditional")
    /// A condition of `#if` that is no integer constant expression.
    public static let malformedCondition = DiagnosticCode("malformed-condition")
    /// A division by zero in a condition of `#if`.
    public static let conditionDivisionByZero = DiagnosticCode("condition-division-by-zero")
    /// An included file that is not found, or cannot be read.
    public static let missingInclude = DiagnosticCode("missing-include")
    /// Files that include each other too deeply, as a file does that includes itself.
    public static let includeDepth = DiagnosticCode("include-depth")
    /// More files included than any model has.
    public static let tooManyIncludes = DiagnosticCode("too-many-includes")
}

/// Faults in macros.
extension DiagnosticCode {
    /// A `#define`, or a `-D`, that defines nothing.
    public static let malformedMacro = DiagnosticCode("malformed-macro")
    /// A second definition that differs from the first.
    public static let macroRedefined = DiagnosticCode("macro-redefined")
    /// A call with too few or too many arguments.
    public static let macroArguments = DiagnosticCode("macro-arguments")
    /// A call whose `)` never comes.
    public static let unterminatedMacroCall = DiagnosticCode("unterminated-macro-call")
    /// A `##` whose operands do not make one token.
    public static let invalidPaste = DiagnosticCode("invalid-paste")
    /// Macros that expand into macros, too deeply.
    public static let macroRecursion = DiagnosticCode("macro-recursion")
    /// Macros that expand to more text than any model has.
    public static let expansionTooLarge = DiagnosticCode("expansion-too-large")
}

extension DiagnosticCode {
    /// Errors behind which text is missing that the author wrote, or is meant to be there: whatever the parser would say of
    /// the rest follows from them.
    static let losingText: Set<DiagnosticCode> = [
        .unterminatedComment, .tooManyFaults, .errorDirective, .unterminatedConditional, .missingInclude, .includeDepth,
        .tooManyIncludes, .unterminatedMacroCall, .macroRecursion, .expansionTooLarge,
    ]
}
