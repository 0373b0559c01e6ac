import Promela

/// Which variables hold the same kind of value: those that are compared with each other, go into each other, or select an element of
/// the same arrays. What is counted with is a number; all else may be the name of something, of a client say, and names may be
/// exchanged (Ip and Dill, "Better verification through symmetry", 1996, have a type for that, the scalarset; here it is found out).
struct ValueClasses {
    /// Something that has values.
    enum Holder: Hashable {
        case global(Int)
        /// What selects the elements of a global array.
        case globalIndex(Int)
        case field(record: Int, Int)
        case fieldIndex(record: Int, Int)
        case local(proctype: Int, Int)
        case localIndex(proctype: Int, Int)
        /// The pids of processes of a type.
        case pid(proctype: Int)
    }

    /// Why values cannot be names.
    struct Obstacle {
        var text: String
        var span: Span
    }

    let program: Program
    private var parents: [Int] = []
    private var numbers: [Holder: Int] = [:]
    private var obstacles: [Int: Obstacle] = [:]
    /// The fields of messages, for channels.
    private var messages: [Int: [Int]] = [:]
    /// The constants that are compared with values, or become values.
    private var constants: [Int: Set<Int64>] = [:]
    /// The locals that something is stored into, by process type.
    private(set) var assignedLocals: [Set<Int>]
    /// Labels that are asked for in other processes, and process types of which the one process is asked.
    private(set) var labels: Set<ReferenceUsage.Label> = []
    private(set) var namelessReferences: Set<Int> = []
    /// What nothing can be exchanged under.
    private(set) var obstacle: Obstacle?

    /// - Parameter expressions: what is asked for besides by the processes.
    init(_ system: System, _ region: QuietRegion, expressions: [Expression]) {
        program = system.program
        assignedLocals = Array(repeating: [], count: program.proctypes.count)
        for transition in system.transitions where region.isQuiet[transition.proctype][transition.source] {
            for statement in transition.action.statements(in: system.automata[transition.proctype]) {
                read(statement, transition.proctype)
            }
        }
        for (index, proctype) in program.proctypes.enumerated() {
            if let provided = proctype.provided { readNumber(provided, index) }
        }
        for expression in expressions { readNumber(expression, nil) }
        noteTerms(system.layout)
    }

    /// The class of what something holds; nil if nothing is known of it, so that it is like nothing else.
    func find(_ holder: Holder) -> Int? { numbers[holder].map(root) }

    /// Why the values of a class cannot be names.
    func obstacle(of found: Int) -> Obstacle? { obstacles[root(found)] }

    /// The class of an expression's values, where it is not just a number; nil for constants.
    func find(_ expression: Expression, _ proctype: Int?) -> Int? {
        switch expression.kind {
        case .load(let place): find(place, proctype)
        case .conditional(_, let then, let otherwise): find(then, proctype) ?? find(otherwise, proctype)
        case .remoteVariable(let other, _, let place): find(place, other)
        default: nil
        }
    }

    func find(_ place: Place, _ proctype: Int?) -> Int? {
        guard var holder = Holder(place.root, proctype) else { return nil }
        var type = holder.type(in: program)
        for case .field(let field) in place.path {
            guard case .record(let record) = type else { return nil }
            holder = .field(record: record, field)
            type = holder.type(in: program)
        }
        return find(holder)
    }

    /// All that has values.
    var holders: some Sequence<Holder> { numbers.keys }

    /// The classes of all that holds channels.
    var channelClasses: Set<Int> {
        var result: Set<Int> = []
        for (holder, number) in numbers where holder.type(in: program) == .scalar(.chan) {
            result.insert(root(number))
            guard case .channel(_, let types)? = holder.initializer(in: program) else { continue }
            for (type, field) in zip(types, fields(ofMessagesIn: number)) where type == .chan { result.insert(field) }
        }
        return result
    }

    /// Whether everything that holds values of a class, the fields of messages too, has room for the same values, and for all
    /// constants among them: nothing is ever cut to size.
    func isUniform(_ found: Int) -> Bool {
        var types: [ScalarType] = []
        for (holder, number) in numbers {
            if root(number) == found, case .scalar(let type)? = holder.type(in: program) { types.append(type) }
            if root(number) == found, case .pid = holder { types.append(.pid) }
            guard case .channel(_, let fieldTypes)? = holder.initializer(in: program) else { continue }
            for (type, field) in zip(fieldTypes, fields(ofMessagesIn: number)) where field == found { types.append(type) }
        }
        guard let type = types.first else { return true }
        return types.allSatisfy { $0.width == type.width && $0.isSigned == type.isSigned }
            && (constants[found] ?? []).allSatisfy { Storage.truncate($0, width: type.width, isSigned: type.isSigned) == $0 }
    }

