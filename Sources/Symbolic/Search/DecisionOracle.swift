import Automata
import Promela

/// Has terms computed with and decides questions about them: of the answers that are possible it gives one, remembers the
/// others, and has the code run again for each of these. The answers given so far are constraints.
///
/// All is exact: a value that wraps around is told from one that does not by a question too.
final class DecisionOracle: TermArithmetic {
    /// Answers given in one run of `forEachAnswer`, and those still to be given.
    private struct Frame {
        var answers: [Bool] = []
        /// How many of them have been given again.
        var replayed = 0
        var alternatives: [[Bool]] = []
    }

    let terms: TermTable
    let solver: ConstraintSolver
    /// What is known, the answers so far included.
    var constraints = ConstraintSet()
    private var frame = Frame()
    /// For each move, and each fault, that was collected since `beginCollecting`, under which constraints it is possible.
    private(set) var constraintsOfMoves: [ConstraintSet] = []
    private(set) var constraintsOfFaults: [ConstraintSet] = []
    /// What the engine cannot work with, the first time that it came upon it since this was last set.
    var unsupported: (reason: String, place: TermPlace)?
    /// Told of each operation whose exact result does not fit, by where it is.
    var onWrap: (TermPlace) -> Void = { _ in }

    init(terms: TermTable, solver: ConstraintSolver) {
        self.terms = terms
        self.solver = solver
    }

    // MARK: Answers

    func beginCollecting() {
        constraintsOfMoves.removeAll(keepingCapacity: true)
        constraintsOfFaults.removeAll(keepingCapacity: true)
    }

    func didCollectMove() { constraintsOfMoves.append(constraints) }

    func didCollectFault() { constraintsOfFaults.append(constraints) }

    func forEachAnswer(_ body: () -> Void) {
        let (callerFrame, callerConstraints) = (frame, constraints)
        var pending: [[Bool]] = [[]]
        // Once somebody wants it to end, nobody needs the others.
        repeat {
            frame = Frame(answers: pending.removeLast())
            constraints = callerConstraints
            body()
            pending += frame.alternatives
        } while !pending.isEmpty && !solver.isStopped
        frame = callerFrame
        constraints = callerConstraints
    }

    /// Decides whether an expression is at most zero.
    private func decide(_ expression: LinearExpression) -> Bool {
        if constraints.upperBound(of: expression) <= 0 { return true }
        let negation = -expression + 1
        if constraints.upperBound(of: negation) <= 0 { return false }
        let answer: Bool
        if frame.replayed < frame.answers.count {
            answer = frame.answers[frame.replayed]
            frame.replayed += 1
        } else {
            guard constraints.allows(expression, solver) else { return record(false) }
            guard constraints.allows(negation, solver) else { return record(true) }
            frame.alternatives.append(frame.answers + [false])
            answer = record(true)
        }
        constraints.assume(answer ? expression : negation)
        return answer
    }

    /// Writes down an answer that was not read from what was written down.
    private func record(_ answer: Bool) -> Bool {
        frame.answers.append(answer)
        frame.replayed += 1
        return answer
    }

    private func isAtMost(_ one: LinearExpression, _ other: LinearExpression) -> Bool { decide(one - other) }

    private func isLess(_ one: LinearExpression, _ other: LinearExpression) -> Bool { decide(one - other + 1) }

    private func isZero(_ expression: LinearExpression) -> Bool { decide(expression) && decide(-expression) }

    // MARK: Numbers

    private static let unsigned64: ClosedRange<Int128> = 0...Int128(UInt64.max)
    private static let signed32: ClosedRange<Int128> = Int128(Int32.min)...Int128(Int32.max)

    /// The value as a number of 64 bits without a sign, or as one with a sign.
    private func expression(_ value: TermValue, isWide: Bool) -> LinearExpression {
        if !value.isTerm { return LinearExpression(isWide ? Int128(UInt64(bitPattern: value.bits)) : Int128(value.bits)) }
        let expression = terms.expression(of: value)
        guard isWide, constraints.range(of: expression).lowerBound < 0 else { return expression }
        return decide(expression + 1) ? expression + (1 << 64) : expression
    }

