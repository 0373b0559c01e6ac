import Promela

/// Which processes ask for `timeout`.
struct TimeoutUsage {
    private(set) var isUsed = false
    private var types: Set<Int> = []
    /// Whether it is asked for where it can let others move too.
    private var isEverywhere = false

    init(_ program: Program) {
        var asksForOthers = false
        for (index, proctype) in program.proctypes.enumerated() {
            var visitor = TimeoutVisitor()
            visitor.visit(proctype.body)
            if visitor.isInReceive { isEverywhere = true }
            if visitor.asksForOthers { asksForOthers = true }
            if visitor.isFound { types.insert(index) }
            var provided = TimeoutVisitor()
            if let expression = proctype.provided { provided.visit(expression) }
            if provided.isFound { isEverywhere = true }
            if provided.asksForOthers { asksForOthers = true }
        }
        // Whether another process can move may depend on a timeout of that one's.
        if asksForOthers, !types.isEmpty { isEverywhere = true }
        isUsed = isEverywhere || !types.isEmpty
    }

    /// Whether a process of a type may be able to move only after a timeout.
    func canWakeUp(_ type: Int) -> Bool { isEverywhere || types.contains(type) }
}

/// Looks for `timeout`.
struct TimeoutVisitor {
    private(set) var isFound = false
    private(set) var isInReceive = false
    /// Whether there is an `enabled`.
    private(set) var asksForOthers = false
    /// Whether there is an `np_`.
    private(set) var isAboutProgress = false

    mutating func visit(_ block: Block) { for statement in block.statements { visit(statement) } }

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
            var inside = TimeoutVisitor()
            inside.visit(channel)
            for argument in arguments { inside.visit(argument) }
            if inside.isFound { (isFound, isInReceive) = (true, true) }
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
        for accessor in place.path {
            if case .index(let index) = accessor { visit(index) }
        }
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .timeout: isFound = true
        case .nonProgress: isAboutProgress = true
        case .constant: break
        case .load(let place): visit(place)
        case .enabled(let operand):
            asksForOthers = true
            visit(operand)
        case .unary(_, let operand), .length(let operand), .channelTest(_, let operand),
            .programCounter(let operand), .getPriority(let operand):
            visit(operand)
        case .binary(_, let left, let right), .setPriority(let left, let right):
            visit(left)
            visit(right)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .run(_, let arguments, _): for argument in arguments { visit(argument) }
        case .poll(let channel, let arguments, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .remoteLabel(_, let pid, _): if let pid { visit(pid) }
        case .remoteVariable(_, let pid, let place):
            if let pid { visit(pid) }
            visit(place)
        }
    }
}
