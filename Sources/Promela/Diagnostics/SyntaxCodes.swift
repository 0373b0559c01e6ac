/// What can be wrong with the form of a model.
extension DiagnosticCode {
    /// A token that fits nowhere; the message says what was expected.
    public static let unexpectedToken = DiagnosticCode("unexpected-token")
    /// `=` where a value is compared.
    public static let assignmentInCondition = DiagnosticCode("assignment-in-condition")
    /// An option that starts with an assignment and an arrow, as if the assignment were a condition.
    public static let assignmentAsGuard = DiagnosticCode("assignment-as-guard")
    /// `if` or `do` whose first option has no `::`.
    public static let missingOptionMark = DiagnosticCode("missing-option-mark")
    /// Two statements with nothing between them.
    public static let missingSeparator = DiagnosticCode("missing-separator")
    /// An operator that starts a line: a statement ended at the end of the line before.
    public static let lineEndsStatement = DiagnosticCode("line-ends-statement")
    /// A block, an option or a sequence without any statement.
    public static let emptySequence = DiagnosticCode("empty-sequence")
    /// A block that nothing closes.
    public static let unclosedBlock = DiagnosticCode("unclosed-block")
    /// `fi` that closes a `do`, `od` that closes an `if`, or either where nothing is open.
    public static let mismatchedEnd = DiagnosticCode("mismatched-end")
    /// A type with no variable behind it.
    public static let missingName = DiagnosticCode("missing-name")
    /// A keyword where a name is needed.
    public static let keywordAsName = DiagnosticCode("keyword-as-name")
    /// A word or an operator of C that Promela does not have.
    public static let notPromela = DiagnosticCode("not-promela")
    /// `c_code` and its kin.
    public static let embeddedC = DiagnosticCode("embedded-c")
    /// Blocks, parentheses or inlines nested too deeply, or an expression too long.
    public static let nestingTooDeep = DiagnosticCode("nesting-too-deep")
    /// `full`, `empty`, `nfull` or `nempty` inside an operator other than `&&` and `||`.
    public static let misplacedChannelTest = DiagnosticCode("misplaced-channel-test")
    /// An inline that calls itself, perhaps through others.
    public static let recursiveInline = DiagnosticCode("recursive-inline")
    /// A call of an inline with too few or too many arguments.
    public static let inlineArgumentCount = DiagnosticCode("inline-argument-count")
    /// Inlines whose bodies, written out, are too long to be read.
    public static let inlineTooLong = DiagnosticCode("inline-too-long")
    /// `return` outside an inline, or in one whose value is not assigned.
    public static let misplacedReturn = DiagnosticCode("misplaced-return")
    /// A label in front of a declaration.
    public static let labeledDeclaration = DiagnosticCode("labeled-declaration")
    /// A label on the first statement of a block, where Spin allows none.
    public static let misplacedLabel = DiagnosticCode("misplaced-label")
    /// A temporal operator outside `ltl`, or below an operator that is not logical.
    public static let misplacedTemporalOperator = DiagnosticCode("misplaced-temporal-operator")
    /// `printf` without a format in quotes.
    public static let missingFormat = DiagnosticCode("missing-format")
}