    /// The value that fits `range`, whose size is a power of two, with the same lowest bits.
    private func wrapped(_ expression: LinearExpression, to range: ClosedRange<Int128>, at place: TermPlace) -> LinearExpression {
        var result = expression
        let size = range.upperBound - range.lowerBound + 1
        let possible = constraints.range(of: expression)
        if range.contains(possible.lowerBound), range.contains(possible.upperBound) { return expression }
        if (possible.upperBound - possible.lowerBound) / size > 8 {
            let parts = parts(expression + -range.lowerBound, dividedBy: size)
            if !isZero(parts.quotient) { onWrap(place) }
            return parts.remainder + range.lowerBound
        }
        while true {
            if !isAtMost(result, LinearExpression(range.upperBound)) {
                if result == expression { onWrap(place) }
                result.constant -= size
            } else if !isAtMost(LinearExpression(range.lowerBound), result) {
                if result == expression { onWrap(place) }
                result.constant += size
            } else {
                return result
            }
        }
    }

    /// The quotient, rounded down, and the remainder of a division by a positive constant.
    private func parts(
        _ expression: LinearExpression, dividedBy divisor: Int128
    ) -> (quotient: LinearExpression, remainder: LinearExpression) {
        let range = constraints.range(of: expression)
        let (low, high) = (
            LinearExpression.floorDivide(range.lowerBound, divisor), LinearExpression.floorDivide(range.upperBound, divisor)
        )
        if low == high { return (LinearExpression(low), expression + -low * divisor) }
        let quotient = LinearExpression(variable: constraints.addVariable(in: low...high))
        let remainder = expression - quotient * divisor
        constraints.assume(-remainder)
        constraints.assume(remainder + (1 - divisor))
        return (quotient, remainder)
    }

    /// Decides what number an expression is, by halving.
    private func number(_ expression: LinearExpression, at place: TermPlace = .unknown) -> Int128 {
        var range = constraints.range(of: expression)
        guard range.upperBound - range.lowerBound < 1 << 16 else {
            fail("a value that can be any of more than 65,536 is needed as one number here", place)
            return range.lowerBound
        }
        while range.lowerBound < range.upperBound {
            let middle = LinearExpression.floorDivide(range.lowerBound + range.upperBound, 2)
            _ = isAtMost(expression, LinearExpression(middle))
                ? (range = range.lowerBound...min(middle, constraints.range(of: expression).upperBound))
                : (range = max(middle + 1, constraints.range(of: expression).lowerBound)...range.upperBound)
        }
        return range.lowerBound
    }

    private func fail(_ reason: String, _ place: TermPlace) { if unsupported == nil { unsupported = (reason, place) } }

    func number(_ term: TermValue) -> Int64 { Int64(truncatingIfNeeded: number(terms.expression(of: term))) }

    func index(_ term: TermValue, below count: Int64) -> Int64 {
        let expression = terms.expression(of: term)
        guard isAtMost(LinearExpression(0), expression), isLess(expression, LinearExpression(Int128(count))) else { return count }
        return Int64(truncatingIfNeeded: number(expression))
    }

    func term(for number: Int64) -> TermValue { terms.value(of: LinearExpression(Int128(UInt64(bitPattern: number)))) }

    func truncated(_ value: TermValue, width: Int, isSigned: Bool, at place: TermPlace) -> TermValue {
        let half: Int128 = 1 << Int128(width - 1)
        let expression = expression(value, isWide: false)
        return terms.value(of: wrapped(expression, to: isSigned ? -half...half - 1 : 0...2 * half - 1, at: place))
    }

    func choice(from low: TermValue, through high: TermValue, isWide: Bool, at place: TermPlace) -> TermValue {
        let low = expression(low, isWide: isWide)
        var high = expression(high, isWide: isWide)
        if !isAtMost(low, high) { high = low }
        let (lowest, highest) = (constraints.range(of: low).lowerBound, constraints.range(of: high).upperBound)
        let value = LinearExpression(variable: constraints.addVariable(in: lowest...highest))
        constraints.assume(low - value)
        constraints.assume(value - high)
        return terms.value(of: value)
    }

    // MARK: Operations

    func areEqual(_ left: TermValue, _ right: TermValue) -> Bool {
        let (one, other) = comparable(left, right)
        return isZero(one - other)
    }

    func isGreater(_ left: TermValue, _ right: TermValue) -> Bool {
        isLess(expression(right, isWide: false), expression(left, isWide: false))
    }

    /// Two values whose bits are the same just when the values are.
    private func comparable(_ left: TermValue, _ right: TermValue) -> (LinearExpression, LinearExpression) {
        let (one, other) = (expression(left, isWide: false), expression(right, isWide: false))
        let bound = Int128(Int64.max)
        if constraints.range(of: one).upperBound <= bound, constraints.range(of: other).upperBound <= bound { return (one, other) }
        return (expression(left, isWide: true), expression(right, isWide: true))
    }

