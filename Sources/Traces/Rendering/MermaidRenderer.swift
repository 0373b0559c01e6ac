/// Draws a trace as a Mermaid sequence diagram, for documents and merge requests.
public struct MermaidRenderer {
    public init() {}

    /// A message that is on its way.
    private struct Pending {
        var channel: String
        var values: [Trace.Value]
        var sender: String
        var number: Int
    }

    /// The whole diagram, with a final newline.
    public func render(_ trace: Trace) -> String {
        var lines = ["sequenceDiagram"]
        var participants: [(id: String, lane: LaneLayout.Lane)] = []
        for lane in LaneLayout(trace, columns: 100).lanes {
            let isRepeated = participants.contains { $0.lane.pid == lane.pid }
            let id = isRepeated ? "P\(lane.pid)_\(participants.count)" : "P\(lane.pid)"
            participants.append((id, lane))
            lines.append("    participant \(id) as \(Self.escaped(lane.displayName))")
        }
        if !trace.story.isEmpty, let place = Self.span(participants.map(\.id)) {
            lines.append("    Note over \(place): " + trace.story.map(Self.escaped).joined(separator: "<br/>"))
        }
        func id(_ action: Trace.Action) -> String {
            participants.first { $0.lane.pid == action.pid && $0.lane.name == action.process }?.id ?? "P\(action.pid)"
        }
        var pending: [Pending] = []
        let hasCycle = trace.loopStart.map { $0 < trace.steps.count } ?? false
        for (index, step) in trace.steps.enumerated() where index + 1 < trace.states.count {
            if hasCycle, index == trace.loopStart {
                lines.append("    loop for ever, back to the \(index == 0 ? "initial state" : "state after step \(index)")")
            }
            let number = index + 1
            let own = id(step.action)
            var isDrawn = false
            if let partner = step.partner {
                let message = step.messages.first { $0.direction == .exchanged }
                let label = message.map { "\($0.text) on \($0.channel)" } ?? step.action.text
                lines.append("    \(own)->>\(id(partner)): \(number). \(Self.escaped(label))")
                isDrawn = true
            }
            for message in step.messages {
                switch message.direction {
                case .exchanged: break
                case .sent:
                    pending.append(
                        Pending(channel: message.channel, values: message.values, sender: own, number: number))
                case .received, .copied:
                    // The first message of these values that is on its way: a random or sorted channel has its own order.
                    guard let found = pending.firstIndex(where: {
                        $0.channel == message.channel && $0.values == message.values
                    }) else { continue }
                    let origin = pending[found]
                    if message.direction == .received { pending.remove(at: found) }
                    let label = "\(number). \(message.text) on \(message.channel), sent in step \(origin.number)"
                    lines.append("    \(origin.sender)-)\(own): \(Self.escaped(label))")
                    isDrawn = true
                }
            }
            let changes = StateChanges.between(trace.states[index], trace.states[index + 1]).compactMap { change in
                Self.text(change, of: step, in: trace.states[index])
            }
            let sends = step.messages.contains { $0.direction == .sent }
            if !isDrawn || sends || !changes.isEmpty {
                guard !isDrawn || !changes.isEmpty || sends else { continue }
                let title = isDrawn && !sends ? [] : ["\(number). \(step.statement)"]
                let place = step.partner.map { "\(own),\(id($0))" } ?? own
                lines.append(
                    "    Note over \(place): " + (title + changes).map(Self.escaped).joined(separator: "<br/>"))
            }
        }
        if hasCycle { lines.append("    end") }
        if let step = trace.violation.failedStep {
            lines.append("    Note over \(id(step.action)): \(trace.steps.count + 1). \(Self.escaped(step.action.text))")
        }
        if let span = Self.span(participants.map(\.id)) {
            var texts = [
                trace.violation.cause.isOfClaim
                    ? PropertyMeaning.title(of: trace.violation)
                    : "\(trace.violation.property): \(trace.violation.message)"
            ]
            texts += trace.violation.explanation
            texts += trace.violation.values.map { "\($0.name) = \($0.value)" }
            for wait in trace.violation.waiting { texts += wait.reasons.prefix(3).map { "\(wait.actor) \($0)" } }
            if trace.staysForEver { texts.append("this state lasts for ever: nothing can move any more") }
            lines.append("    Note over \(span): " + texts.map(Self.escaped).joined(separator: "<br/>"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The place of a note about all of them.
    private static func span(_ ids: [String]) -> String? {
        guard let first = ids.first, let last = ids.last else { return nil }
        return first == last ? first : "\(first),\(last)"
    }

    private static func text(_ change: StateChange, of step: Trace.Step, in state: Trace.State) -> String? {
        var prefix = ""
        if let owner = change.owner, owner != step.action.pid,
            let process = state.processes.first(where: { $0.pid == owner })
        {
            prefix = process.displayName + "."
        }
        switch change.kind {
        case .value(let name, let old, let new): return "\(prefix)\(name): \(old) → \(new)"
        case .channel(let name, let new):
            return step.messages.isEmpty ? "\(prefix)\(name): \(new)" : nil
        case .started(let name): return "starts \(name)"
        case .ended: return nil
        }
    }

    /// Text that Mermaid shows as it is. Some characters, and the word `end`, mean something to it.
    static func escaped(_ text: String) -> String {
        var result = ""
        var word = ""
        func flush() {
            if word.lowercased() == "end", let first = word.unicodeScalars.first {
                result += "#\(first.value);" + word.dropFirst()
            } else {
                result += word
            }
            word = ""
        }
        for scalar in TextWrapping.printable(text, isASCII: false).unicodeScalars {
            if scalar.properties.isAlphabetic || scalar == "_" || (48...57).contains(scalar.value) {
                word.unicodeScalars.append(scalar)
                continue
            }
            flush()
            switch scalar {
            case "#", ";", "<", ">", "\"", "`", "%", "{", "}", "&", "\\": result += "#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        flush()
        return result
    }
}
