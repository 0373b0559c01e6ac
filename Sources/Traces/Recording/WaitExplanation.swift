import Automata
import Promela

/// Says of a blocked process where it stands and what it waits for.
package struct WaitExplanation {
    let system: System
    let state: Trace.State

    package init(system: System, state: Trace.State) {
        self.system = system
        self.state = state
    }

    /// The processes that have not come to an end.
    /// - Parameters:
    ///   - locations: where each process stands, by its pid.
    ///   - includesEnds: whether to tell also of those that may stay where they stand, but for their ends.
    package func waits(at locations: [Int], includesEnds: Bool = false) -> [Trace.Wait] {
        zip(state.processes, locations).compactMap { process, location in
            guard let proctype = system.program.proctypes.firstIndex(where: { $0.name == process.name }),
                !system.automata[proctype].locations[location].isEnd
                    || includesEnds && !system.outgoing[proctype][location].allSatisfy({ system.transitions[$0].kind == .end })
            else { return nil }
            return Trace.Wait(
                pid: process.pid, process: process.name, location: process.location,
                reasons: reasons(process, proctype, location))
        }
    }

    private func reasons(_ process: Trace.Process, _ proctype: Int, _ location: Int) -> [String] {
        var result: [String] = []
        func add(_ reason: String) {
            if !result.contains(reason) { result.append(reason) }
        }
        if let provided = system.program.proctypes[proctype].provided {
            add("may only move while \(condition(provided, nil, process, proctype, word: "provided"))")
        }
        for index in system.outgoing[proctype][location] {
            let transition = system.transitions[index]
            switch transition.action {
            case .statement(let statement): add(reason(statement, process, proctype))
            case .otherwise: break
            case .skip: add("could go on, but is not allowed to")
            case .end: add("has come to its end, but a process that started later has not")
            case .deterministicStep(let step):
                let inner = system.automata[proctype].deterministicSteps[step]
                for statement in Self.first(of: inner) { add(reason(statement, process, proctype)) }
            }
        }
        return result.isEmpty ? ["cannot go on"] : result
    }

    /// The statements that decide whether a `d_step` can start.
    private static func first(of step: DeterministicStep) -> [Statement] {
        var result: [Statement] = []
        var seen: Set<Int> = []
        var pending = step.first.map { [$0] } ?? []
        while let index = pending.popLast() {
            guard seen.insert(index).inserted, step.nodes.indices.contains(index) else { continue }
            switch step.nodes[index] {
            case .statement(let statement, _): result.append(statement)
            case .skip(let next), .otherwise(let next): if let next { pending.append(next) }
            case .choice(let options, _): pending += options.reversed()
            }
        }
        return result
    }

    private func reason(_ statement: Statement, _ process: Trace.Process, _ proctype: Int) -> String {
        let owner = system.program.proctypes[proctype]
        let texts = StatementText(program: system.program, proctype: proctype)
        let text = texts.written(statement) ?? texts.text(of: statement)
        switch statement.kind {
        case .receive(let channel, _, _, _):
            let name = system.program.description(of: channel, in: owner)
            guard let messages = contents(channel, process), let head = messages.first else {
                return "waits for a message on \(name), to do `\(text)`"
            }
            return "waits for another message on \(name): `\(text)` does not take [\(Trace.Message.text(head))]"
        case .send(let channel, _, _):
            let name = system.program.description(of: channel, in: owner)
            guard let messages = contents(channel, process) else {
                return "waits for a receiver on \(name), to do `\(text)`"
            }
            return "waits for room in \(name), to do `\(text)`: it is full, \(Trace.Value.channel(messages))"
        case .condition(let expression):
            return "waits for "
                + condition(expression, texts.written(statement), process, proctype, word: "condition")
        default: return "cannot do `\(text)`"
        }
    }

    private func condition(
        _ expression: Expression, _ written: String?, _ process: Trace.Process, _ proctype: Int, word: String
    ) -> String {
        var text = written ?? system.program.description(of: expression, in: system.program.proctypes[proctype])
        if text.hasPrefix("("), text.hasSuffix(")"), WrittenText.isBalanced(text.dropFirst().dropLast()) {
            text = String(text.dropFirst().dropLast())
        }
        let values = ConditionValues(program: system.program, state: state, pid: process.pid)
            .values(in: [expression])
        let list = values.map { "\($0.name) is \($0.value)" }.joined(separator: ", ")
        return "\(word) (\(text))" + (list.isEmpty ? "" : ": \(list)")
    }

    /// What is in a buffered channel; nil for a rendezvous channel.
    private func contents(_ channel: Expression, _ process: Trace.Process) -> [[Trace.Value]]? {
        guard case .load(let place) = channel.kind else { return nil }
        switch ConditionValues(program: system.program, state: state, pid: process.pid).value(of: place) {
        case .channel(let messages): return messages
        case .name(let name): return state.channels.first { $0.name == name }?.messages
        default: return nil
        }
    }
}
