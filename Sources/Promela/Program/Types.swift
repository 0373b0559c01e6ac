/// The type of a value that fits one variable or one field of a message.
public enum ScalarType: Hashable, Sendable {
    case bit
    case bool
    case byte
    case short
    case int
    /// `unsigned x : width`, 1 to 64 bits.
    case unsigned(width: Int)
    case pid
    /// A member of a set of symbolic names: an index into `Program.messageTypeSets`.
    case mtype(set: Int)
    case chan

    /// Bits that a value takes.
    public var width: Int {
        switch self {
        case .bit, .bool: 1
        case .byte, .pid, .mtype, .chan: 8
        case .short: 16
        case .int: 32
        case .unsigned(let width): width
        }
    }

    /// Whether values are in two's complement, and can be negative.
    public var isSigned: Bool {
        switch self {
        case .short, .int: true
        default: false
        }
    }

    /// Whether arithmetic with such a value is done in 64 bits, unsigned: Spin has no such type. Without a sign, 32 bits are
    /// too many already for arithmetic in two's complement of 32 bits; Spin's own `unsigned` ends at 31.
    public var isWide: Bool { width > 32 || (width == 32 && !isSigned) }

    /// The type as Promela spells it.
    public var spelling: String {
        switch self {
        case .bit: "bit"
        case .bool: "bool"
        case .byte: "byte"
        case .short: "short"
        case .int: "int"
        case .unsigned(let width): "unsigned : \(width)"
        case .pid: "pid"
        case .mtype: "mtype"
        case .chan: "chan"
        }
    }
}

/// The type of a variable or of a field.
public enum ValueType: Hashable, Sendable {
    case scalar(ScalarType)
    /// An index into `Program.records`.
    case record(Int)
}

/// A `typedef`.
public struct RecordType: Sendable {
    public var name: String
    public var fields: [Variable]

    public init(name: String, fields: [Variable]) {
        self.name = name
        self.fields = fields
    }
}

/// One set of symbolic names: `mtype = { ... }`, or `mtype:NAME = { ... }`.
public struct MessageTypeSet: Sendable {
    /// Empty for the set without a name.
    public var name: String
    /// Names with the values that Spin gives them.
    public var members: [(name: String, value: Int)]

    public init(name: String, members: [(name: String, value: Int)]) {
        self.name = name
        self.members = members
    }
}

/// A variable, a parameter, or a field of a record.
public struct Variable: Sendable {
    /// What a variable starts with.
    public enum Initializer: Sendable {
        /// One value, for every element if the variable is an array.
        case value(Expression)
        /// `= { a, b, c }`: one value per element, the last of them for the elements that remain.
        case values([Expression])
        /// `= [capacity] of { fields }`: a new channel, one for each element.
        case channel(capacity: Int, fields: [ScalarType])
    }

    /// The word in front of a declaration that says who sees the variable.
    public enum Visibility: Hashable, Sendable {
        case ordinary
        /// `hidden`: not part of the state.
        case hidden
        /// `show`: traced; no meaning for the search.
        case show
        /// `local`: a global that the author says one process uses.
        case local
    }

    public var name: String
    public var type: ValueType
    /// Number of elements, or nil for a variable that is no array.
    public var count: Int?
    public var initializer: Initializer?
    public var visibility: Visibility
    /// The name as a person should see it; differs from `name` where blocks declare the same name twice (`x`, `x_2`).
    public var displayName: String
    public var span: Span

    public init(
        name: String, type: ValueType, count: Int? = nil, initializer: Initializer? = nil,
        visibility: Visibility = .ordinary, displayName: String? = nil, span: Span
    ) {
        self.name = name
        self.type = type
        self.count = count
        self.initializer = initializer
        self.visibility = visibility
        self.displayName = displayName ?? name
        self.span = span
    }
}
