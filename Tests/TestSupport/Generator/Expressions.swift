/// Writing expressions. None has side effects, divides by zero, or leaves an array.
extension ProgramBuilder {
    /// All variables in reach.
    var variables: [Variable] { globals + locals }

    /// A number of at most this depth.
    func integer(_ depth: Int = 2) -> String {
        guard depth > 0, chance(0.6) else { return operand() }
        let left = integer(depth - 1)
        let choices: [(weight: Int, choice: () -> String)] = [
            (6, { "(\(left) + \(self.integer(depth - 1)))" }),
            (4, { "(\(left) - \(self.integer(depth - 1)))" }),
            (2, { "(\(left) * \(self.number(2...3)))" }),
            (self.has(.division) ? 2 : 0, { "(\(left) / \(self.number(2...5)))" }),
            (self.has(.division) ? 2 : 0, { "(\(left) % \(self.number(2...5)))" }),
            (self.has(.division) && self.chance(0.2) ? 2 : 0, { "(\(left) / -\(self.number(2...5)))" }),
            (self.has(.bitwiseExpressions) ? 6 : 0, { self.bitwise(left, depth) }),
            (self.has(.conditionalExpressions) ? 4 : 0, {
                "(\(self.condition(1)) -> \(left) : \(self.integer(depth - 1)))"
            }),
            (1, { "(-\(left))" }),
            (1, { "\(self.condition(1))" }),
            (self.macros.isEmpty ? 0 : 3, { "\(self.pick(self.macros) ?? "")(\(left))" }),
        ]
        return weighted(choices)?() ?? left
    }

    private func bitwise(_ left: String, _ depth: Int) -> String {
        let right = integer(depth - 1)
        return switch number(0...5) {
        case 0: "(\(left) & \(right))"
        case 1: "(\(left) | \(right))"
        case 2: "(\(left) ^ \(right))"
        case 3: "(\(left) << (\(right) & 3))"
        case 4: "(\(left) >> \(number(1...2)))"
        default: "(~\(left))"
        }
    }

    private func operand() -> String {
        let queried = channels.filter { !$0.isRendezvous }
        let choices: [(weight: Int, choice: () -> String)] = [
            (4, { "\(self.number(0...3))" }),
            (self.has(.wraparound) && self.chance(0.1) ? 3 : 0, { "\(self.pick(127, 128, 255, 256, 257, 32_767, 65_535))" }),
            (self.variables.isEmpty ? 0 : 10, { self.readableVariable() }),
            (self.has(.channelQueries) && !queried.isEmpty ? 2 : 0, { "len(\(self.pick(queried)?.name ?? ""))" }),
            (self.has(.predefinedVariables) ? 1 : 0, { self.pick("_pid", self.processCount) }),
            (self.has(.lastProcess) ? 1 : 0, { "_last" }),
            (self.has(.remoteVariables) ? 1 : 0, { self.remoteVariable() ?? "1" }),
        ]
        return weighted(choices)?() ?? "0"
    }

    /// Any variable that can be read as a number.
    func readableVariable() -> String {
        guard let variable = pick(variables.filter { $0.type != .mtype }) else { return "1" }
        return reference(variable)
    }

    /// The text that refers to a variable, with indices in range.
    func reference(_ variable: Variable) -> String {
        variable.path.map { component in
            guard let count = component.count else { return component.name }
            return "\(component.name)[\(index(below: count))]"
        }.joined(separator: ".")
    }

    /// An index of an array of this many elements.
    func index(below count: Int) -> String {
        let natural = variables.filter { $0.isScalar && !$0.type.isSigned && $0.type != .mtype }
        guard chance(0.5), let variable = pick(natural) else { return "\(number(0...(count - 1)))" }
        let name = reference(variable)
        if count == 2, variable.type.isBinary { return name }
        // Nested arrays index with scalars alone: Spin warns of an array that indexes itself.
        return count.nonzeroBitCount == 1 && chance(0.5) ? "\(name) & \(count - 1)" : "\(name) % \(count)"
    }

    /// A truth value of at most this depth.
    func condition(_ depth: Int = 2) -> String {
        let inner = depth - 1
        let enumerations = variables.filter { $0.type == .mtype }
        let choices: [(weight: Int, choice: () -> String)] = [
            (12, { "(\(self.integer(inner)) \(self.pick("==", "!=", "<", "<=", ">", ">=")) \(self.integer(max(0, inner - 1))))" }),
            (depth > 0 ? 3 : 0, { "(\(self.condition(inner)) && \(self.condition(inner)))" }),
            (depth > 0 ? 3 : 0, { "(\(self.condition(inner)) || \(self.condition(inner)))" }),
            (depth > 0 ? 2 : 0, { "(!(\(self.integer(inner))))" }),
            (enumerations.isEmpty ? 0 : 3, {
                let name = self.pick(enumerations).map { self.reference($0) } ?? "red"
                return "(\(name) \(self.pick("==", "!=")) \(self.pick(self.colours) ?? "red"))"
            }),
            (self.has(.remoteLabels) ? 2 : 0, { self.remoteLabel() ?? "(_pid >= 0)" }),
            (self.has(.enabledQueries) ? 2 : 0, { self.enabledQuery() ?? "(_pid >= 0)" }),
            (self.has(.programCounters) ? 2 : 0, { self.programCounterComparison() ?? "(_pid >= 0)" }),
        ]
        return weighted(choices)?() ?? "true"
    }

