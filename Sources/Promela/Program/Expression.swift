/// An expression whose names are resolved. Values are 32-bit two's complement, or 64-bit unsigned where `isWide`.
public struct Expression: Sendable {
    public var kind: Kind
    public var span: Span
    /// Whether the value is computed in 64 bits, unsigned, because something wider than 32 bits takes part.
    public var isWide: Bool
    /// The symbolic name that a constant was written as, if it was one of an `mtype`.
    public var symbol: String?

    public init(_ kind: Kind, span: Span, isWide: Bool = false, symbol: String? = nil) {
        self.kind = kind
        self.span = span
        self.isWide = isWide
        self.symbol = symbol
    }

    /// What an expression computes.
    public indirect enum Kind: Sendable {
        /// A literal, a constant-folded value, or the value of a symbolic name: sign-extended to 64 bits.
        case constant(Int64)
        case load(Place)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `(condition -> then : else)`
        case conditional(Expression, then: Expression, else: Expression)
        /// `run NAME(arguments)`: the new process's pid, or 0 if there are 255 already. There is one argument for each
        /// scalar of the parameters: a parameter that is a structure takes one for each of its fields.
        case run(proctype: Int, arguments: [Expression], priority: Int?)
        /// `len(channel)`
        case length(Expression)
        /// `empty`, `nempty`, `full`, `nfull`
        case channelTest(ChannelTest, Expression)
        /// `channel?[arguments]`, `channel??[arguments]`: whether the receive could happen; nothing is received.
        case poll(channel: Expression, arguments: [ReceiveArgument], isRandom: Bool)
        case timeout
        /// `np_`: no process is at a progress label.
        case nonProgress
        /// `enabled(pid)`
        case enabled(Expression)
        /// `pc_value(pid)`
        case programCounter(Expression)
        case getPriority(Expression)
        case setPriority(Expression, Expression)
        /// `NAME[pid]@label`; a nil pid means the one instance of the proctype.
        case remoteLabel(proctype: Int, pid: Expression?, label: Int)
        /// `NAME[pid]:variable`; the place is rooted in a local of that proctype.
        case remoteVariable(proctype: Int, pid: Expression?, Place)
    }

    /// An operator with one operand, by its spelling.
    public enum UnaryOperator: String, Sendable {
        case negate = "-"
        case not = "!"
        case complement = "~"
    }

    /// An operator with two operands, by its spelling.
    public enum BinaryOperator: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
        case shiftLeft = "<<"
        case shiftRight = ">>"
        case bitAnd = "&"
        case bitOr = "|"
        case bitXor = "^"
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// A question about how many messages a channel has, by its spelling.
    public enum ChannelTest: String, Sendable {
        case empty, nempty, full, nfull
    }
}

/// Something that can be read, and mostly also written: a variable, an element, a field.
///
/// Every array on the way has its index in `path`: the checker adds none, it reports a missing one.
public struct Place: Sendable {
    /// What a place starts from.
    public enum Root: Sendable {
        /// An index into `Program.globals`.
        case global(Int)
        /// An index into `Proctype.locals`.
        case local(Int)
        /// `_`: takes any value, gives none.
        case discard
        /// `_pid`
        case selfPid
        /// `_last`: the pid that took the last step.
        case lastPid
        /// `_nr_pr`: the number of processes.
        case processCount
        /// `_priority`
        case selfPriority
    }

    /// A step from an array to its element, or from a record to its field.
    public enum Accessor: Sendable {
        case index(Expression)
        /// An index into the fields of the record reached so far.
        case field(Int)
    }

    public var root: Root
    /// The way from the root, outermost first.
    public var path: [Accessor]
    /// The type of what is reached.
    public var type: ValueType
    public var span: Span

    public init(root: Root, path: [Accessor] = [], type: ValueType, span: Span) {
        self.root = root
        self.path = path
        self.type = type
        self.span = span
    }
}

/// One argument of a receive.
public enum ReceiveArgument: Sendable {
    /// The field is stored here (or dropped, for `_`).
    case store(Place)
    /// The field must equal this: a constant, or `eval(expression)`.
    case match(Expression)
}
