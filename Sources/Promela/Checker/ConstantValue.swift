extension Expression {
    /// The value, if it does not depend on the state; the arithmetic is the model's own.
    public var constantValue: Int64? {
        switch kind {
        case .constant(let value): return value
        case .unary(let operation, let operand):
            guard let value = operand.constantValue else { return nil }
            return wrapped(operation.apply(to: value))
        case .binary(let operation, let left, let right):
            guard let first = left.constantValue, let second = right.constantValue else { return nil }
            return isWide
                ? operation.applyWide(UInt64(bitPattern: first), UInt64(bitPattern: second))
                : operation.apply(first, second).map(wrapped)
        case .conditional(let condition, let first, let second):
            guard let value = condition.constantValue else { return nil }
            return value != 0 ? first.constantValue : second.constantValue
        default: return nil
        }
    }

    private func wrapped(_ value: Int64) -> Int64 {
        isWide ? value : Int64(Int32(truncatingIfNeeded: value))
    }

    /// Whether the value itself, as an operand, takes more than 32 bits: that of a comparison never does.
    var hasWideValue: Bool {
        guard isWide else { return false }
        switch kind {
        case .binary(let operation, _, _): return !operation.isComparison
        default: return true
        }
    }
}

extension Expression.UnaryOperator {
    fileprivate func apply(to value: Int64) -> Int64 {
        switch self {
        case .negate: 0 &- value
        case .not: value == 0 ? 1 : 0
        case .complement: ~value
        }
    }
}

extension Expression.BinaryOperator {
    /// Whether the result is 0 or 1, whatever the operands are.
    public var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    /// The result for operands of 32 bits; nil where there is none.
    fileprivate func apply(_ left: Int64, _ right: Int64) -> Int64? {
        switch self {
        case .add: left &+ right
        case .subtract: left &- right
        case .multiply: left &* right
        case .divide: right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
        case .remainder: right == 0 ? nil : left.remainderReportingOverflow(dividingBy: right).partialValue
        case .shiftLeft: (0..<32).contains(right) ? left << right : nil
        case .shiftRight: (0..<32).contains(right) ? left >> right : nil
        case .bitAnd: left & right
        case .bitOr: left | right
        case .bitXor: left ^ right
        case .and: left != 0 && right != 0 ? 1 : 0
        case .or: left != 0 || right != 0 ? 1 : 0
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .less: left < right ? 1 : 0
        case .lessOrEqual: left <= right ? 1 : 0
        case .greater: left > right ? 1 : 0
        case .greaterOrEqual: left >= right ? 1 : 0
        }
    }

    /// The result for operands of 64 bits without sign; nil where there is none.
    fileprivate func applyWide(_ left: UInt64, _ right: UInt64) -> Int64? {
        let result: UInt64? =
            switch self {
            case .add: left &+ right
            case .subtract: left &- right
            case .multiply: left &* right
            case .divide: right == 0 ? nil : left / right
            case .remainder: right == 0 ? nil : left % right
            case .shiftLeft: right < 64 ? left << right : nil
            case .shiftRight: right < 64 ? left >> right : nil
            case .bitAnd: left & right
            case .bitOr: left | right
            case .bitXor: left ^ right
            case .and: left != 0 && right != 0 ? 1 : 0
            case .or: left != 0 || right != 0 ? 1 : 0
            case .equal: left == right ? 1 : 0
            case .notEqual: left != right ? 1 : 0
            case .less: left < right ? 1 : 0
            case .lessOrEqual: left <= right ? 1 : 0
            case .greater: left > right ? 1 : 0
            case .greaterOrEqual: left >= right ? 1 : 0
            }
        return result.map(Int64.init(bitPattern:))
    }
}

extension ScalarType {
    /// Whether a variable of this type holds `value` unchanged.
    func holds(_ value: Int64) -> Bool {
        if isWide { return width >= 64 || UInt64(bitPattern: value) < (1 << UInt64(width)) }
        if isSigned { return value >= -(1 << Int64(width - 1)) && value < (1 << Int64(width - 1)) }
        return value >= 0 && value < (1 << Int64(width))
    }
}
