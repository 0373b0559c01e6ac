/// A statement whose names are resolved, and whose `for` loops are spelled out as the loops they stand for.
public struct Statement: Sendable {
    public var kind: Kind
    public var span: Span
    /// Labels in front of the statement: indices into `Proctype.labels`.
    public var labels: [Int]
    /// Whether nobody wrote this statement as such: it comes from the `for` or the declaration at `span`.
    public var isImplied: Bool

    public init(_ kind: Kind, span: Span, labels: [Int] = [], isImplied: Bool = false) {
        self.kind = kind
        self.span = span
        self.labels = labels
        self.isImplied = isImplied
    }

    /// What a statement does.
    public indirect enum Kind: Sendable {
        /// An expression as a statement: executable when it is not zero. `skip` is the constant 1.
        case condition(Expression)
        /// `else`
        case otherwise
        case assign(Place, Expression)
        /// `channel!arguments`, or `channel!!arguments` when sorted. Structures are spelled out field by field; fields that
        /// are missing at the end are zero. In a trace assertion an argument may be `_`.
        case send(channel: Expression, arguments: [Expression], isSorted: Bool)
        /// `channel?arguments`; `??` when random; `<...>` when the message stays in the channel. Structures are spelled out
        /// field by field; fields that are missing at the end are dropped.
        case receive(channel: Expression, arguments: [ReceiveArgument], isRandom: Bool, keepsMessage: Bool)
        case assert(Expression)
        /// `printf`, with the format as written between the quotes.
        case print(format: String, arguments: [Expression])
        /// `printm`
        case printName(Expression)
        /// `select (place : from .. through)` as one nondeterministic step.
        case select(Place, from: Expression, through: Expression)
        case selection([Block])
        case repetition([Block])
        /// An index into `Proctype.labels`.
        case goto(Int)
        case `break`
        case unless(Block, escape: Block)
        case atomic(Block)
        case deterministicStep(Block)
        /// `{ ... }` that is none of the above.
        case sequence(Block)
    }
}

/// Statements in order; never empty, but for the body of a process that only declares variables.
public struct Block: Sendable {
    public var statements: [Statement]
    public var span: Span

    public init(_ statements: [Statement], span: Span) {
        self.statements = statements
        self.span = span
    }
}