/// What can be wrong with the meaning of a model.
extension DiagnosticCode {
    /// A name that nothing declares.
    public static let undeclaredName = DiagnosticCode("undeclared-name")
    /// A name that is declared twice where both can be seen.
    public static let duplicateDeclaration = DiagnosticCode("duplicate-declaration")
    /// A type that no `typedef` defines.
    public static let unknownType = DiagnosticCode("unknown-type")
    /// A process that no `proctype` defines.
    public static let unknownProctype = DiagnosticCode("unknown-proctype")
    /// A field that a structure does not have.
    public static let unknownField = DiagnosticCode("unknown-field")
    /// A label that the process does not have.
    public static let unknownLabel = DiagnosticCode("unknown-label")
    /// A label that stands twice in the same block.
    public static let duplicateLabel = DiagnosticCode("duplicate-label")
    /// More fields in a message than its channel has, or (a warning) fewer.
    public static let channelArity = DiagnosticCode("channel-arity")
    /// Another number of arguments in `run` than the `proctype` has parameters.
    public static let runArgumentCount = DiagnosticCode("run-argument-count")
    /// `run` where Spin allows none.
    public static let misplacedRun = DiagnosticCode("misplaced-run")
    /// An option that can never be taken.
    public static let unreachableOption = DiagnosticCode("unreachable-option")
    /// Two `else` options in one `if` or `do`.
    public static let duplicateElse = DiagnosticCode("duplicate-else")
    /// `else` that is not the first statement of an option.
    public static let misplacedElse = DiagnosticCode("misplaced-else")
    /// A constant that its variable cannot hold.
    public static let constantTruncated = DiagnosticCode("constant-truncated")
    /// An array without an index.
    public static let missingIndex = DiagnosticCode("missing-index")
    /// An index on something that is no array.
    public static let unexpectedIndex = DiagnosticCode("unexpected-index")
    /// A constant index outside its array.
    public static let indexOutOfBounds = DiagnosticCode("index-out-of-bounds")
    /// `break` outside every loop.
    public static let breakOutsideLoop = DiagnosticCode("break-outside-loop")
    /// A jump into or out of a `d_step`.
    public static let jumpAcrossStep = DiagnosticCode("jump-across-d_step")
    /// Something that a `d_step` cannot contain.
    public static let invalidInStep = DiagnosticCode("invalid-in-d_step")
    /// Assignment to a constant or to a variable that the system keeps.
    public static let notAssignable = DiagnosticCode("not-assignable")
    /// `_` where its value is needed.
    public static let valueOfDiscard = DiagnosticCode("value-of-discard")
    /// Something other than a channel where a channel is needed.
    public static let notAChannel = DiagnosticCode("not-a-channel")
    /// A channel where a number is needed, or the reverse.
    public static let channelAsNumber = DiagnosticCode("channel-as-number")
    /// A whole structure where one of its fields is needed.
    public static let wholeStructure = DiagnosticCode("whole-structure")
    /// A field of something that is no structure.
    public static let notAStructure = DiagnosticCode("not-a-structure")
    /// A symbolic name of another set than the variable's.
    public static let messageTypeMismatch = DiagnosticCode("mtype-mismatch")
    /// A set of symbolic names that no `mtype:NAME` defines.
    public static let unknownMessageTypeSet = DiagnosticCode("unknown-mtype-set")
    /// More than 255 symbolic names in one set.
    public static let tooManyMessageTypes = DiagnosticCode("too-many-mtypes")
    /// An expression where a constant is required.
    public static let constantRequired = DiagnosticCode("constant-required")
    /// A constant outside the range that its use allows: array sizes, widths, priorities.
    public static let constantOutOfRange = DiagnosticCode("constant-out-of-range")
    /// A width on something that is not `unsigned`, or an `unsigned` without.
    public static let invalidWidth = DiagnosticCode("invalid-width")
    /// An initializer that its variable cannot have, or not here.
    public static let invalidInitializer = DiagnosticCode("invalid-initializer")
    /// A declaration that is only possible at another place, or in another form.
    public static let invalidDeclaration = DiagnosticCode("invalid-declaration")
    /// A model in which no process ever runs.
    public static let noProcesses = DiagnosticCode("no-processes")
    /// More than 255 processes from the start.
    public static let tooManyProcesses = DiagnosticCode("too-many-processes")
    /// A `for` over something that it cannot walk.
    public static let invalidLoop = DiagnosticCode("invalid-loop")
    /// A `select` or `for` whose first value is above its last.
    public static let emptyRange = DiagnosticCode("empty-range")
    /// A statement that an `unless`, a `trace` or a claim cannot contain.
    public static let invalidStatement = DiagnosticCode("invalid-statement")
    /// A variable in a `trace`, which fits any value.
    public static let anyValueInTrace = DiagnosticCode("any-value-in-trace")
    /// An option of a `trace` that is nothing but a jump.
    public static let jumpInTrace = DiagnosticCode("jump-in-trace")
    /// `printf` whose arguments do not fit its format.
    public static let formatArguments = DiagnosticCode("format-arguments")
    /// Division by a constant zero.
    public static let divisionByZero = DiagnosticCode("division-by-zero")
}
