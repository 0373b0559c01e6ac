/// The stable names of everything that can be wrong, or suspicious, with a model, whichever part of Heddle finds it.
///
/// Each has an explanation, which `heddle explain` shows.
public enum DiagnosticCode: String, CaseIterable, Hashable, Sendable {
    // MARK: Faults in the text itself, found while it is cut into tokens

    /// A `/*` whose `*/` never comes.
    case unterminatedComment = "unterminated-comment"
    /// A string without its closing quotation mark on the same line.
    case unterminatedString = "unterminated-string"
    /// A character literal without its closing quotation mark on the same line.
    case unterminatedCharacter = "unterminated-character"
    /// A character literal that holds no character, or several.
    case malformedCharacter = "malformed-character"
    /// An escape in a character literal that Spin reads otherwise than C does.
    case characterEscape = "character-escape"
    /// Digits and letters in one word that is neither a number nor a name.
    case malformedNumber = "malformed-number"
    /// A number that does not fit 64 bits.
    case numberTooLarge = "number-too-large"
    /// Bytes that no token of Promela starts with.
    case unknownCharacter = "unknown-character"
    /// So many faults that the rest of them is not listed.
    case tooManyFaults = "too-many-faults"

    // MARK: Faults in directives

    /// `#` and a word that is no directive.
    case unknownDirective = "unknown-directive"
    /// A directive that lacks what it needs, such as the name in `#ifdef`.
    case malformedDirective = "malformed-directive"
    /// Text after a directive that is complete.
    case extraTokens = "extra-tokens"
    /// `#error`
    case errorDirective = "error-directive"
    /// `#warning`
    case warningDirective = "warning-directive"
    /// An `#if` whose `#endif` never comes.
    case unterminatedConditional = "unterminated-conditional"
    /// `#elif`, `#else` or `#endif` where no `#if` is open, or after the `#else`.
    case unbalancedConditional = "unbalanced-conditional"
    /// A condition of `#if` that is no integer constant expression.
    case malformedCondition = "malformed-condition"
    /// A division by zero in a condition of `#if`.
    case conditionDivisionByZero = "condition-division-by-zero"
    /// An included file that is not found, or cannot be read.
    case missingInclude = "missing-include"
    /// Files that include each other too deeply, as a file does that includes itself.
    case includeDepth = "include-depth"
    /// More files included than any model has.
    case tooManyIncludes = "too-many-includes"

    // MARK: Faults in macros

    /// A `#define`, or a `-D`, that defines nothing.
    case malformedMacro = "malformed-macro"
    /// A second definition that differs from the first.
    case macroRedefined = "macro-redefined"
    /// A call with too few or too many arguments.
    case macroArguments = "macro-arguments"
    /// A call whose `)` never comes.
    case unterminatedMacroCall = "unterminated-macro-call"
    /// A `##` whose operands do not make one token.
    case invalidPaste = "invalid-paste"
    /// Macros that expand into macros, too deeply.
    case macroRecursion = "macro-recursion"
    /// Macros that expand to more text than any model has.
    case expansionTooLarge = "expansion-too-large"

    // MARK: What can be wrong with the form of a model

    /// A token that fits nowhere; the message says what was expected.
    case unexpectedToken = "unexpected-token"
    /// `=` where a value is compared.
    case assignmentInCondition = "assignment-in-condition"
    /// An option that starts with an assignment and an arrow, as if the assignment were a condition.
    case assignmentAsGuard = "assignment-as-guard"
    /// `if` or `do` whose first option has no `::`.
    case missingOptionMark = "missing-option-mark"
    /// Two statements with nothing between them.
    case missingSeparator = "missing-separator"
    /// An operator that starts a line: a statement ended at the end of the line before.
    case lineEndsStatement = "line-ends-statement"
    /// A block, an option or a sequence without any statement.
    case emptySequence = "empty-sequence"
    /// A block that nothing closes.
    case unclosedBlock = "unclosed-block"
    /// `fi` that closes a `do`, `od` that closes an `if`, or either where nothing is open.
    case mismatchedEnd = "mismatched-end"
    /// A type with no variable behind it.
    case missingName = "missing-name"
    /// A keyword where a name is needed.
    case keywordAsName = "keyword-as-name"
    /// A word or an operator of C that Promela does not have.
    case notPromela = "not-promela"
    /// `c_code` and its kin.
    case embeddedC = "embedded-c"
    /// Blocks, parentheses or inlines nested too deeply, or an expression too long.
    case nestingTooDeep = "nesting-too-deep"
    /// `full`, `empty`, `nfull` or `nempty` inside an operator other than `&&` and `||`.
    case misplacedChannelTest = "misplaced-channel-test"
    /// An inline that calls itself, perhaps through others.
    case recursiveInline = "recursive-inline"
    /// A call of an inline with too few or too many arguments.
    case inlineArgumentCount = "inline-argument-count"
    /// Inlines whose bodies, written out, are too long to be read.
    case inlineTooLong = "inline-too-long"
    /// `return` outside an inline, or in one whose value is not assigned.
    case misplacedReturn = "misplaced-return"
    /// A label in front of a declaration.
    case labeledDeclaration = "labeled-declaration"
    /// A label on the first statement of a block, where Spin allows none.
    case misplacedLabel = "misplaced-label"
    /// A temporal operator outside `ltl`, or below an operator that is not logical.
    case misplacedTemporalOperator = "misplaced-temporal-operator"
    /// `printf` without a format in quotes.
    case missingFormat = "missing-format"

    // MARK: What can be wrong with the meaning of a model

