/// Arithmetic on values that are not known: an engine's terms, in place of some of the numbers that a machine works with.
///
/// A value is then either a plain number, or the name of a term. Where the code wants to know something of a term, the engine
/// decides: it gives one answer now, and has the code run again for the other, if both are possible. See `TermLayout` for the
/// variables that may hold terms.
public protocol TermArithmetic: AnyObject {
    /// The result of an operation that a term takes part in; comparisons are decided.
    func result(_ operation: TermOperation, _ left: TermValue, _ right: TermValue, isWide: Bool, at place: TermPlace) -> TermValue
    /// Decides whether two values are the same in all their 64 bits.
    func areEqual(_ left: TermValue, _ right: TermValue) -> Bool
    /// Decides whether one value comes after another, both taken to have a sign.
    func isGreater(_ left: TermValue, _ right: TermValue) -> Bool
    /// Decides what number a term is.
    func number(_ term: TermValue) -> Int64
    /// Decides what number an index is; any number out of bounds will do for those that are.
    func index(_ term: TermValue, below count: Int64) -> Int64
    /// A value as a variable of so many bits keeps it.
    func truncated(_ value: TermValue, width: Int, isSigned: Bool, at place: TermPlace) -> TermValue
    /// A number that is too large to be told from the name of a term.
    func term(for number: Int64) -> TermValue
    /// Any value from one to another; `high` is `low` if it is below it.
    func choice(from low: TermValue, through high: TermValue, isWide: Bool, at place: TermPlace) -> TermValue
    /// Carries something out once for each way in which the questions in it can be answered.
    func forEachAnswer(_ body: () -> Void)
    /// A move was collected; it is possible under the answers given so far.
    func didCollectMove()
    /// A fault was collected; it happens under the answers given so far.
    func didCollectFault()
}

/// Where in the model something is computed.
public enum TermPlace: Hashable, Sendable {
    /// The address of an instruction.
    case instruction(Int)
    /// A store, by its number.
    case store(Int)
    /// A transition, by its number.
    case transition(Int)
    case unknown
}

/// A number, or the name of a term, in 64 bits.
public struct TermValue: Hashable, Sendable {
    /// As it lies in registers and in state vectors.
    public var bits: Int64

    @inline(__always) public init(bits: Int64) { self.bits = bits }

    /// The term with this number.
    public init(term number: Int) { bits = Self.firstName + Int64(number) }

    /// Names begin where numbers cannot be.
    private static let firstName: Int64 = 1 << 62

    /// Whether a number can stand for itself.
    @inline(__always)
    public static func isPlain(_ number: Int64) -> Bool { number >= -(1 << 61) && number < 1 << 61 }

    /// The number of the term; nil if this is a plain number.
    @inline(__always)
    public var term: Int? { bits >= Self.firstName ? Int(bits - Self.firstName) : nil }

    /// Whether this is the name of a term.
    @inline(__always) public var isTerm: Bool { bits >= Self.firstName }
}

/// What can be computed with terms.
public enum TermOperation: Hashable, Sendable {
    case add, subtract, multiply, divide, remainder, shiftLeft, shiftRight, bitAnd, bitOr, bitXor, complement, negate
    /// Cut to 32 bits with a sign.
    case narrow
    case equal, notEqual, less, lessOrEqual
}

/// Values may be terms.
struct TermValues: ValueSemantics {
    static var notesReads: Bool { false }

    let terms: any TermArithmetic
    let machine: Machine

    @inline(__always)
    func literal(_ value: Int64) -> Int64 { TermValue.isPlain(value) ? value : terms.term(for: value).bits }

    func isZero(_ value: Int64) -> Bool {
        TermValue(bits: value).isTerm ? terms.areEqual(TermValue(bits: value), TermValue(bits: 0)) : value == 0
    }

    func concrete(_ value: Int64) -> Int64 {
        TermValue(bits: value).isTerm ? terms.number(TermValue(bits: value)) : value
    }

    func index(_ value: Int64, below count: Int64) -> Int64 {
        TermValue(bits: value).isTerm ? terms.index(TermValue(bits: value), below: count) : value
    }

    func kept(_ value: Int64, _ form: Storage.Form, width: Int, site: Int, _ log: TruncationLog) -> Int64 {
        if form.mayHoldTerm {
            return terms.kept(value, width: width, isSigned: form.isSigned, at: .store(site))
        }
        let number = concrete(value)
        let kept = ConcreteValues().kept(number, form, width: width, site: site, log)
        if kept != number { didCut(number, site: site) }
        return kept
    }

    func didCut(_ value: Int64, site: Int) { machine.noteWrapAround(at: .store(site)) }

    func result(_ operation: Operation, _ left: Int64, _ right: Int64, _ position: Int) -> Int64 {
        if !TermValue(bits: left).isTerm, !TermValue(bits: right).isTerm {
            return literal(CheckedValues(machine: machine).result(operation, left, right, position))
        }
        guard let (operation, isWide) = operation.termOperation else { return 0 }
        return terms.result(
            operation, TermValue(bits: left), TermValue(bits: right), isWide: isWide, at: .instruction(position - 1)
        ).bits
    }
}

extension TermArithmetic {
    /// A value as a variable that may hold terms keeps it.
    func kept(_ value: Int64, width: Int, isSigned: Bool, at place: TermPlace) -> Int64 {
        if !TermValue(bits: value).isTerm {
            let kept = Storage.truncate(value, width: width, isSigned: isSigned)
            if kept == value { return value }
        }
        return truncated(TermValue(bits: value), width: width, isSigned: isSigned, at: place).bits
    }
}

extension Operation {
    /// What an instruction computes, and whether with 64 bits without a sign.
    fileprivate var termOperation: (operation: TermOperation, isWide: Bool)? {
        switch self {
        case .narrow: (.narrow, false)
        case .add: (.add, false)
        case .subtract: (.subtract, false)
        case .multiply: (.multiply, false)
        case .divide: (.divide, false)
        case .remainder: (.remainder, false)
        case .shiftLeft: (.shiftLeft, false)
        case .shiftRight: (.shiftRight, false)
        case .negate: (.negate, false)
        case .complement: (.complement, false)
        case .addWide: (.add, true)
        case .subtractWide: (.subtract, true)
        case .multiplyWide: (.multiply, true)
        case .divideWide: (.divide, true)
        case .remainderWide: (.remainder, true)
        case .shiftLeftWide: (.shiftLeft, true)
        case .shiftRightWide: (.shiftRight, true)
        case .bitAnd: (.bitAnd, true)
        case .bitOr: (.bitOr, true)
        case .bitXor: (.bitXor, true)
        case .complementWide: (.complement, true)
        case .equal: (.equal, true)
        case .notEqual: (.notEqual, true)
        case .less: (.less, false)
        case .lessOrEqual: (.lessOrEqual, false)
        case .lessUnsigned: (.less, true)
        case .lessOrEqualUnsigned: (.lessOrEqual, true)
        default: nil
        }
    }
}
