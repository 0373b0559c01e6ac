import Promela

/// What a program stores into, what it looks at in other processes, and what it asks of them that no reduction knows of.
struct ReferenceUsage {
    private(set) var assignedGlobals: Set<Int> = []
    private(set) var assignedLocals: [Set<Int>]
    private(set) var labels: Set<Label> = []
    private(set) var variables: [TagTable.Remote] = []
    /// `enabled` or `pc_value`.
    private(set) var asksForControl = false
    private(set) var usesTimeout = false
    private(set) var usesProgress = false
    private var proctype = -1

    struct Label: Hashable {
        var proctype: Int
        var label: Int
    }

    init(_ program: Program) {
        assignedLocals = Array(repeating: [], count: program.proctypes.count)
        for (index, process) in program.proctypes.enumerated() {
            proctype = index
            if let provided = process.provided { visit(provided) }
            for local in process.locals { visit(local.initializer) }
            visit(process.body)
        }
        proctype = -1
        for formula in program.formulas { formula.root.propositions.forEach { visit($0) } }
    }

    /// What one expression asks for.
    init(_ expression: Expression, of program: Program) {
        assignedLocals = Array(repeating: [], count: program.proctypes.count)
        visit(expression)
    }

    private mutating func visit(_ initializer: Variable.Initializer?) {
        switch initializer {
        case .value(let expression): visit(expression)
        case .values(let expressions): expressions.forEach { visit($0) }
        case .channel, nil: break
        }
    }

    private mutating func visit(_ block: Block) { block.statements.forEach { visit($0) } }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .condition(let expression), .assert(let expression), .printName(let expression): visit(expression)
        case .assign(let place, let expression):
            store(place)
            visit(expression)
        case .send(let channel, let arguments, _):
            visit(channel)
            arguments.forEach { visit($0) }
        case .receive(let channel, let arguments, _, _):
            visit(channel)
            arguments.forEach { visit($0) }
        case .print(_, let arguments): arguments.forEach { visit($0) }
        case .select(let place, let from, let through):
            store(place)
            visit(from)
            visit(through)
        case .selection(let blocks), .repetition(let blocks): blocks.forEach { visit($0) }
        case .unless(let normal, let escape):
            visit(normal)
            visit(escape)
        case .atomic(let block), .deterministicStep(let block), .sequence(let block): visit(block)
        case .otherwise, .goto, .break: break
        }
    }

    private mutating func visit(_ argument: ReceiveArgument) {
        switch argument {
        case .store(let place): store(place)
        case .match(let expression): visit(expression)
        }
    }

    private mutating func store(_ place: Place) {
        switch place.root {
        case .global(let index): assignedGlobals.insert(index)
        case .local(let index): if proctype >= 0 { assignedLocals[proctype].insert(index) }
        default: break
        }
        visit(place)
    }

    private mutating func visit(_ place: Place) {
        for case .index(let index) in place.path { visit(index) }
    }

    private mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .constant: break
        case .nonProgress: usesProgress = true
        case .timeout: usesTimeout = true
        case .load(let place): visit(place)
        case .unary(_, let operand): visit(operand)
        case .binary(_, let left, let right):
            visit(left)
            visit(right)
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise].forEach { visit($0) }
        case .run(_, let arguments, _): arguments.forEach { visit($0) }
        case .length(let channel), .channelTest(_, let channel): visit(channel)
        case .poll(let channel, let arguments, _):
            visit(channel)
            arguments.forEach { visit($0) }
        case .enabled(let pid), .programCounter(let pid):
            asksForControl = true
            visit(pid)
        case .getPriority(let pid): visit(pid)
        case .setPriority(let pid, let priority):
            visit(pid)
            visit(priority)
        case .remoteLabel(let proctype, let pid, let label):
            labels.insert(Label(proctype: proctype, label: label))
            if let pid { visit(pid) }
        case .remoteVariable(let proctype, let pid, let place):
            if case .local(let index) = place.root { variables.append(.variable(proctype: proctype, index)) }
            if let pid { visit(pid) }
            visit(place)
        }
    }
}
