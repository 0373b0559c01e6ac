/// What the values in registers are, and what the instructions do with them: the loop that carries out instructions is compiled
/// once for plain numbers and once for values that may be terms.
protocol ValueSemantics {
    /// Whether it may be asked for what is read: see `ReadLog`.
    static var notesReads: Bool { get }
    /// A constant of the code.
    func literal(_ value: Int64) -> Int64
    /// The result of an operation of arithmetic or of a comparison; `position` is the address of what follows it.
    func result(_ operation: Operation, _ left: Int64, _ right: Int64, _ position: Int) -> Int64
    func isZero(_ value: Int64) -> Bool
    /// The value as a plain number.
    func concrete(_ value: Int64) -> Int64
    /// The value as an index into an array of `count` elements; a plain number, out of bounds if the value is.
    func index(_ value: Int64, below count: Int64) -> Int64
    /// The value as a variable keeps it.
    func kept(_ value: Int64, _ form: Storage.Form, width: Int, site: Int, _ log: TruncationLog) -> Int64
    /// Told of a value that a variable of a few bits could not hold.
    func didCut(_ value: Int64, site: Int)
}

/// Whether somebody may want to know what is read.
protocol ReadInterest { static var isThere: Bool { get } }

enum NoInterest: ReadInterest { static var isThere: Bool { false } }

enum Interest: ReadInterest { static var isThere: Bool { true } }

/// Numbers, and nobody asks what is read.
typealias ConcreteValues = NumericValues<NoInterest>

/// Numbers, and it is noted what is read.
typealias NotedValues = NumericValues<Interest>

/// Values are numbers of 64 bits; a narrow one is kept sign-extended from 32 bits.
struct NumericValues<Reads: ReadInterest>: ValueSemantics {
    static var notesReads: Bool { Reads.isThere }

    @inline(__always) func literal(_ value: Int64) -> Int64 { value }

    @inline(__always) func isZero(_ value: Int64) -> Bool { value == 0 }

    @inline(__always) func concrete(_ value: Int64) -> Int64 { value }

    @inline(__always) func index(_ value: Int64, below count: Int64) -> Int64 { value }

    @inline(__always) func didCut(_ value: Int64, site: Int) {}

    @inline(__always)
    func kept(_ value: Int64, _ form: Storage.Form, width: Int, site: Int, _ log: TruncationLog) -> Int64 {
        let kept = Storage.truncate(value, width: width, isSigned: form.isSigned)
        if kept != value { log.note(site: site, value: value, stored: kept) }
        return kept
    }

    // The operation is a constant wherever this is called, so that nothing of the switch is left.
    @inline(__always)
    func result(_ operation: Operation, _ left: Int64, _ right: Int64, _ position: Int) -> Int64 {
        switch operation {
        case .narrow: narrow(left)
        case .add: narrow(left &+ right)
        case .subtract: narrow(left &- right)
        case .multiply: narrow(left &* right)
        case .divide: narrow(left / right)
        case .remainder: narrow(left % right)
        case .shiftLeft: Int64(Int32(truncatingIfNeeded: left) &<< Int32(truncatingIfNeeded: right))
        case .shiftRight: Int64(Int32(truncatingIfNeeded: left) &>> Int32(truncatingIfNeeded: right))
        case .negate: narrow(0 &- left)
        case .complement: narrow(~left)
        case .addWide: left &+ right
        case .subtractWide: left &- right
        case .multiplyWide: left &* right
        case .divideWide: Int64(bitPattern: UInt64(bitPattern: left) / UInt64(bitPattern: right))
        case .remainderWide: Int64(bitPattern: UInt64(bitPattern: left) % UInt64(bitPattern: right))
        case .shiftLeftWide: left &<< right
        case .shiftRightWide: Int64(bitPattern: UInt64(bitPattern: left) &>> UInt64(bitPattern: right))
        case .bitAnd: left & right
        case .bitOr: left | right
        case .bitXor: left ^ right
        case .complementWide: ~left
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .less: left < right ? 1 : 0
        case .lessOrEqual: left <= right ? 1 : 0
        case .lessUnsigned: UInt64(bitPattern: left) < UInt64(bitPattern: right) ? 1 : 0
        case .lessOrEqualUnsigned: UInt64(bitPattern: left) <= UInt64(bitPattern: right) ? 1 : 0
        default: 0
        }
    }

    @inline(__always)
    private func narrow(_ value: Int64) -> Int64 { Int64(Int32(truncatingIfNeeded: value)) }
}
