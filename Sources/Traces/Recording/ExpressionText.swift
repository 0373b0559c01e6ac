import Promela

/// Spells expressions out, with the names that the model has for things and no more parentheses than needed.
struct ExpressionText {
    let program: Program
    /// Whose locals the places speak of; nil outside processes.
    let proctype: Int?

    func text(_ expression: Expression) -> String { text(expression, above: 0) }

    func text(_ place: Place) -> String {
        text(place, locals: proctype.map { program.proctypes[$0].locals } ?? [])
    }

    private func text(_ expression: Expression, above outer: Int) -> String {
        switch expression.kind {
        case .constant(let value):
            if let symbol = expression.symbol { return symbol }
            return expression.isWide ? String(UInt64(bitPattern: value)) : String(value)
        case .load(let place): return text(place)
        case .unary(let operation, let operand):
            return operation.rawValue + text(operand, above: Self.unaryPrecedence)
        case .binary(let operation, let left, let right):
            let own = Self.precedence(of: operation)
            let result = "\(text(left, above: own)) \(operation.rawValue) \(text(right, above: own + 1))"
            return own < outer ? "(\(result))" : result
        case .conditional(let condition, let first, let second):
            return "(\(text(condition)) -> \(text(first)) : \(text(second)))"
        case .run(let callee, let arguments, let priority):
            let call = "run \(program.proctypes[callee].name)(\(list(arguments)))"
            return priority.map { "\(call) priority \($0)" } ?? call
        case .length(let channel): return "len(\(text(channel)))"
        case .channelTest(let test, let channel): return "\(test.rawValue)(\(text(channel)))"
        case .poll(let channel, let arguments, let isRandom):
            return "\(text(channel))\(isRandom ? "??" : "?")[\(list(arguments))]"
        case .timeout: return "timeout"
        case .nonProgress: return "np_"
        case .enabled(let pid): return "enabled(\(text(pid)))"
        case .programCounter(let pid): return "pc_value(\(text(pid)))"
        case .getPriority(let pid): return "get_priority(\(text(pid)))"
        case .setPriority(let pid, let priority): return "set_priority(\(text(pid)), \(text(priority)))"
        case .remoteLabel(let other, let pid, let label):
            return remote(other, pid) + "@" + program.proctypes[other].labels[label].name
        case .remoteVariable(let other, let pid, let place):
            return remote(other, pid) + ":" + text(place, locals: program.proctypes[other].locals)
        }
    }

    func list(_ arguments: [Expression]) -> String { arguments.map(text).joined(separator: ",") }

    func list(_ arguments: [ReceiveArgument]) -> String {
        arguments.map { argument in
            switch argument {
            case .store(let place): return text(place)
            case .match(let expression):
                if case .constant = expression.kind { return text(expression) }
                return "eval(\(text(expression)))"
            }
        }.joined(separator: ",")
    }

    private func remote(_ other: Int, _ pid: Expression?) -> String {
        program.proctypes[other].name + (pid.map { "[\(text($0))]" } ?? "")
    }

    private func text(_ place: Place, locals: [Variable]) -> String {
        var type: ValueType?
        var result: String
        switch place.root {
        case .global(let index): (result, type) = (program.globals[index].displayName, program.globals[index].type)
        case .local(let index) where index < locals.count: (result, type) = (locals[index].displayName, locals[index].type)
        case .local: result = "?"
        case .discard: result = "_"
        case .selfPid: result = "_pid"
        case .lastPid: result = "_last"
        case .processCount: result = "_nr_pr"
        case .selfPriority: result = "_priority"
        }
        for accessor in place.path {
            switch accessor {
            case .index(let index): result += "[\(text(index))]"
            case .field(let field):
                guard case .record(let record) = type else { return result }
                let variable = program.records[record].fields[field]
                result += ".\(variable.name)"
                type = variable.type
            }
        }
        return result
    }

    private static let unaryPrecedence = 11

    private static func precedence(of operation: Expression.BinaryOperator) -> Int {
        switch operation {
        case .or: 1
        case .and: 2
        case .bitOr: 3
        case .bitXor: 4
        case .bitAnd: 5
        case .equal, .notEqual: 6
        case .less, .lessOrEqual, .greater, .greaterOrEqual: 7
        case .shiftLeft, .shiftRight: 8
        case .add, .subtract: 9
        case .multiply, .divide, .remainder: 10
        }
    }
}
