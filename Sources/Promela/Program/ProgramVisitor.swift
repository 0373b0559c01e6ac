/// Looks at all that a checked program says. Whoever conforms writes only the methods for what it is looking for, and goes on
/// with `visitParts(of:)` from there.
package protocol ProgramVisitor {
    mutating func visit(_ statement: Statement)
    mutating func visit(_ expression: Expression)
    /// A variable that is looked at, or stored into.
    mutating func visit(_ place: Place)
    /// A variable that a value goes to: `visit` unless told otherwise.
    mutating func store(_ place: Place)
}

extension ProgramVisitor {
    package mutating func visit(_ statement: Statement) { visitParts(of: statement) }

    package mutating func visit(_ expression: Expression) { visitParts(of: expression) }

    package mutating func visit(_ place: Place) { visitParts(of: place) }

    package mutating func store(_ place: Place) { visit(place) }

    package mutating func visit(_ block: Block) {
        for statement in block.statements { visit(statement) }
    }

    package mutating func visit(_ initializer: Variable.Initializer?) {
        switch initializer {
        case .value(let expression): visit(expression)
        case .values(let expressions): for expression in expressions { visit(expression) }
        case .channel, nil: break
        }
    }

    package mutating func visitParts(of statement: Statement) {
        switch statement.kind {
        case .condition(let expression), .assert(let expression), .printName(let expression): visit(expression)
        case .assign(let place, let expression):
            store(place)
            visit(expression)
        case .send(let channel, let arguments, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .receive(let channel, let arguments, _, _):
            visit(channel)
            for argument in arguments { visit(argument) }
        case .print(_, let arguments): for argument in arguments { visit(argument) }
        case .select(let place, let from, let through):
            store(place)
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

    package mutating func visit(_ argument: ReceiveArgument) {
        switch argument {
        case .store(let place): store(place)
        case .match(let expression): visit(expression)
        }
    }

    package mutating func visitParts(of place: Place) {
        for case .index(let index) in place.path { visit(index) }
    }

    package mutating func visitParts(of expression: Expression) {
        switch expression.kind {
        case .constant, .timeout, .nonProgress: break
        case .load(let place): visit(place)
        case .unary(_, let operand), .length(let operand), .channelTest(_, let operand), .enabled(let operand),
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
