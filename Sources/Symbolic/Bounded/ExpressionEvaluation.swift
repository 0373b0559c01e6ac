import Automata
import Promela

/// Evaluating expressions.
extension Execution {
    /// Whether an expression is not zero.
    mutating func truth(_ expression: Expression) throws -> Term { algebra.truth(try evaluate(expression)) }

    /// - Parameter wide: whether the value is wanted in 64 bits; a 32-bit value is then not cut to `int`.
    mutating func evaluate(_ expression: Expression, wide: Bool = false) throws -> SymbolicValue {
        switch expression.kind {
        case .constant(let value): return .constant(value)
        case .load(let place): return try load(place, wide: wide)
        case .unary(let operation, let operand):
            let value = try evaluate(operand, wide: expression.isWide)
            switch operation {
            case .not: return algebra.value(algebra.not(algebra.truth(value)))
            case .complement: return algebra.complement(value, isWide: expression.isWide)
            case .negate: return algebra.negated(value, isWide: expression.isWide)
            }
        case .binary(let operation, let left, let right):
            return try evaluate(operation, left, right, isWide: expression.isWide)
        case .conditional(let condition, let then, let otherwise):
            let test = try truth(condition)
            let isWide = wide || expression.isWide
            var (first, second) = (SymbolicValue.constant(0), SymbolicValue.constant(0))
            try when(test) { first = try $0.evaluate(then, wide: isWide) }
            try when(algebra.not(test)) { second = try $0.evaluate(otherwise, wide: isWide) }
            return algebra.choose(test, first, second)
        case .run(let proctype, let arguments, let priority):
            if priority != nil { throw UnsupportedModel("a priority", at: expression.span) }
            let values = try arguments.map { try evaluate($0, wide: true) }
            return try start(proctype, values, expression.span)
        case .length(let channel):
            return try overChannels(channel, expression.span) { execution, channel in execution.length(of: channel) }
        case .channelTest(let test, let channel):
            return try overChannels(channel, expression.span) { execution, channel in
                let length = execution.length(of: channel)
                let capacity = SymbolicValue.constant(Int64(execution.channelType(channel).capacity))
                let algebra = execution.algebra
                return switch test {
                case .empty: algebra.value(algebra.equal(length, .constant(0)))
                case .nempty: algebra.value(algebra.not(algebra.equal(length, .constant(0))))
                case .full: algebra.value(algebra.equal(length, capacity))
                case .nfull: algebra.value(algebra.not(algebra.equal(length, capacity)))
                }
            }
        case .poll(let channel, let arguments, let isRandom):
            let number = try evaluate(channel)
            let pattern = try pattern(arguments, isRandom: isRandom, keepsMessage: true, expression.span)
            return overChannels(number, expression.span) { $0.canPoll($1, pattern) }
        case .timeout: return algebra.value(timeout)
        case .nonProgress: return algebra.value(algebra.not(isAnywhere { $0.isProgress }))
        case .programCounter(let pid):
            let candidates = slots(try evaluate(pid))
            return candidates.reduce(.constant(0)) {
                algebra.choose($1.condition, cells[schema.slots[$1.slot].location], $0)
            }
        case .remoteLabel(let proctype, let pid, let label):
            let number = try remotePid(proctype, pid)
            guard let location = schema.system.automata[proctype].locationOfLabel[label] else { return .constant(0) }
            return algebra.value(
                algebra.any(
                    slots(number).map {
                        algebra.and(
                            algebra.and($0.condition, isAlive($0.slot, ofType: proctype)),
                            algebra.equal(cells[schema.slots[$0.slot].location], .constant(Int64(location))))
                    }))
        case .remoteVariable(let proctype, let pid, let place):
            return try remoteLoad(place, of: proctype, try remotePid(proctype, pid), expression.span, wide: wide)
        case .enabled(let pid): return algebra.value(try isEnabled(try evaluate(pid)))
        case .getPriority, .setPriority: throw UnsupportedModel("a priority", at: expression.span)
        }
    }

    private mutating func evaluate(
        _ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression, isWide: Bool
    ) throws -> SymbolicValue {
        switch operation {
        case .and, .or:
            let first = try truth(left)
            let isDecided = operation == .and ? algebra.not(first) : first
            if isDecided == algebra.yes { return algebra.value(first) }
            var second = algebra.no
            try when(algebra.not(isDecided)) { second = try $0.truth(right) }
            return algebra.value(operation == .and ? algebra.and(first, second) : algebra.or(first, second))
        case .greater, .greaterOrEqual:
            // The interpreter evaluates the right operand first, and so meets its faults first.
            let second = try evaluate(right, wide: isWide)
            let first = try evaluate(left, wide: isWide)
            return algebra.value(algebra.less(second, first, orEqual: operation == .greaterOrEqual, isUnsigned: isWide))
        default: break
        }
        let first = try evaluate(left, wide: isWide)
        let second = try evaluate(right, wide: isWide)
        switch operation {
        case .equal: return algebra.value(algebra.equal(first, second))
        case .notEqual: return algebra.value(algebra.not(algebra.equal(first, second)))
        case .less, .lessOrEqual:
            return algebra.value(algebra.less(first, second, orEqual: operation == .lessOrEqual, isUnsigned: isWide))
        case .divide, .remainder:
            fail(.divisionByZero, where: algebra.equal(second, .constant(0)), right.span)
            if second == .constant(0) { return .constant(0) }
        default: break
        }
        return algebra.arithmetic(operation, first, second, isWide: isWide)
    }

    /// Whether some process is where locations are of some kind.
    func isAnywhere(_ isWanted: (ControlFlowAutomaton.Location) -> Bool) -> Term {
        algebra.any(schema.slots.indices.map { isAt($0, isWanted) })
    }

    /// Whether there is a process in a slot, where locations are of some kind.
    func isAt(_ slot: Int, _ isWanted: (ControlFlowAutomaton.Location) -> Bool) -> Term {
        algebra.any(
            schema.slots[slot].types.map { type in
                let locations = schema.system.automata[type].locations
                return algebra.and(
                    isAlive(slot, ofType: type),
                    algebra.any(
                        locations.indices.filter { isWanted(locations[$0]) }.map {
                            algebra.equal(cells[schema.slots[slot].location], .constant(Int64($0)))
                        }))
            })
    }

    // MARK: Other processes

    private mutating func remotePid(_ proctype: Int, _ pid: Expression?) throws -> SymbolicValue {
        if let pid { return try evaluate(pid) }
        return .constant(Int64(program.initialProcesses.firstIndex(of: proctype) ?? 0))
    }

    /// A variable of another process: 0 if there is no such process, and a fault if it is of another type.
    private mutating func remoteLoad(
        _ place: Place, of proctype: Int, _ pid: SymbolicValue, _ span: Span, wide: Bool
    ) throws -> SymbolicValue {
        guard case .local(let index) = place.root else { return .constant(0) }
        let candidates = slots(pid)
        fail(
            .remoteReferenceToOtherType,
            where: algebra.any(
                candidates.map { algebra.and($0.condition, butNot: isAlive($0.slot, ofType: proctype)) }), span)
        var result = SymbolicValue.constant(0)
        for (slot, condition) in candidates {
            guard let locals = schema.slots[slot].locals[proctype] else { continue }
            try when(condition) {
                let value = $0.read(try $0.locate(place, $0.program.proctypes[proctype].locals[index], locals[index]))
                result = $0.algebra.choose(condition, $0.cutLikeLoad(value, of: place, wide: wide), result)
            }
        }
        return result
    }
}
