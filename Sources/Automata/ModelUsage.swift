import Promela

/// What a model makes use of, as far as the state vector depends on it.
struct ModelUsage {
    var usesLastPid = false
    var usesPriorities = false

    init(_ program: Program, tracing trace: Proctype?) {
        for proctype in program.proctypes + program.neverClaims + (trace.map { [$0] } ?? []) {
            if proctype.priority ?? 1 != 1 { usesPriorities = true }
            if let provided = proctype.provided { visit(provided) }
            for local in proctype.locals { visit(local.initializer) }
            visit(proctype.body)
        }
        for global in program.globals { visit(global.initializer) }
        for formula in program.formulas { for proposition in formula.root.propositions { visit(proposition) } }
    }

    private mutating func visit(_ initializer: Variable.Initializer?) {
        switch initializer {
        case .value(let expression): visit(expression)
        case .values(let expressions): for expression in expressions { visit(expression) }
        case .channel, nil: break
        }
    }

    private mutating func visit(_ block: Block) {
        for statement in block.statements { visit(statement) }
    }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .condition(let expression), .assert(let expression), .printName(let expression): visit(expression)
        case .assign(let place, let expression):
            visit(place)
            visit(expression)
        case .send(let channel, let arguments, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .receive(let channel, let arguments, _, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .print(_, let arguments): for argument in arguments { visit(argument) }
        case .select(let place, let from, let through):
            visit(place)
            visit(from)
            visit(through)
        case .selection(let blocks), .repetition(let blocks): for block in blocks { visit(block) }
        case .unless(let normal, let escape):
            visit(normal)
            visit(escape)
        case .atomic(let block), .deterministicStep(let block), .sequence(let block): visit(block)
        case .otherwise, .goto, .break: break
        }
    }

    private mutating func visit(_ argument: ReceiveArgument) {
        switch argument {
        case .store(let place): visit(place)
        case .match(let expression): visit(expression)
        }
    }

    private mutating func visit(_ place: Place) {
        switch place.root {
        case .lastPid: usesLastPid = true
        case .selfPriority: usesPriorities = true
        default: break
        }
        for accessor in place.path {
            if case .index(let index) = accessor { visit(index) }
        }
    }

    private mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .constant, .timeout, .nonProgress: break
        case .load(let place): visit(place)
        case .unary(_, let operand): visit(operand)
        case .binary(_, let left, let right):
            visit(left)
            visit(right)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .run(_, let arguments, let priority):
            if priority != nil { usesPriorities = true }
            for argument in arguments { visit(argument) }
        case .length(let channel), .channelTest(_, let channel): visit(channel)
        case .poll(let channel, let arguments, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .enabled(let pid), .programCounter(let pid): visit(pid)
        case .getPriority(let pid):
            usesPriorities = true
            visit(pid)
        case .setPriority(let pid, let priority):
            usesPriorities = true
            visit(pid)
            visit(priority)
        case .remoteLabel(_, let pid, _): if let pid { visit(pid) }
        case .remoteVariable(_, let pid, let place):
            if let pid { visit(pid) }
            visit(place)
        }
    }
}
