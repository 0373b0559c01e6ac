import Promela

/// Values are numbers, and it is noted where a result is cut to the bits of the machine, or a value to those of its variable.
struct CheckedValues: ValueSemantics {
    static var notesReads: Bool { true }

    let machine: Machine

    @inline(__always) func literal(_ value: Int64) -> Int64 { value }

    @inline(__always) func isZero(_ value: Int64) -> Bool { value == 0 }

    @inline(__always) func concrete(_ value: Int64) -> Int64 { value }

    @inline(__always) func index(_ value: Int64, below count: Int64) -> Int64 { value }

    func kept(_ value: Int64, _ form: Storage.Form, width: Int, site: Int, _ log: TruncationLog) -> Int64 {
        let kept = ConcreteValues().kept(value, form, width: width, site: site, log)
        if kept != value { didCut(value, site: site) }
        return kept
    }

    func didCut(_ value: Int64, site: Int) { machine.noteWrapAround(at: .store(site), value) }

    func result(_ operation: Operation, _ left: Int64, _ right: Int64, _ position: Int) -> Int64 {
        let result = ConcreteValues().result(operation, left, right, position)
        if let exact = exact(operation, left, right),
            exact != (operation.isWide ? Int128(UInt64(bitPattern: result)) : Int128(result))
        {
            machine.noteWrapAround(at: .instruction(position - 1), left, right, isTooLarge: exact > 0)
        }
        return result
    }

    /// The result before it is cut, of an operation that may be cut.
    private func exact(_ operation: Operation, _ left: Int64, _ right: Int64) -> Int128? {
        let one = operation.isWide ? Int128(UInt64(bitPattern: left)) : Int128(left)
        let other = operation.isWide ? Int128(UInt64(bitPattern: right)) : Int128(right)
        return switch operation {
        case .narrow: one
        case .add, .addWide: one + other
        case .subtract, .subtractWide: one - other
        case .multiply: one * other
        // A product of 64-bit numbers need not fit 128 bits with a sign.
        case .multiplyWide: one.multipliedReportingOverflow(by: other).overflow ? .max : one * other
        case .shiftLeft: one << Int128(Int32(truncatingIfNeeded: right) & 31)
        case .shiftLeftWide: Self.shifted(one, by: right & 63)
        case .negate: -one
        case .divide: one / other
        default: nil
        }
    }

    private static func shifted(_ value: Int128, by count: Int64) -> Int128 { value << Int128(count) }
}

extension Operation {
    /// Whether numbers have 64 bits and no sign.
    fileprivate var isWide: Bool {
        switch self {
        case .addWide, .subtractWide, .multiplyWide, .shiftLeftWide: true
        default: false
        }
    }
}

extension Machine {
    /// Notes that a result, or a value that is stored, was cut.
    /// - Parameters:
    ///   - operands: the numbers that were computed with, or the value; none where they are terms.
    ///   - isTooLarge: whether there are too few bits, and not too few below zero.
    func noteWrapAround(at place: TermPlace, _ operands: Int64..., isTooLarge: Bool = true) {
        if notes.contains(where: { $0.kind == .wrapAround }) { return }
        let sources = system.program.sources
        let span = system.span(of: place)
        if case .store(let number) = place {
            let site = system.code.code.storeSites[number]
            let value = operands.first.map { " \($0)" } ?? " every value that it is given"
            note(.wrapAround, "`\(site.name)` (\(site.typeName)) cannot hold\(value)", span)
            return
        }
        let text = sources.text(of: sources.spanOutsideMacros(span))
        guard operands.count == 2 else {
            note(.wrapAround, "`\(text)` wraps around", span)
            return
        }
        note(.wrapAround, "`\(text)` \(isTooLarge ? "overflows" : "underflows"): \(system.operation(of: place, operands))", span)
    }
}

extension System {
    /// The operation at a place with numbers for its operands, as it could be written.
    fileprivate func operation(of place: TermPlace, _ operands: [Int64]) -> String {
        guard case .instruction(let position) = place else { return "" }
        func written(_ value: Int64, isWide: Bool) -> String { isWide ? "\(UInt64(bitPattern: value))" : "\(value)" }
        let (symbol, isWide): (String, Bool) =
            switch code.code.instructions[position].operation {
            case .add: ("+", false)
            case .addWide: ("+", true)
            case .subtract: ("-", false)
            case .subtractWide: ("-", true)
            case .multiply: ("*", false)
            case .multiplyWide: ("*", true)
            case .shiftLeft: ("<<", false)
            case .shiftLeftWide: ("<<", true)
            case .divide: ("/", false)
            case .negate: ("-", false)
            default: ("", false)
            }
        let left = written(operands[0], isWide: isWide)
        if symbol.isEmpty { return left }
        if code.code.instructions[position].operation == .negate { return "-\(left)" }
        return "\(left) \(symbol) \(written(operands[1], isWide: isWide))"
    }
}