    /// A name that nothing declares.
    case undeclaredName = "undeclared-name"
    /// A name that is declared twice where both can be seen.
    case duplicateDeclaration = "duplicate-declaration"
    /// A type that no `typedef` defines.
    case unknownType = "unknown-type"
    /// A process that no `proctype` defines.
    case unknownProctype = "unknown-proctype"
    /// A field that a structure does not have.
    case unknownField = "unknown-field"
    /// A label that the process does not have.
    case unknownLabel = "unknown-label"
    /// A label that stands twice in the same block.
    case duplicateLabel = "duplicate-label"
    /// More fields in a message than its channel has, or (a warning) fewer.
    case channelArity = "channel-arity"
    /// Another number of arguments in `run` than the `proctype` has parameters.
    case runArgumentCount = "run-argument-count"
    /// `run` where Spin allows none.
    case misplacedRun = "misplaced-run"
    /// An option that can never be taken.
    case unreachableOption = "unreachable-option"
    /// Two `else` options in one `if` or `do`.
    case duplicateElse = "duplicate-else"
    /// `else` that is not the first statement of an option.
    case misplacedElse = "misplaced-else"
    /// A constant that its variable cannot hold.
    case constantTruncated = "constant-truncated"
    /// An array without an index.
    case missingIndex = "missing-index"
    /// An index on something that is no array.
    case unexpectedIndex = "unexpected-index"
    /// A constant index outside its array.
    case indexOutOfBounds = "index-out-of-bounds"
    /// `break` outside every loop.
    case breakOutsideLoop = "break-outside-loop"
    /// A jump into or out of a `d_step`.
    case jumpAcrossStep = "jump-across-d_step"
    /// Something that a `d_step` cannot contain.
    case invalidInStep = "invalid-in-d_step"
    /// Assignment to a constant or to a variable that the system keeps.
    case notAssignable = "not-assignable"
    /// `_` where its value is needed.
    case valueOfDiscard = "value-of-discard"
    /// Something other than a channel where a channel is needed.
    case notAChannel = "not-a-channel"
    /// A channel where a number is needed, or the reverse.
    case channelAsNumber = "channel-as-number"
    /// A whole structure where one of its fields is needed.
    case wholeStructure = "whole-structure"
    /// A field of something that is no structure.
    case notAStructure = "not-a-structure"
    /// A symbolic name of another set than the variable's.
    case messageTypeMismatch = "mtype-mismatch"
    /// A set of symbolic names that no `mtype:NAME` defines.
    case unknownMessageTypeSet = "unknown-mtype-set"
    /// More than 255 symbolic names in one set.
    case tooManyMessageTypes = "too-many-mtypes"
    /// An expression where a constant is required.
    case constantRequired = "constant-required"
    /// A constant outside the range that its use allows: array sizes, widths, priorities.
    case constantOutOfRange = "constant-out-of-range"
    /// A width on something that is not `unsigned`, or an `unsigned` without.
    case invalidWidth = "invalid-width"
    /// An initializer that its variable cannot have, or not here.
    case invalidInitializer = "invalid-initializer"
    /// A declaration that is only possible at another place, or in another form.
    case invalidDeclaration = "invalid-declaration"
    /// A model in which no process ever runs.
    case noProcesses = "no-processes"
    /// More than 255 processes from the start.
    case tooManyProcesses = "too-many-processes"
    /// A `for` over something that it cannot walk.
    case invalidLoop = "invalid-loop"
    /// A `select` or `for` whose first value is above its last.
    case emptyRange = "empty-range"
    /// A statement that an `unless`, a `trace` or a claim cannot contain.
    case invalidStatement = "invalid-statement"
    /// A variable in a `trace`, which fits any value.
    case anyValueInTrace = "any-value-in-trace"
    /// An option of a `trace` that is nothing but a jump.
    case jumpInTrace = "jump-in-trace"
    /// `printf` whose arguments do not fit its format.
    case formatArguments = "format-arguments"
    /// Division by a constant zero.
    case divisionByZero = "division-by-zero"

    // MARK: What keeps a model that is in order as a text from being run

    /// Jumps that lead only to each other: control would never reach a statement.
    case endlessJump = "endless-jump"
    /// Globals, or a process, of more than 64 MiB, or a state vector that could grow beyond 1 GiB.
    case stateTooLarge = "state-too-large"
    /// More than 255 channels exist from the start, or in one process.
    case tooManyChannels = "too-many-channels"
    /// A process with more places than a location can name.
    case processTooLong = "process-too-long"
    /// A channel whose messages have more than 255 fields.
    case messageTooLong = "message-too-long"
    /// A statement that computes more than 65,536 values at once.
    case statementTooLong = "statement-too-long"
    /// More types of processes than a state can name.
    case tooManyProctypes = "too-many-proctypes"

    // MARK: What keeps an engine from a model that others can run

    /// Part of the model that the engine which was asked for does not know the exact meaning of.
    case notSupported = "not-supported"

    // MARK: What is found while a model runs

    /// At run time a value is assigned that the variable cannot hold; it is cut to size, as in Spin.
    case valueRange = "value-range"
}

extension DiagnosticCode {
    /// Errors behind which text is missing that the author wrote, or is meant to be there: whatever the parser would say of
    /// the rest follows from them.
    static let losingText: Set<DiagnosticCode> = [
        .unterminatedComment, .tooManyFaults, .errorDirective, .unterminatedConditional, .missingInclude, .includeDepth,
        .tooManyIncludes, .unterminatedMacroCall, .macroRecursion, .expansionTooLarge,
    ]
}
