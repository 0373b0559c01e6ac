import Promela

/// Reads off statements what they do and mind, in the name of one process.
struct FootprintReader {
    let tags: TagTable
    let proctype: Int?
    /// The pid of the process and those of its locals that never change, where they are known.
    let pid: Int64?
    let constants: [Int: Int64]
    var footprint: Footprint

    init(_ tags: TagTable, proctype: Int?, pid: Int64? = nil, constants: [Int: Int64] = [:]) {
        self.tags = tags
        self.proctype = proctype
        self.pid = pid
        self.constants = constants
        footprint = Footprint(tags)
    }

    // MARK: Statements

    /// - Parameter isInner: whether this is not how a step starts, so that it may find that it cannot be taken; a question about
    ///   the state is part of it then.
    mutating func visit(_ statement: Statement, isInner: Bool) {
        switch statement.kind {
        case .condition(let expression), .printName(let expression): read(expression)
        case .assert(let expression):
            footprint.mayFault = true
            read(expression)
        case .assign(let place, let expression):
            if let cell = sum(expression, in: place) {
                footprint.add(cell, tags)
            } else {
                read(expression)
                write(place, written(expression, to: place))
            }
        case .send(let channel, let arguments, let isSorted):
            read(channel)
            arguments.forEach { read($0) }
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.send(number, isSorted: isSorted, tags)
                if isInner { footprint.test(number, tags) }
            }
        case .receive(let channel, let arguments, _, let keepsMessage):
            read(channel)
            for argument in arguments {
                switch argument {
                case .store(let place): write(place)
                case .match(let expression): read(expression)
                }
            }
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.receive(number, keepsMessage: keepsMessage, tags)
                if isInner { footprint.test(number, tags) }
            }
        case .print(_, let arguments): arguments.forEach { read($0) }
        case .select(let place, let from, let through):
            if value(of: from) == nil || value(of: through) == nil { footprint.mayFault = true }
            read(from)
            read(through)
            write(place)
        case .selection, .repetition, .unless, .atomic, .deterministicStep, .sequence, .otherwise, .goto, .break: break
        }
    }

    /// What a `d_step` does on any way through it.
    mutating func visit(_ step: DeterministicStep) {
        footprint.mayFault = true
        for case .statement(let statement, _) in step.nodes { visit(statement, isInner: true) }
    }

    /// What it takes to find out whether a statement can be taken.
    mutating func visitGuard(of statement: Statement) {
        switch statement.kind {
        case .condition(let expression): read(expression)
        case .send(let channel, let arguments, _):
            read(channel)
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.send(number, isSorted: false, tags)
                footprint.test(number, tags)
            }
        case .receive(let channel, let arguments, _, _):
            read(channel)
            for case .match(let expression) in arguments { read(expression) }
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.receive(number, keepsMessage: false, tags)
                footprint.test(number, tags)
            }
        default: break
        }
    }

    /// What may make a statement possible that is not possible now: minds only that.
    mutating func visitEnablers(of statement: Statement) {
        switch statement.kind {
        case .condition(let expression): read(expression)
        case .send(let channel, let arguments, _):
            read(channel)
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.minds.insert(tags.tag(.receive, number))
                footprint.minds.insert(tags.tag(.accept, number))
            }
        case .receive(let channel, let arguments, _, _):
            read(channel)
            var matches = false
            for case .match(let expression) in arguments {
                read(expression)
                matches = true
            }
            for number in channels(of: channel, fieldCount: arguments.count) {
                footprint.minds.insert(tags.tag(.send, number))
                footprint.minds.insert(tags.tag(.offer, number))
                // Somebody else may take a message that is in the way.
                if matches { footprint.minds.insert(tags.tag(.receive, number)) }
            }
        default: break
        }
    }

    // MARK: Expressions

    mutating func read(_ expression: Expression) {
        switch expression.kind {
        case .constant, .nonProgress: break
        // False wherever anything is left out: where nothing else can move, all processes are looked at.
        case .timeout: break
        case .load(let place): read(place)
        case .unary(_, let operand): read(operand)
        case .binary(let operation, let left, let right):
            if operation == .divide || operation == .remainder {
                if value(of: right) ?? 0 == 0 { footprint.mayFault = true }
            }
            read(left)
            read(right)
        case .conditional(let condition, let then, let otherwise):
            read(condition)
            read(then)
            read(otherwise)
        case .run(let proctype, let arguments, _):
            arguments.forEach { read($0) }
            // What the new process reads for its initial values, it reads in its own name.
            var child = FootprintReader(tags, proctype: proctype)
            for variable in tags.program.proctypes[proctype].locals { child.read(variable.initializer) }
            footprint.formUnion(child.footprint)
            footprint.mayFault = true
            footprint.spawned.insert(proctype)
            footprint.does.insert(tags.run)
            for tag in [tags.run, tags.end, tags.countProcesses] { footprint.minds.insert(tag) }
            for cell in tags.remoteCells(of: proctype) { footprint.write(cell, .any, tags) }
        case .length(let channel), .channelTest(_, let channel):
            read(channel)
            for number in channels(of: channel) { footprint.test(number, tags) }
        case .poll(let channel, let arguments, _):
            read(channel)
            for case .match(let match) in arguments { read(match) }
            footprint.mayFault = true
            for number in channels(of: channel) { footprint.test(number, tags) }
        case .enabled(let other), .programCounter(let other), .getPriority(let other): read(other)
        case .setPriority(let other, let priority):
            read(other)
            read(priority)
        case .remoteLabel(let proctype, let other, let label):
            footprint.mayFault = true
            if let other { read(other) }
            if let location = tags.locationOfLabel[proctype][label] {
                readRemote(.location(proctype: proctype, location), of: proctype)
            } else {
                readAllRemotes(of: proctype)
            }
        case .remoteVariable(let proctype, let other, let place):
            footprint.mayFault = true
            if let other { read(other) }
            for case .index(let index) in place.path { read(index) }
            if case .local(let index) = place.root {
                readRemote(.variable(proctype: proctype, index), of: proctype)
            } else {
                readAllRemotes(of: proctype)
            }
        }
    }

    private mutating func readRemote(_ remote: TagTable.Remote, of proctype: Int) {
        guard let cell = tags.cell(of: remote) else { return readAllRemotes(of: proctype) }
        footprint.read(cell, tags)
        // A process that starts or ends may be the one that was meant.
        footprint.does.insert(tags.countProcesses)
        footprint.minds.insert(tags.run)
        footprint.minds.insert(tags.end)
    }

    private mutating func readAllRemotes(of proctype: Int) {
        for cell in tags.remoteCells(of: proctype) { footprint.read(cell, tags) }
    }

    private mutating func read(_ initializer: Variable.Initializer?) {
        switch initializer {
        case .value(let expression): read(expression)
        case .values(let expressions): expressions.forEach { read($0) }
        case .channel, nil: break
        }
    }

    private mutating func read(_ place: Place) {
        for case .index(let index) in place.path { read(index) }
        switch place.root {
        case .global(let index): for cell in cells(of: place, index) { footprint.read(cell, tags) }
        case .processCount:
            footprint.does.insert(tags.countProcesses)
            footprint.minds.insert(tags.run)
            footprint.minds.insert(tags.end)
        case .local(let index): if mayMiss(place, index) { footprint.mayFault = true }
        case .discard, .selfPid, .lastPid, .selfPriority: break
        }
    }

    private mutating func write(_ place: Place, _ value: WrittenValues = .any) {
        for case .index(let index) in place.path { read(index) }
        switch place.root {
        case .global(let index): for cell in cells(of: place, index) { footprint.write(cell, value, tags) }
        case .local(let index):
            if mayMiss(place, index) { footprint.mayFault = true }
            if let proctype, let cell = tags.cell(of: .variable(proctype: proctype, index)) { footprint.write(cell, .any, tags) }
        case .discard, .selfPid, .lastPid, .processCount, .selfPriority: break
        }
    }

    /// What storing an expression leaves in a place.
    private func written(_ expression: Expression, to place: Place) -> WrittenValues {
        guard let value = value(of: expression), case .scalar(let type) = place.type, !type.isWide else { return .any }
        let width = Int64(type.width)
        let least: Int64 = type.isSigned ? -(1 << (width - 1)) : 0
        return value >= least && value < least + 1 << width ? .these([value]) : .any
    }

    /// The cell of a place, if the expression is its value and a number that is added to it. Numbers of one bit are left out,
    /// for not all of them are cut to size.
    private func sum(_ expression: Expression, in place: Place) -> Int? {
        guard !expression.isWide, case .scalar(let type) = place.type, type.width > 1, !type.isWide,
            case .binary(let operation, let left, let right) = expression.kind, operation == .add || operation == .subtract,
            case .load(let source) = left.kind, value(of: right) != nil, let cell = cell(of: place), cell == self.cell(of: source)
        else { return nil }
        return cell
    }

    /// The one cell that a place in a global certainly is.
    private func cell(of place: Place) -> Int? {
        guard case .global(let index) = place.root, tags.isSplit(global: index), case .scalar = place.type else { return nil }
        let (cells, mayFault) = tags.cells(of: place, global: index) { value(of: $0) }
        return cells.count == 1 && !mayFault ? cells[0] : nil
    }

    /// Whether a place in a local may be outside of an array.
    private func mayMiss(_ place: Place, _ local: Int) -> Bool {
        guard let proctype else { return !place.path.isEmpty }
        var variable = tags.program.proctypes[proctype].locals[local]
        for accessor in place.path {
            switch accessor {
            case .index(let expression):
                guard let count = variable.count, let index = value(of: expression), index >= 0, index < Int64(count) else { return true }
            case .field(let field):
                guard case .record(let record) = variable.type else { return true }
                variable = tags.program.records[record].fields[field]
            }
        }
        return false
    }

    private mutating func cells(of place: Place, _ global: Int) -> [Int] {
        let (cells, mayFault) = tags.cells(of: place, global: global) { value(of: $0) }
        if mayFault { footprint.mayFault = true }
        return cells
    }

    // MARK: Conditions on one cell

    /// The same condition, if it asks for one cell and nothing else that may change.
    func cellTest(_ expression: Expression) -> CellTest? {
        guard let term = cellTerm(expression), let cell = term.cell else { return nil }
        return CellTest(cell: cell, term: term)
    }

    private func cellTerm(_ expression: Expression) -> CellTest.Term? {
        if expression.isWide { return nil }
        if let value = value(of: expression) { return .constant(value) }
        switch expression.kind {
        case .load(let place): return cell(of: place).map { .cell($0) }
        case .unary(.not, let operand): return cellTerm(operand).map { .not($0) }
        case .binary(let operation, let left, let right):
            guard operation.isTest, let left = cellTerm(left), let right = cellTerm(right) else { return nil }
            if let one = left.cell, let other = right.cell, one != other { return nil }
            return .binary(operation, left, right)
        default: return nil
        }
    }

    // MARK: What is known

    /// The value of an expression, where it is the same all through the life of the process.
    private func value(of expression: Expression) -> Int64? {
        guard !expression.isWide else { return nil }
        switch expression.kind {
        case .constant(let value): return value
        case .load(let place) where place.path.isEmpty:
            switch place.root {
            case .local(let index): return constants[index]
            case .selfPid: return pid
            default: return nil
            }
        case .binary(let operation, let left, let right):
            guard let left = value(of: left), let right = value(of: right) else { return nil }
            let result: Int64
            switch operation {
            case .add: result = left &+ right
            case .subtract: result = left &- right
            case .multiply: result = left &* right
            case .divide where left >= 0 && right > 0: result = left / right
            case .remainder where left >= 0 && right > 0: result = left % right
            case _ where operation.isTest:
                result = CellTest.Term.binary(operation, .constant(left), .constant(right)).value(where: 0)
            default: return nil
            }
            return Int32(exactly: result) == nil ? nil : result
        case .conditional(let condition, let then, let otherwise):
            return value(of: condition).flatMap { value(of: $0 != 0 ? then : otherwise) }
        default: return nil
        }
    }

    /// The channels that an expression may name.
    /// - Parameter fieldCount: of the message; another number is a fault.
    private mutating func channels(of expression: Expression, fieldCount: Int? = nil) -> [Int] {
        guard let known = knownChannels(of: expression) else {
            footprint.mayFault = true
            return Array(0...tags.localChannels)
        }
        if known.count != 1 || known.contains(tags.localChannels) { footprint.mayFault = true }
        for channel in known {
            if let fieldCount, tags.types(of: channel).contains(where: { $0.fields.count != fieldCount }) { footprint.mayFault = true }
        }
        return known
    }

    private func knownChannels(of expression: Expression) -> [Int]? {
        guard case .load(let place) = expression.kind else { return nil }
        switch place.root {
        case .global(let index):
            let variable = tags.program.globals[index]
            guard case .channel? = variable.initializer, !tags.assignedGlobals.contains(index) else { return nil }
            let own = tags.layout.globalChannels.indices.filter { tags.layout.globalChannels[$0].variable == index }
            if case .index(let element)? = place.path.first, let value = value(of: element), own.indices.contains(Int(value)) {
                return [own[Int(value)]]
            }
            return own
        case .local(let index):
            guard place.path.isEmpty, let proctype, !tags.assignedLocals[proctype].contains(index) else { return nil }
            if case .channel? = tags.program.proctypes[proctype].locals[index].initializer { return [tags.localChannels] }
            guard let number = constants[index], number > 0 else { return nil }
            return [min(Int(number) - 1, tags.localChannels)]
        default: return nil
        }
    }
}
