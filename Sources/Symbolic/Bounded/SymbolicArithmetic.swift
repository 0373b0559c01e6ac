import Automata
import Promela

/// The interpreter's arithmetic: 32 bits in two's complement, or 64 bits without a sign.
extension Algebra {
    /// An operator of two numbers; comparisons and `&&` are made elsewhere.
    func arithmetic(
        _ operation: Expression.BinaryOperator, _ one: SymbolicValue, _ other: SymbolicValue, isWide: Bool
    ) -> SymbolicValue {
        switch operation {
        case .add: isWide ? wide(one, other, &+, +) : sum(one, other, extraBits: 1, &+, +)
        case .subtract: isWide ? wide(one, other, &-, -) : sum(one, other, extraBits: 1, &-, -)
        case .multiply:
            isWide
                ? wide(one, other, &*, *)
                : sum(one, other, extraBits: min(one.signedWidth, other.signedWidth), &*, *)
        case .divide: quotient(one, other, isWide: isWide, isRemainder: false)
        case .remainder: quotient(one, other, isWide: isWide, isRemainder: true)
        case .shiftLeft: shift(one, other, isWide: isWide, isLeft: true)
        case .shiftRight: shift(one, other, isWide: isWide, isLeft: false)
        case .bitAnd: bitwise(one, other, &, .&)
        case .bitOr: bitwise(one, other, |, .|)
        case .bitXor: bitwise(one, other, ^, .^)
        default: .constant(0)
        }
    }

    func negated(_ value: SymbolicValue, isWide: Bool) -> SymbolicValue {
        arithmetic(.subtract, .constant(0), value, isWide: isWide)
    }

    func complement(_ value: SymbolicValue, isWide: Bool) -> SymbolicValue {
        if case .constant(let constant) = value {
            return isWide ? .constant(~constant) : narrow(.constant(~constant))
        }
        if isWide { return .bits(~bits(value, 64), isSigned: false) }
        let width = min(32, value.signedWidth)
        return .bits(~bits(value, width), isSigned: true)
    }

    private func wide(
        _ one: SymbolicValue, _ other: SymbolicValue, _ compute: (Int64, Int64) -> Int64, _ make: (Term, Term) -> Term
    ) -> SymbolicValue {
        if case .constant(let first) = one, case .constant(let second) = other { return .constant(compute(first, second)) }
        return .bits(make(bits(one, 64), bits(other, 64)), isSigned: false)
    }

    /// - Parameter extraBits: by how many bits the result may be wider than the wider operand.
    private func sum(
        _ one: SymbolicValue, _ other: SymbolicValue, extraBits: Int, _ compute: (Int64, Int64) -> Int64,
        _ make: (Term, Term) -> Term
    ) -> SymbolicValue {
        if case .constant(let first) = one, case .constant(let second) = other {
            return narrow(.constant(compute(first, second)))
        }
        let width = min(32, max(one.signedWidth, other.signedWidth) + extraBits)
        return .bits(make(bits(one, width), bits(other, width)), isSigned: true)
    }

    private func bitwise(
        _ one: SymbolicValue, _ other: SymbolicValue, _ compute: (Int64, Int64) -> Int64, _ make: (Term, Term) -> Term
    ) -> SymbolicValue {
        if case .constant(let first) = one, case .constant(let second) = other { return .constant(compute(first, second)) }
        let isSigned = !(one.isNeverNegative && other.isNeverNegative)
        let width = min(64, max(one.signedWidth, other.signedWidth) - (isSigned ? 0 : 1))
        return .bits(make(bits(one, width), bits(other, width)), isSigned: isSigned)
    }

    /// The divisor is not zero.
    private func quotient(
        _ one: SymbolicValue, _ other: SymbolicValue, isWide: Bool, isRemainder: Bool
    ) -> SymbolicValue {
        if case .constant(let first) = one, case .constant(let second) = other, second != 0 {
            if isWide {
                let (a, b) = (UInt64(bitPattern: first), UInt64(bitPattern: second))
                return .constant(Int64(bitPattern: isRemainder ? a % b : a / b))
            }
            return narrow(
                .constant(
                    isRemainder
                        ? first.remainderReportingOverflow(dividingBy: second).partialValue
                        : first.dividedReportingOverflow(by: second).partialValue))
        }
        let areNeverNegative = one.isNeverNegative && other.isNeverNegative
        let isSigned = !isWide && !areNeverNegative
        let common = max(one.signedWidth, other.signedWidth)
        // The least number divided by -1 takes one bit more.
        let width = isWide && !areNeverNegative ? 64 : min(64, common + (isSigned ? 1 : 0))
        let (a, b) = (bits(one, width), bits(other, width))
        let result = isRemainder ? a.remainder(by: b, isSigned: isSigned) : a.quotient(by: b, isSigned: isSigned)
        let value = SymbolicValue.bits(result, isSigned: isSigned)
        return isWide ? value : narrow(value)
    }

    private func shift(_ one: SymbolicValue, _ other: SymbolicValue, isWide: Bool, isLeft: Bool) -> SymbolicValue {
        let width = isWide ? 64 : 32
        if case .constant(let value) = one, case .constant(let distance) = other {
            if isWide {
                let (pattern, by) = (UInt64(bitPattern: value), UInt64(bitPattern: distance))
                return .constant(Int64(bitPattern: isLeft ? pattern &<< by : pattern &>> by))
            }
            let (narrow, by) = (Int32(truncatingIfNeeded: value), Int32(truncatingIfNeeded: distance))
            return .constant(Int64(isLeft ? narrow &<< by : narrow &>> by))
        }
        // The machine looks at as many bits of the distance as count to its width.
        let distance = bits(other, isWide ? 6 : 5).extended(to: width, isSigned: false)
        let value = bits(one, width)
        return .bits(
            isLeft ? value.shiftedLeft(by: distance) : value.shiftedRight(by: distance, isSigned: !isWide),
            isSigned: !isWide)
    }
}
