import Promela

/// The most frequent pairs of instructions, as one each: a byte variable compared with a constant, and a constant stored.
extension ExpressionCompiler {
    /// Emits 1 or 0 for whether the value is not zero.
    mutating func emitTruth(_ expression: Expression, into target: Int) {
        if expression.isZeroOrOne {
            emitValue(expression, into: target)
        } else {
            let register = value(expression)
            builder.emit(.notEqual, target: target, source: register, immediate: 0, flags: 1)
        }
    }

    /// Emits the comparison of a byte variable with a constant as one instruction; false, with nothing emitted, if this is
    /// something else.
    mutating func emitByteComparison(
        _ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression, into target: Int
    ) -> Bool {
        guard case .load(let place) = left.kind, case .constant(let constant) = right.kind, constant > Int32.min,
            let (isLocal, storage) = fixedStorage(of: place), storage.form == .unsigned8, storage.offset <= UInt16.max
        else { return false }
        let fused: Operation
        var bound = constant
        switch operation {
        case .equal: fused = isLocal ? .equalLocal8 : .equalGlobal8
        case .notEqual: fused = isLocal ? .notEqualLocal8 : .notEqualGlobal8
        case .lessOrEqual: fused = isLocal ? .lessOrEqualLocal8 : .lessOrEqualGlobal8
        case .greater: fused = isLocal ? .greaterLocal8 : .greaterGlobal8
        case .less:
            fused = isLocal ? .lessOrEqualLocal8 : .lessOrEqualGlobal8
            bound -= 1
        case .greaterOrEqual:
            fused = isLocal ? .greaterLocal8 : .greaterGlobal8
            bound -= 1
        default: return false
        }
        builder.emit(fused, target: target, source: storage.offset, immediate: Int(bound))
        return true
    }

    /// Emits the store of a constant that fits as one instruction; false, with nothing emitted, if this is something else.
    mutating func emitConstantStore(_ expression: Expression, to place: Place) -> Bool {
        guard case .constant(let constant) = expression.kind, let (isLocal, storage) = fixedStorage(of: place),
            storage.width <= 8, !storage.form.mayHoldTerm, constant >= 0, constant < 1 << Int64(storage.width)
        else { return false }
        let fused: Operation
        switch storage.form {
        case .unsigned8: fused = isLocal ? .setLocal8 : .setGlobal8
        case .bits: fused = isLocal ? .setLocalBits : .setGlobalBits
        default: return false
        }
        builder.emit(
            fused, source: Int(constant), immediate: storage.offset, width: storage.width, detail: storage.shift)
        return true
    }
}

extension Expression {
    /// Whether the value can only be 0 or 1.
    fileprivate var isZeroOrOne: Bool {
        switch kind {
        case .constant(let value): return value == 0 || value == 1
        case .unary(.not, _): return true
        case .binary(let operation, _, _):
            switch operation {
            case .and, .or, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return true
            default: return false
            }
        case .channelTest, .timeout, .nonProgress, .poll, .remoteLabel: return true
        default: return false
        }
    }
}

extension Operation {
    /// Whether this compares a byte variable with a constant.
    var comparesByte: Bool {
        switch self {
        case .equalGlobal8, .notEqualGlobal8, .lessOrEqualGlobal8, .greaterGlobal8: true
        case .equalLocal8, .notEqualLocal8, .lessOrEqualLocal8, .greaterLocal8: true
        default: false
        }
    }
}
