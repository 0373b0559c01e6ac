import Automata
import Promela

/// Finds the variables of a condition, and what they hold in a state.
struct ConditionValues {
    let program: Program
    let state: Trace.State
    /// The process in whose name the condition is evaluated.
    let pid: Int

    private var process: Trace.Process? { state.processes.first { $0.pid == pid } }
    private var proctype: Int? { process.flatMap { own in program.proctypes.firstIndex { $0.name == own.name } } }

    /// Each variable once, by its text, in the order in which the condition names them.
    func values(in expressions: [Expression]) -> [Trace.Field] {
        var result: [Trace.Field] = []
        for expression in expressions { collect(expression, into: &result) }
        return result
    }

    private func add(_ name: String, _ value: Trace.Value?, to result: inout [Trace.Field]) {
        guard let value, !result.contains(where: { $0.name == name }) else { return }
        result.append(Trace.Field(name, value))
    }

    private func collect(_ expression: Expression, into result: inout [Trace.Field]) {
        switch expression.kind {
        case .load(let place):
            add(program.description(of: place, in: proctype.map { program.proctypes[$0] }), value(of: place), to: &result)
            for case .index(let index) in place.path { collect(index, into: &result) }
        case .unary(_, let operand), .enabled(let operand), .programCounter(let operand), .getPriority(let operand):
            collect(operand, into: &result)
        case .binary(_, let left, let right), .setPriority(let left, let right):
            collect(left, into: &result)
            collect(right, into: &result)
        case .conditional(let condition, let first, let second):
            for part in [condition, first, second] { collect(part, into: &result) }
        case .length(let channel), .channelTest(_, let channel), .poll(let channel, _, _):
            collect(channel, into: &result)
        case .run(_, let arguments, _):
            for argument in arguments { collect(argument, into: &result) }
        case .remoteVariable(let proctype, let pid, let place): collectRemote(expression, proctype, pid, place, into: &result)
        case .constant, .timeout, .nonProgress, .remoteLabel: break
        }
    }

    /// A variable of another process, which the expression names by its pid, or which is the only one of its type.
    private func collectRemote(
        _ expression: Expression, _ proctype: Int, _ pid: Expression?, _ place: Place, into result: inout [Trace.Field]
    ) {
        let name = program.proctypes[proctype].name
        let owner = pid.map { integer($0) } ?? state.processes.first { $0.name == name }?.pid
        guard let owner, state.processes.contains(where: { $0.pid == owner && $0.name == name }) else { return }
        let other = ConditionValues(program: program, state: state, pid: owner)
        add(program.description(of: expression, in: self.proctype.map { program.proctypes[$0] }), other.value(of: place), to: &result)
    }

    /// What a place holds, if its indices are simple enough to be followed here.
    func value(of place: Place) -> Trace.Value? {
        var current: Trace.Value
        var type: ValueType
        switch place.root {
        case .global(let index):
            let variable = program.globals[index]
            guard let field = state.globals.first(where: { $0.name == variable.displayName }) else { return nil }
            (current, type) = (field.value, variable.type)
        case .local(let index):
            guard let proctype, index < program.proctypes[proctype].locals.count else { return nil }
            let variable = program.proctypes[proctype].locals[index]
            guard let field = process?.locals.first(where: { $0.name == variable.displayName }) else { return nil }
            (current, type) = (field.value, variable.type)
        case .selfPid: return .integer(Int64(pid))
        case .processCount: return .integer(Int64(state.processes.count))
        case .discard, .lastPid, .selfPriority: return nil
        }
        for accessor in place.path {
            switch accessor {
            case .index(let index):
                guard case .array(let elements) = current, let number = integer(index), elements.indices.contains(number)
                else { return nil }
                current = elements[number]
            case .field(let number):
                guard case .record(let record) = type, case .record(let fields) = current,
                    program.records[record].fields.indices.contains(number)
                else { return nil }
                let variable = program.records[record].fields[number]
                guard let field = fields.first(where: { $0.name == variable.displayName }) else { return nil }
                (current, type) = (field.value, variable.type)
            }
        }
        return current
    }

    private func integer(_ expression: Expression) -> Int? {
        switch expression.kind {
        case .constant(let value): return Int(exactly: value)
        case .load(let place):
            switch value(of: place) {
            case .integer(let value): return Int(exactly: value)
            case .boolean(let value): return value ? 1 : 0
            default: return nil
            }
        case .binary(let operation, let left, let right):
            guard let left = integer(left), let right = integer(right) else { return nil }
            let (result, overflow): (Int, Bool)
            switch operation {
            case .add: (result, overflow) = left.addingReportingOverflow(right)
            case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
            case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
            default: return nil
            }
            return overflow ? nil : result
        default: return nil
        }
    }
}

extension Statement {
    /// The expressions that decide whether the statement can be done, or whether it fails.
    var decidingExpressions: [Expression] {
        switch kind {
        case .condition(let expression), .assert(let expression), .printName(let expression): return [expression]
        case .assign(let place, let value): return Self.indices(of: place) + [value]
        case .send(let channel, let arguments, _): return [channel] + arguments
        case .receive(let channel, let arguments, _, _):
            return [channel]
                + arguments.flatMap { argument -> [Expression] in
                    switch argument {
                    case .store(let place): Self.indices(of: place)
                    case .match(let expression): [expression]
                    }
                }
        case .print(_, let arguments): return arguments
        case .select(_, let from, let through): return [from, through]
        default: return []
        }
    }

    private static func indices(of place: Place) -> [Expression] {
        place.path.compactMap { accessor in
            if case .index(let index) = accessor { return index }
            return nil
        }
    }
}
