/// The type of a generated variable.
enum ValueType: Equatable {
    case bit, bool, byte, short, int, pid, mtype
    case unsigned(Int)

    /// The type as a declaration starts, such as `byte`.
    var keyword: String {
        switch self {
        case .bit: "bit"
        case .bool: "bool"
        case .byte: "byte"
        case .short: "short"
        case .int: "int"
        case .pid: "pid"
        case .mtype: "mtype"
        case .unsigned: "unsigned"
        }
    }

    /// What follows the name in a declaration: an unsigned's width.
    var suffix: String {
        if case .unsigned(let width) = self { " : \(width)" } else { "" }
    }

    /// Whether the type holds 0 and 1 only.
    var isBinary: Bool { self == .bit || self == .bool }

    /// Whether a value may be negative.
    var isSigned: Bool { self == .short || self == .int }

    /// The bits that a value takes.
    var width: Int {
        switch self {
        case .bit, .bool: 1
        case .byte, .pid, .mtype: 8
        case .short: 16
        case .int: 32
        case .unsigned(let width): width
        }
    }

    /// Whether every value of another type is one of this type too.
    func holdsAll(of other: ValueType) -> Bool {
        if other.isSigned { return isSigned && width >= other.width }
        return isSigned ? width > other.width : width >= other.width
    }
}

/// A variable, array element or structure field that a program can use.
struct Variable {
    /// A name on the way to a value: `[("o", nil), ("in", 2)]` stands for `o.in[...]`, with an index below 2.
    typealias Component = (name: String, count: Int?)

    var path: [Component]
    var type: ValueType
    /// Whether programs may assign to it; loop counters belong to their loops.
    var isWritable = true

    init(_ name: String, _ type: ValueType, count: Int? = nil, isWritable: Bool = true) {
        path = [(name, count)]
        self.type = type
        self.isWritable = isWritable
    }

    init(path: [Component], type: ValueType) {
        self.path = path
        self.type = type
    }

    /// Whether no index is needed to reach it.
    var isScalar: Bool { path.allSatisfy { $0.count == nil } }
}

/// A channel that a program can use.
struct Channel {
    /// What a field of a message is.
    enum Field {
        case value(ValueType)
        case channel
    }

    /// The name, with an index if it is an element of an array.
    var name: String
    /// Zero for rendezvous.
    var capacity: Int
    var fields: [Field]

    var isRendezvous: Bool { capacity == 0 }
    /// Whether messages carry values only, so that any process can make use of them.
    var carriesValuesOnly: Bool {
        fields.allSatisfy { if case .value = $0 { true } else { false } }
    }
    /// Whether the messages are one byte, which is what channels given away have.
    var isPlain: Bool {
        fields.count == 1 && { if case .value(.byte) = fields[0] { true } else { false } }()
    }
}

/// An inline that has been written.
struct Inline {
    var name: String
    var parameterCount: Int
    var isFitForDStep: Bool
}

/// A proctype that has been written.
struct Proctype {
    var name: String
    var parameters: [Parameter]
    /// How many instances are active from the start.
    var instances: Int
    /// The process identifier of the first instance that is active from the start.
    var firstPid: Int?
    /// The labels that other processes may ask for.
    var labels: [String] = []
    /// Scalar variables that other processes may read.
    var readableLocals: [String] = []

    enum Parameter {
        case value(ValueType)
        case channel
    }
}

/// What is around a statement.
struct Context {
    /// How many compound statements are around it.
    var depth = 0
    /// Whether it may be executed without bound, so that values must stay within few.
    var isRepeated = false
    /// About how often the loops around it execute it, at most.
    var repetitions = 1
    var isAtomic = false
    /// Whether it must not block, jump or meet.
    var isDeterministic = false
    /// Whether a `break` would leave a loop without leaving a d_step.
    var canBreak = false
    /// Whether labels can stand here.
    var canJump: Bool { !isDeterministic && !isInline }
    var isInline = false

    /// The context one level deeper.
    func deeper(_ change: (inout Context) -> Void = { _ in }) -> Context {
        var context = self
        context.depth += 1
        change(&context)
        return context
    }
}