    /// The classes of the fields of the messages in a channel.
    func fields(ofMessagesIn channel: Int) -> [Int] { (messages[root(channel)] ?? []).map(root) }
}

// MARK: Classes

extension ValueClasses {
    private func root(_ number: Int) -> Int {
        var number = number
        while parents[number] != number { number = parents[number] }
        return number
    }

    private mutating func makeClass() -> Int {
        parents.append(parents.count)
        return parents.count - 1
    }

    private mutating func number(_ holder: Holder) -> Int {
        if let known = numbers[holder] { return root(known) }
        let made = makeClass()
        numbers[holder] = made
        return made
    }

    private mutating func unify(_ one: Int, _ other: Int) {
        let (one, other) = (root(one), root(other))
        if one == other { return }
        parents[other] = one
        if let obstacle = obstacles.removeValue(forKey: other), obstacles[one] == nil { obstacles[one] = obstacle }
        constants[one, default: []].formUnion(constants.removeValue(forKey: other) ?? [])
        let fields = messages.removeValue(forKey: other) ?? []
        for (index, field) in fields.enumerated() { unify(field, self.field(index, ofMessagesIn: one)) }
    }

    private mutating func field(_ index: Int, ofMessagesIn channel: Int) -> Int {
        let channel = root(channel)
        while messages[channel, default: []].count <= index {
            let made = makeClass()
            messages[channel, default: []].append(made)
        }
        return messages[channel]?[index] ?? makeClass()
    }

    /// A term is not known, so it names nothing.
    private mutating func noteTerms(_ layout: StateLayout) {
        func note(_ found: Int, _ type: ScalarType, _ variable: Variable) {
            guard layout.mayHoldTerm(type), obstacles[root(found)] == nil else { return }
            obstacles[root(found)] = Obstacle(text: "`\(variable.name)` may hold any number of \(type.width) bits", span: variable.span)
        }
        for (holder, number) in numbers {
            guard let variable = holder.variable(in: program) else { continue }
            if case .scalar(let type) = variable.type { note(number, type, variable) }
            guard case .channel(_, let types)? = variable.initializer else { continue }
            for (type, field) in zip(types, fields(ofMessagesIn: number)) { note(field, type, variable) }
        }
    }

    private mutating func makeNumber(_ expression: Expression, _ proctype: Int?) -> Int {
        let made = makeClass()
        note(made, expression, proctype)
        return made
    }

    private mutating func note(_ found: Int, _ expression: Expression, _ proctype: Int?) {
        if obstacles[root(found)] != nil { return }
        let text = program.description(of: expression, in: proctype.map { program.proctypes[$0] })
        obstacles[root(found)] = Obstacle(text: "`\(text)` is used as a number", span: expression.span)
    }
}

// MARK: Reading

extension ValueClasses {
    private mutating func readNumber(_ expression: Expression, _ proctype: Int?) {
        let found = read(expression, proctype)
        note(found, expression, proctype)
    }

    private mutating func read(_ statement: Statement, _ proctype: Int) {
        switch statement.kind {
        case .condition(let expression), .assert(let expression): readNumber(expression, proctype)
        case .assign(let place, let value): unify(store(place, proctype), read(value, proctype))
        case .send(let channel, let arguments, let isSorted):
            let found = read(channel, proctype)
            for (index, argument) in arguments.enumerated() {
                let value = read(argument, proctype)
                unify(field(index, ofMessagesIn: found), value)
                if isSorted { note(value, argument, proctype) }
            }
        case .receive(let channel, let arguments, _, _): read(arguments, of: channel, proctype)
        case .select(let place, let from, let through):
            readNumber(from, proctype)
            readNumber(through, proctype)
            let found = store(place, proctype)
            note(found, Expression(.load(place), span: place.span), proctype)
        case .print(_, let arguments): for argument in arguments { _ = read(argument, proctype) }
        case .printName(let argument): _ = read(argument, proctype)
        case .otherwise, .selection, .repetition, .goto, .break, .unless, .atomic, .deterministicStep, .sequence: break
        }
    }

