/// Statements, expressions and places as text, for people to read in traces.
extension Program {
    /// A statement in its canonical form, such as `x = x + 1` or `c!MSG(a, b)`; of a compound statement only the word that
    /// it starts with.
    public func description(of statement: Statement, in proctype: Proctype) -> String {
        func text(_ expression: Expression) -> String { description(of: expression, in: proctype) }
        switch statement.kind {
        case .condition(let expression):
            if case .constant(1) = expression.kind { return "skip" }
            if case .run = expression.kind { return text(expression) }
            return "(\(text(expression)))"
        case .otherwise: return "else"
        case .assign(let place, let value): return "\(description(of: place, in: proctype)) = \(text(value))"
        case .send(let channel, let arguments, let isSorted):
            return text(channel) + (isSorted ? "!!" : "!") + message(arguments.map(text), arguments.first?.symbol != nil)
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let fields = message(
                arguments.map { description(of: $0, in: proctype) }, arguments.first?.isSymbol == true && !keepsMessage)
            return text(channel) + (isRandom ? "??" : "?") + (keepsMessage ? "<\(fields)>" : fields)
        case .assert(let expression): return "assert(\(text(expression)))"
        case .print(let format, let arguments):
            return "printf(" + (["\"\(format)\""] + arguments.map(text)).joined(separator: ", ") + ")"
        case .printName(let expression): return "printm(\(text(expression)))"
        case .select(let place, let from, let through):
            return "select (\(description(of: place, in: proctype)) : \(text(from)) .. \(text(through)))"
        case .selection: return "if"
        case .repetition: return "do"
        case .goto(let label): return "goto \(proctype.labels.indices.contains(label) ? proctype.labels[label].name : "?")"
        case .break: return "break"
        case .unless: return "unless"
        case .atomic: return "atomic"
        case .deterministicStep: return "d_step"
        case .sequence: return "{ }"
        }
    }

    private func message(_ fields: [String], _ startsWithName: Bool) -> String {
        guard startsWithName, fields.count > 1, let name = fields.first else { return fields.joined(separator: ", ") }
        return "\(name)(\(fields.dropFirst().joined(separator: ", ")))"
    }

    /// An expression in its canonical form.
    /// - Parameter proctype: the process whose local variables it may use; nil outside every process.
    public func description(of expression: Expression, in proctype: Proctype?) -> String {
        describe(expression, proctype, tightness: 0)
    }

    /// - Parameter tightness: the precedence of the operator around; a looser one needs parentheses.
    private func describe(_ expression: Expression, _ proctype: Proctype?, tightness: Int) -> String {
        func text(_ part: Expression) -> String { describe(part, proctype, tightness: 0) }
        switch expression.kind {
        case .constant(let value):
            if let symbol = expression.symbol { return symbol }
            let number = expression.isWide ? String(UInt64(bitPattern: value)) : String(value)
            return value < 0 && tightness > 0 && !expression.isWide ? "(\(number))" : number
        case .load(let place): return description(of: place, in: proctype)
        case .unary(let operation, let operand):
            return operation.rawValue + describe(operand, proctype, tightness: 12)
        case .binary(let operation, let left, let right):
            let own = Parser.precedence(of: operation)
            let inner = describe(left, proctype, tightness: own) + " \(operation.rawValue) "
                + describe(right, proctype, tightness: own + 1)
            return own < tightness ? "(\(inner))" : inner
        case .conditional(let condition, let first, let second):
            return "(\(text(condition)) -> \(text(first)) : \(text(second)))"
        case .run(let index, let arguments, let priority):
            let call = "run \(proctypes[index].name)(\(arguments.map(text).joined(separator: ", ")))"
            return priority.map { "\(call) priority \($0)" } ?? call
        case .length(let channel): return "len(\(text(channel)))"
        case .channelTest(let test, let channel): return "\(test.rawValue)(\(text(channel)))"
        case .poll(let channel, let arguments, let isRandom):
            let fields = arguments.map { description(of: $0, in: proctype) }.joined(separator: ", ")
            return "\(text(channel))\(isRandom ? "??" : "?")[\(fields)]"
        case .timeout: return "timeout"
        case .nonProgress: return "np_"
        case .enabled(let pid): return "enabled(\(text(pid)))"
        case .programCounter(let pid): return "pc_value(\(text(pid)))"
        case .getPriority(let pid): return "get_priority(\(text(pid)))"
        case .setPriority(let pid, let priority): return "set_priority(\(text(pid)), \(text(priority)))"
        case .remoteLabel(let index, let pid, let label):
            return "\(instance(index, pid, proctype))@\(proctypes[index].labels[label].name)"
        case .remoteVariable(let index, let pid, let place):
            return "\(instance(index, pid, proctype)):\(describe(place, variablesOf: proctypes[index], indicesIn: proctype))"
        }
    }

    private func instance(_ index: Int, _ pid: Expression?, _ proctype: Proctype?) -> String {
        proctypes[index].name + (pid.map { "[\(describe($0, proctype, tightness: 0))]" } ?? "")
    }

    private func description(of argument: ReceiveArgument, in proctype: Proctype?) -> String {
        switch argument {
        case .store(let place): description(of: place, in: proctype)
        case .match(let value):
            value.constantValue != nil
                ? describe(value, proctype, tightness: 0) : "eval(\(describe(value, proctype, tightness: 0)))"
        }
    }

    /// A place in its canonical form, such as `queue[2].length`.
    /// - Parameter proctype: the process whose local variable it may be; nil outside every process.
    public func description(of place: Place, in proctype: Proctype?) -> String {
        describe(place, variablesOf: proctype, indicesIn: proctype)
    }

    private func describe(_ place: Place, variablesOf owner: Proctype?, indicesIn proctype: Proctype?) -> String {
        var type: ValueType?
        var text: String
        switch place.root {
        case .global(let index):
            text = globals[index].displayName
            type = globals[index].type
        case .local(let index):
            guard let owner, owner.locals.indices.contains(index) else { return "?" }
            text = owner.locals[index].displayName
            type = owner.locals[index].type
        case .discard: text = "_"
        case .selfPid: text = "_pid"
        case .lastPid: text = "_last"
        case .processCount: text = "_nr_pr"
        case .selfPriority: text = "_priority"
        }
        for accessor in place.path {
            switch accessor {
            case .index(let index): text += "[\(describe(index, proctype, tightness: 0))]"
            case .field(let field):
                guard case .record(let record)? = type else { return text }
                text += ".\(records[record].fields[field].name)"
                type = records[record].fields[field].type
            }
        }
        return text
    }
}

extension ReceiveArgument {
    fileprivate var isSymbol: Bool {
        if case .match(let value) = self { return value.symbol != nil }
        return false
    }
}