    func result(
        _ operation: TermOperation, _ left: TermValue, _ right: TermValue, isWide: Bool, at place: TermPlace
    ) -> TermValue {
        switch operation {
        case .equal: return TermValue(bits: areEqual(left, right) ? 1 : 0)
        case .notEqual: return TermValue(bits: areEqual(left, right) ? 0 : 1)
        case .bitAnd, .bitOr, .bitXor: return terms.value(of: bitwise(operation, left, right, place))
        default: break
        }
        let one = expression(left, isWide: isWide)
        let other = expression(right, isWide: isWide)
        switch operation {
        case .less: return TermValue(bits: isLess(one, other) ? 1 : 0)
        case .lessOrEqual: return TermValue(bits: isAtMost(one, other) ? 1 : 0)
        default: break
        }
        let range = isWide ? Self.unsigned64 : Self.signed32
        return terms.value(of: wrapped(exact(operation, one, other, isWide, place), to: range, at: place))
    }

    /// The result that an operation has before it is cut to the bits of the machine.
    private func exact(
        _ operation: TermOperation, _ left: LinearExpression, _ right: LinearExpression, _ isWide: Bool, _ place: TermPlace
    ) -> LinearExpression {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .negate: return -left
        case .narrow: return left
        case .complement: return isWide ? -left + Int128(UInt64.max) : -left + -1
        case .multiply:
            if right.isConstant { return left * right.constant }
            if left.isConstant { return right * left.constant }
            return left * number(right, at: place)
        case .shiftLeft: return left * (1 << (number(right, at: place) & (isWide ? 63 : 31)))
        case .shiftRight:
            return parts(left, dividedBy: 1 << (number(right, at: place) & (isWide ? 63 : 31))).quotient
        case .divide, .remainder:
            let divisor = right.isConstant ? right.constant : number(right, at: place)
            if divisor == 0 { return LinearExpression(0) }
            // Towards zero: the quotient of the absolute values, with the sign that it has.
            let isNegative = !isAtMost(LinearExpression(0), left)
            let parts = parts(isNegative ? -left : left, dividedBy: abs(divisor))
            if operation == .remainder { return isNegative ? -parts.remainder : parts.remainder }
            return isNegative != (divisor < 0) ? -parts.quotient : parts.quotient
        case .equal, .notEqual, .less, .lessOrEqual, .bitAnd, .bitOr, .bitXor: return LinearExpression(0)
        }
    }

    /// What an operation on bits makes of two values, which are both taken to have a sign if they can be.
    private func bitwise(
        _ operation: TermOperation, _ left: TermValue, _ right: TermValue, _ place: TermPlace
    ) -> LinearExpression {
        let values = [left, right].map { expression($0, isWide: false) }
        let isSigned = values.map(constraints.range).allSatisfy {
            Self.signed32.contains($0.lowerBound) && Self.signed32.contains($0.upperBound)
        }
        let (one, other) = isSigned ? (values[0], values[1]) : (expression(left, isWide: true), expression(right, isWide: true))
        let common = commonBits(one, other, isSigned, place)
        if operation == .bitAnd { return common }
        return one + other - common * (operation == .bitOr ? 1 : 2)
    }

    /// The bits that are set in both of two values.
    private func commonBits(
        _ left: LinearExpression, _ right: LinearExpression, _ isSigned: Bool, _ place: TermPlace
    ) -> LinearExpression {
        if left.isConstant, !right.isConstant { return commonBits(right, left, isSigned, place) }
        let mask = number(right, at: place)
        if !isSigned { return bits(of: left, among: UInt64(truncatingIfNeeded: mask)) }
        // The sign is a bit of its own, worth less than nothing.
        let sign: Int128 = 1 << 31
        let isNegative = !isAtMost(LinearExpression(0), left)
        let others = bits(of: isNegative ? left + sign : left, among: UInt64(mask & (sign - 1)))
        return isNegative && mask < 0 ? others + -sign : others
    }

    /// The bits of a value without a sign that a mask selects, run by run: each is a difference of quotients.
    private func bits(of value: LinearExpression, among mask: UInt64) -> LinearExpression {
        var result = LinearExpression(0)
        var low = 0
        while low < 64, mask >> low != 0 {
            low += (mask >> low).trailingZeroBitCount
            let length = (~(mask >> low)).trailingZeroBitCount
            let (shifted, rest) = (parts(value, dividedBy: 1 << low).quotient, parts(value, dividedBy: 1 << (low + length)).quotient)
            result = result + shifted * (1 << low) - rest * (1 << (low + length))
            low += length
        }
        return result
    }
}
