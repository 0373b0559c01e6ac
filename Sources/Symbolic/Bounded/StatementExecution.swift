import Automata
import Promela

/// Carrying out statements.
extension Execution {
    /// Whether a statement can be executed by itself, and, for a send, whether it could if somebody received at the same time.
    mutating func canExecute(_ statement: Statement) throws -> (alone: Term, offered: Term) {
        switch statement.kind {
        case .condition(let condition):
            return (condition.startsProcess ? path : algebra.and(path, try truth(condition)), algebra.no)
        case .send(let channel, _, _):
            return try canSend(channel, statement.span)
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let number = try evaluate(channel)
            let pattern = try pattern(arguments, isRandom: isRandom, keepsMessage: keepsMessage, statement.span)
            let value = overChannels(number, statement.span) { $0.algebra.value($0.canReceive($1, pattern)) }
            return (algebra.and(path, algebra.truth(value)), algebra.no)
        default: return (path, algebra.no)
        }
    }

    /// Does what a statement does; it can be executed.
    mutating func execute(_ statement: Statement) throws {
        switch statement.kind {
        case .condition(let condition):
            if condition.startsProcess { _ = try evaluate(condition) }
        case .assign(let place, let expression):
            guard case .scalar = place.type else { return }
            let value = try evaluate(expression, wide: true)
            try assign(value, to: place)
        case .assert(let condition):
            assert(try truth(condition), condition.span)
        case .print(_, let arguments):
            for argument in arguments { _ = try evaluate(argument, wide: true) }
        case .printName(let expression):
            _ = try evaluate(expression, wide: true)
        case .send(let channel, let arguments, let isSorted):
            let values = try arguments.map { try evaluate($0, wide: true) }
            send(values, to: try evaluate(channel), isSorted: isSorted, statement.span)
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let pattern = try pattern(arguments, isRandom: isRandom, keepsMessage: keepsMessage, statement.span)
            let fields = receive(from: try evaluate(channel), pattern)
            for (argument, value) in zip(arguments, fields) {
                if case .store(let place) = argument { try assign(value, to: place) }
            }
        case .select(let place, let from, let through):
            // Only within d_step, where the highest value is taken.
            let low = try evaluate(from)
            let high = try evaluate(through)
            let isProper = algebra.less(low, high, orEqual: false, isUnsigned: false)
            try assign(algebra.choose(isProper, high, low), to: place)
        default: return
        }
    }

    // MARK: Processes

    /// Starts a process in the first free slot.
    /// - Returns: its pid.
    mutating func start(_ proctype: Int, _ arguments: [SymbolicValue], _ span: Span) throws -> SymbolicValue {
        let count = cells[schema.processCount]
        var isPossible = algebra.no
        let slots = schema.slots.indices.filter { schema.slots[$0].types.contains(proctype) }.map {
            (slot: $0, condition: algebra.equal(count, .constant(Int64($0))))
        }
        for candidate in slots { isPossible = algebra.or(isPossible, candidate.condition) }
        overflow(.tooManyProcesses, where: algebra.not(isPossible), span)
        for (slot, condition) in slots where condition != algebra.no {
            try when(condition) { try $0.start(proctype, in: slot, arguments) }
        }
        return count
    }

    private mutating func start(_ proctype: Int, in slot: Int, _ arguments: [SymbolicValue]) throws {
        log.starts.append((slot, proctype))
        store(.constant(Int64(slot + 1)), in: schema.processCount)
        store(.constant(Int64(proctype)), in: schema.slots[slot].type)
        store(.constant(Int64(schema.system.automata[proctype].initial)), in: schema.slots[slot].location)
        if let first = schema.slots[slot].locals[proctype]?.first?.first {
            for (index, argument) in arguments.enumerated() { store(argument, in: first + index) }
        }
        let (callerPid, callerType) = (pid, type)
        (pid, type) = (slot, proctype)
        var channel = schema.slots[slot].channels[proctype]?.lowerBound ?? 0
        try initialize(
            program.proctypes[proctype].locals, schema.slots[slot].locals[proctype] ?? [], nextChannel: &channel)
        (pid, type) = (callerPid, callerType)
    }

    /// Gives variables their initial values; all others are zero already.
    mutating func initialize(
        _ variables: [Variable], _ cells: [StateSchema.VariableCells], nextChannel: inout Int
    ) throws {
        for (variable, place) in zip(variables, cells) {
            var cell = place.first
            try initialize(variable, &cell, &nextChannel)
        }
    }

    private mutating func initialize(_ variable: Variable, _ cell: inout Int, _ nextChannel: inout Int) throws {
        for element in 0..<(variable.count ?? 1) {
            if case .record(let record) = variable.type {
                for field in program.records[record].fields { try initialize(field, &cell, &nextChannel) }
                continue
            }
            switch variable.initializer {
            case nil: break
            case .value(let expression): store(try evaluate(expression, wide: true), in: cell)
            case .values(let expressions):
                if let expression = element < expressions.count ? expressions[element] : expressions.last {
                    store(try evaluate(expression, wide: true), in: cell)
                }
            case .channel:
                store(.constant(Int64(nextChannel + 1)), in: cell)
                nextChannel += 1
            }
            cell += 1
        }
    }

    /// Ends the youngest process. What is left of it is zero, so that equal states have equal cells.
    mutating func end(_ slot: Int) {
        store(.constant(Int64(slot)), in: schema.processCount)
        store(.constant(0), in: schema.slots[slot].type)
        store(.constant(0), in: schema.slots[slot].location)
        for (type, locals) in schema.slots[slot].locals {
            let count = program.proctypes[type].locals.reduce(0) { $0 + schema.cellCount(of: $1) }
            if let first = locals.first?.first {
                for cell in first..<first + count { store(.constant(0), in: cell) }
            }
        }
        for channel in schema.channels where channel.owner == slot {
            let type = layout.channelTypes[channel.type]
            store(.constant(0), in: channel.length)
            for cell in channel.messages..<channel.messages + type.capacity * type.fields.count {
                store(.constant(0), in: cell)
            }
        }
    }
}

extension Expression {
    /// Whether evaluating it starts a process, so that it cannot be tried out.
    var startsProcess: Bool {
        switch kind {
        case .run, .setPriority: true
        case .unary(_, let operand): operand.startsProcess
        case .binary(_, let left, let right): left.startsProcess || right.startsProcess
        case .conditional(let condition, let then, let otherwise):
            condition.startsProcess || then.startsProcess || otherwise.startsProcess
        default: false
        }
    }
}
