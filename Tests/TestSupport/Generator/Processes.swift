/// Writing declarations, inlines and processes.
extension ProgramBuilder {
    func build() -> String {
        if has(.enumerations) { emit("mtype = { \(colours.joined(separator: ", ")) };") }
        declareProcessCount()
        if has(.macros) { declareMacros() }
        declareGlobals()
        declareChannels()
        if has(.inlines) { for _ in 0..<number(1...2) { declareInline() } }
        if has(.run) { for _ in 0..<number(1...2) { declareWorker() } }
        let count = number(profile.processes)
        // The size of the state space is about a product over the processes, so more of them must be shorter.
        let total = number(profile.statements) * 4 / (3 + count)
        let share = max(2, total / count)
        let hasInit = has(.initProcess) || (has(.run) && chance(0.3))
        var pid = hasRunner ? 1 : 0
        if hasRunner { declareRunner() }
        for index in 0..<count {
            let isInit = hasInit && index == count - 1
            let instances = !isInit && pid + 2 <= 4 && chance(0.4, of: .multipleInstances) ? 2 : 1
            declareProcess(isInit: isInit, instances: instances, pid: pid, statements: share / instances)
            pid += instances
        }
        declareClaim()
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Data

    private func declareMacros() {
        emit("#define LOW(x) ((x) & 3)")
        emit("#define ABSOLUTE(x) ((x) < 0 -> -(x) : (x))")
        emit("#define LIMIT 3")
        macros = ["LOW", "ABSOLUTE"]
    }

    private func randomType() -> ValueType {
        if has(.enumerations), chance(0.2) { return .mtype }
        return pick(.bit, .bool, .byte, .byte, .short, .int, .pid, .unsigned(number(2...5)))
    }

    private func initializer(_ type: ValueType) -> String {
        guard chance(0.5, of: .initializers) else { return "" }
        switch type {
        case .mtype: return " = \(pick(colours) ?? "red")"
        case .bit, .bool: return " = \(number(0...1))"
        default: return " = \(!isInInit && chance(0.2, of: .wraparound) ? number(250...260) : number(0...3))"
        }
    }

    private func declareGlobals() {
        if has(.typedefs) { declareStructures() }
        for _ in 0..<number(1...3) {
            let type = randomType()
            let name = fresh("g")
            emit("\(type.keyword) \(name)\(type.suffix)\(initializer(type));")
            globals.append(Variable(name, type))
        }
        if has(.arrays) {
            let type = pick(ValueType.byte, .bit, .short, has(.enumerations) ? .mtype : .bool)
            let name = fresh("a")
            let count = number(2...3)
            var start = initializer(type)
            if type == .byte, chance(0.4, of: .initializers) {
                start = " = { \((0..<count).map { "\($0 + 1)" }.joined(separator: ", ")) }"
            }
            emit("\(type.keyword) \(name)[\(count)]\(start);")
            globals.append(Variable(name, type, count: count))
        }
        if has(.hidden) {
            let name = fresh("h")
            emit("hidden byte \(name);")
            hiddenVariable = name
        }
    }

    private func declareStructures() {
        emit("typedef Inner { byte v[2]; bit f; short s\(chance(0.5, of: .initializers) ? " = 2" : "") };")
        emit("typedef Outer { Inner in[2]; unsigned u : 3 };")
        emit("Outer o;")
        globals.append(Variable(path: [("o", nil), ("in", 2), ("v", 2)], type: .byte))
        globals.append(Variable(path: [("o", nil), ("in", 2), ("f", nil)], type: .bit))
        globals.append(Variable(path: [("o", nil), ("u", nil)], type: .unsigned(3)))
        if chance(0.5) {
            emit("Inner n[2];")
            globals.append(Variable(path: [("n", 2), ("s", nil)], type: .short))
            globals.append(Variable(path: [("n", 2), ("v", 2)], type: .byte))
        }
    }

    /// Declares a variable of the process that is being written.
    func declareLocal(mayInitialize: Bool) {
        let type = randomType()
        let name = fresh("l")
        if chance(0.2, of: .arrays), type != .mtype {
            if case .unsigned = type { return declareLocal(mayInitialize: mayInitialize) }
            emit("\(type.keyword) \(name)[2]\(mayInitialize ? initializer(type) : "");")
            locals.append(Variable(name, type, count: 2))
            return
        }
        var start = mayInitialize ? initializer(type) : ""
        if start != "", type == .byte, !isInInit, chance(0.4), let other = pick(globals.filter { $0.isScalar && $0.type != .mtype }) {
            start = " = \(reference(other)) & 3"
        }
        emit("\(type.keyword) \(name)\(type.suffix)\(start);")
        locals.append(Variable(name, type))
    }

    // MARK: Inlines

    private func declareInline() {
        let name = fresh("inlined")
        let isFitForDStep = chance(0.5)
        emit("inline \(name)(p, q) {")
        nested {
            let outer = globals
            // The actual arguments may be negative, so they cannot serve as indices.
            globals += [Variable("p", .short), Variable("q", .short, isWritable: false)]
            budget = 4
            let context = Context(depth: 2, isRepeated: true, isDeterministic: isFitForDStep, isInline: true)
            emit("p = (q + \(number(0...2))) & 3;")
            withoutRemoteReferences { statements(2, in: context) }
            globals = outer
        }
        emit("}")
        inlines.append(Inline(name: name, parameterCount: 2, isFitForDStep: isFitForDStep))
    }

    func callInline(in context: Context) {
        let fitting = inlines.filter { !context.isDeterministic || $0.isFitForDStep }
        guard let called = pick(fitting),
            let target = pick(variables.filter { $0.isWritable && $0.type != .mtype && $0.isScalar })
        else { return emit("skip;") }
        emit("\(called.name)(\(reference(target)), \(chance(0.5) ? "\(number(0...3))" : readableVariable()));")
    }

    // MARK: Processes

    /// A proctype for `run`: short, for several may live at a time.
    private func declareWorker() {
        var worker = Proctype(name: fresh("Worker"), parameters: [], instances: 0, firstPid: nil)
        let valueType = pick(ValueType.byte, .bit, .short)
        var declarations = ["\(valueType.keyword) x"]
        worker.parameters = [.value(valueType)]
        let isPassed = channels.contains { $0.isPlain && !$0.isRendezvous } && chance(0.6)
        if isPassed {
            declarations.append("chan y")
            worker.parameters.append(.channel)
        }
        emit("proctype \(worker.name)(\(declarations.joined(separator: "; "))) {")
        let outerChannels = channels
        locals = [Variable("x", valueType)]
        if isPassed { channels.append(Channel(name: "y", capacity: 1, fields: [.value(.byte)])) }
        nested {
            budget = number(2...4)
            if chance(0.3) { declareLocal(mayInitialize: true) }
            while budget > 0 { statement(in: Context(depth: 2, isRepeated: true)) }
            finishLabels()
            placedLabels = []
        }
        channels = outerChannels
        locals = []
        emit("}")
        proctypes.append(worker)
    }

    func runStatement(in context: Context) {
        guard let worker = pick(proctypes.filter { $0.instances == 0 }), runsLeft >= context.repetitions else { return emit("skip;") }
        runsLeft -= context.repetitions
        let given = worker.parameters.map { parameter in
            switch parameter {
            case .value(let type): value(for: type, in: Context(isRepeated: true))
            case .channel: pick(channels.filter { $0.isPlain && !$0.isRendezvous })?.name ?? "0"
            }
        }
        let call = "run \(worker.name)(\(given.joined(separator: ", ")))"
        let target = locals.first { $0.type == .pid && $0.isScalar && $0.isWritable }
        if let target, chance(0.5) { emit("\(target.path[0].name) = \(call);") } else { emit("\(call);") }
        if chance(0.4), !context.isAtomic { emit("(\(processCount) <= \(number(2...4)));") }
    }

    private func declareProcess(isInit: Bool, instances: Int, pid: Int, statements: Int) {
        var process = Proctype(
            name: isInit ? "init" : fresh("P"), parameters: [], instances: instances, firstPid: isInit ? nil : pid)
        var head = isInit ? "init" : "active\(instances > 1 ? " [\(instances)]" : "") proctype \(process.name)()"
        withoutRemoteReferences {
            if !isInit, chance(0.6, of: .provided) { head += " provided (\(condition(1)))" }
        }
        emit("\(head) {")
        locals = []
        runsLeft = 3
        isInInit = isInit
        nested {
            for _ in 0..<number(0...2) { declareLocal(mayInitialize: true) }
            process.readableLocals = locals.filter { $0.isScalar && $0.type != .mtype }.map { $0.path[0].name }
            // Spin does not see the labels of the initial state, not even when a run comes back to it.
            if profile.claim != nil { emit("skip;") }
            budget = statements
            let marked = chance(0.6) ? statements / 2 : -1
            while budget > 0 {
                if budget <= marked, process.labels.isEmpty, !isInit {
                    let label = fresh("at")
                    emit(label: label, "skip;")
                    process.labels = [label]
                }
                if profile.claim != nil, chance(0.4) { endlessLoop(in: Context()) } else { statement(in: Context()) }
            }
            finishLabels()
            if profile.claim != nil, !isInit { process.labels = placedLabels }
            placedLabels = []
        }
        emit("}")
        locals = []
        proctypes.append(process)
    }

    /// Every label that something jumps to must be somewhere.
    private func finishLabels() {
        for label in pendingLabels { emit(label: label, "skip;") }
        pendingLabels = []
    }
}