    private mutating func read(_ arguments: [ReceiveArgument], of channel: Expression, _ proctype: Int?) {
        let found = read(channel, proctype)
        for (index, argument) in arguments.enumerated() {
            let value =
                switch argument {
                case .store(let place): store(place, proctype)
                case .match(let expression): read(expression, proctype)
                }
            unify(field(index, ofMessagesIn: found), value)
        }
    }

    private mutating func store(_ place: Place, _ proctype: Int?) -> Int {
        if case .local(let index) = place.root, let proctype { assignedLocals[proctype].insert(index) }
        return read(place, proctype, indicesIn: proctype)
    }

    /// - Returns: the class of its values.
    private mutating func read(_ expression: Expression, _ proctype: Int?) -> Int {
        if let value = expression.constantValue {
            let made = makeClass()
            constants[made] = [value]
            return made
        }
        switch expression.kind {
        case .constant: break
        case .load(let place): return read(place, proctype, indicesIn: proctype)
        case .binary(.equal, let left, let right), .binary(.notEqual, let left, let right):
            let (left, right) = (read(left, proctype), read(right, proctype))
            unify(left, right)
        case .binary(_, let left, let right):
            readNumber(left, proctype)
            readNumber(right, proctype)
        case .unary(_, let operand): readNumber(operand, proctype)
        case .conditional(let condition, let then, let otherwise):
            readNumber(condition, proctype)
            let (then, otherwise) = (read(then, proctype), read(otherwise, proctype))
            unify(then, otherwise)
            return then
        case .length(let channel), .channelTest(_, let channel): _ = read(channel, proctype)
        case .poll(let channel, let arguments, _): read(arguments, of: channel, proctype)
        case .remoteLabel(let other, let pid, let label):
            labels.insert(ReferenceUsage.Label(proctype: other, label: label))
            readPid(pid, of: other, proctype)
        case .remoteVariable(let other, let pid, let place):
            readPid(pid, of: other, proctype)
            return read(place, other, indicesIn: proctype)
        case .timeout, .nonProgress: break
        case .run, .enabled, .programCounter, .getPriority, .setPriority:
            let text = program.description(of: expression, in: proctype.map { program.proctypes[$0] })
            if obstacle == nil { obstacle = Obstacle(text: "the model asks for `\(text)`", span: expression.span) }
        }
        return makeNumber(expression, proctype)
    }

    private mutating func readPid(_ pid: Expression?, of other: Int, _ proctype: Int?) {
        guard let pid else {
            namelessReferences.insert(other)
            return
        }
        let value = read(pid, proctype)
        unify(number(.pid(proctype: other)), value)
    }

    private mutating func read(_ place: Place, _ owner: Int?, indicesIn proctype: Int?) -> Int {
        guard var holder = Holder(place.root, owner) else {
            switch place.root {
            case .lastPid, .selfPriority:
                if obstacle == nil { obstacle = Obstacle(text: "the model asks for `_last` or `_priority`", span: place.span) }
            default: break
            }
            return makeNumber(Expression(.load(place), span: place.span), proctype)
        }
        for accessor in place.path {
            switch accessor {
            case .index(let index):
                let value = read(index, proctype)
                if let selector = holder.index { unify(number(selector), value) }
            case .field(let field):
                if case .record(let record)? = holder.type(in: program) { holder = .field(record: record, field) }
            }
        }
        return number(holder)
    }
}

extension ValueClasses.Holder {
    init?(_ root: Place.Root, _ proctype: Int?) {
        switch root {
        case .global(let index): self = .global(index)
        case .local(let index):
            guard let proctype else { return nil }
            self = .local(proctype: proctype, index)
        case .selfPid:
            guard let proctype else { return nil }
            self = .pid(proctype: proctype)
        case .discard, .lastPid, .processCount, .selfPriority: return nil
        }
    }

    /// What selects its elements, if it is an array.
    var index: Self? {
        switch self {
        case .global(let index): .globalIndex(index)
        case .field(let record, let field): .fieldIndex(record: record, field)
        case .local(let proctype, let index): .localIndex(proctype: proctype, index)
        case .globalIndex, .fieldIndex, .localIndex, .pid: nil
        }
    }

    func variable(in program: Program) -> Variable? {
        switch self {
        case .global(let index): program.globals[index]
        case .field(let record, let field): program.records[record].fields[field]
        case .local(let proctype, let index): program.proctypes[proctype].locals[index]
        case .globalIndex, .fieldIndex, .localIndex, .pid: nil
        }
    }

    func type(in program: Program) -> ValueType? { variable(in: program)?.type }

    func initializer(in program: Program) -> Variable.Initializer? { variable(in: program)?.initializer }
}