    /// A condition on the channels' fill or contents, or any if there is none to ask.
    func channelCondition() -> String? {
        guard let channel = pick(channels.filter { !$0.isRendezvous && $0.carriesValuesOnly }) else { return nil }
        var choices: [String] = []
        if has(.channelQueries) {
            choices += ["full", "empty", "nfull", "nempty"].map { "\($0)(\(channel.name))" }
            choices.append("(len(\(channel.name)) \(pick("<", "==", ">")) 1)")
        }
        if has(.polling) {
            choices.append("\(channel.name)?[\(pattern(channel, isPoll: true))]")
            if has(.randomReceive) { choices.append("\(channel.name)??[\(pattern(channel, isPoll: true))]") }
        }
        guard let choice = pick(choices) else { return nil }
        // Spin's grammar knows no negated full() or poll, but conjunctions.
        return chance(0.2) ? "(\(choice) && \(condition(1)))" : choice
    }

    /// An expression whose value stays among a few, fit for a variable of this type.
    func value(for type: ValueType, in context: Context) -> String {
        switch type {
        case .mtype:
            let others = variables.filter { $0.type == .mtype }
            if chance(0.3), let other = pick(others) { return reference(other) }
            return pick(colours) ?? "red"
        case .bit, .bool:
            if chance(0.4) { return pick("0", "1", "true", "false") }
            return chance(0.5) ? condition(1) : "\(integer(1))"
        default:
            if chance(0.25) { return "\(number(0...3))" }
            if !context.isRepeated, has(.wraparound), chance(0.4) { return wrapping(type) }
            let expression = integer()
            return chance(0.5) ? "(\(expression) & \(pick(1, 3)))" : "(\(expression) % \(number(2...3)))"
        }
    }

    /// A value that may not fit the type.
    private func wrapping(_ type: ValueType) -> String {
        let expression = integer(1)
        return switch type {
        case .byte, .pid: "\(expression) \(pick("+", "-")) \(pick(250, 255, 256, 3))"
        case .short: "\(expression) \(pick("+", "-")) \(pick(32_767, 32_768, 65_535))"
        case .int: "\(expression) \(pick("+", "-")) \(pick(2_147_483_640, 2_147_483_647))"
        case .unsigned(let width): "\(expression) \(pick("+", "-")) \((1 << width) - number(0...1))"
        default: expression
        }
    }

    // MARK: Other processes

    /// Writes what Spin allows no remote references in: a d_step or a `provided` clause.
    func withoutRemoteReferences(_ body: () -> Void) {
        let outer = isRemoteForbidden
        isRemoteForbidden = true
        body()
        isRemoteForbidden = outer
    }

    private var knownProcesses: [(proctype: Proctype, pid: Int)] {
        proctypes.compactMap { proctype in
            guard !isRemoteForbidden, let pid = proctype.firstPid else { return nil }
            return (proctype, pid + number(0...(proctype.instances - 1)))
        }
    }

    private func remoteLabel() -> String? {
        guard let (proctype, pid) = pick(knownProcesses.filter { !$0.proctype.labels.isEmpty }),
            let label = pick(proctype.labels)
        else { return nil }
        return "(\(proctype.name)[\(pid)]@\(label))"
    }

    private func remoteVariable() -> String? {
        guard let (proctype, pid) = pick(knownProcesses.filter { !$0.proctype.readableLocals.isEmpty }),
            let name = pick(proctype.readableLocals)
        else { return nil }
        return "\(proctype.name)[\(pid)]:\(name)"
    }

    private func enabledQuery() -> String? {
        pick(knownProcesses).map { "enabled(\($0.pid))" }
    }

    /// Two instances of a proctype at the same place; the number of a place is Spin's own affair.
    private func programCounterComparison() -> String? {
        guard let (proctype, _) = pick(knownProcesses.filter { $0.proctype.instances > 1 }), let pid = proctype.firstPid
        else { return nil }
        return "(pc_value(\(pid)) \(pick("==", "!=")) pc_value(\(pid + 1)))"
    }
}
