/// Draws single steps into the lanes of their processes.
struct StepDrawing {
    let layout: LaneLayout
    let glyphs: TextGlyphs
    let options: TextOptions
    /// Where the marks of atomic sequences stand.
    var groupColumn = 0

    /// Everything about one step that decides how it looks.
    struct Input {
        var number: Int
        var step: Trace.Step
        var before: Trace.State
        /// The state that it leads to; nil if the step fails.
        var after: Trace.State?
        /// Whether the step before, or this one, leaves control with the same process.
        var continuesGroup: Bool
        var opensGroup: Bool
        var isFailure: Bool
    }

    func lines(_ input: Input) -> [TextLine] {
        var lines: [TextLine] = []
        let step = input.step
        let lane = layout.index(of: step.action)
        let start = lane.map { layout.starts[$0] } ?? layout.left
        let statement = printable(step.statement)
        let notes = step.messages.filter { $0.direction != .exchanged }.map(note)
        let tail = notes.isEmpty ? "" : "  " + notes.joined(separator: "  ")

        var first = newLine(input)
        first.put(number(input), at: 2, input.isFailure ? .failure : .plain)
        first.put(source(step.action), at: layout.sourceStart, .faint)
        putProcess(step.action, in: &first)
        let room = options.columns - start
        var rest: [String] = []
        if statement.count + tail.count <= room {
            first.put(statement, at: start, input.isFailure ? .failure : .plain)
            first.put(tail, at: start + statement.count, .process)
        } else {
            rest = wrapped(statement, width: room)
            first.put(rest.removeFirst(), at: start, input.isFailure ? .failure : .plain)
        }
        separate(&first, after: first.width == 0 ? start : start + statement.count)
        lines.append(first)
        for text in rest { lines.append(line(input, text, at: start)) }
        if statement.count + tail.count > room {
            for text in notes { lines += TextWrapping.lines(text, width: room).map { line(input, $0, at: start, .process) } }
        }
        if let partner = step.partner { lines += exchange(input, partner, senderStart: start, lane) }
        let output = step.output.split(whereSeparator: \.isNewline).map { "prints \"\(printable(String($0)))\"" }
        for text in output {
            lines += TextWrapping.lines(text, width: room).map { line(input, $0, at: start, .faint) }
        }
        addChanges(input, start: start, to: &lines)
        if input.opensGroup || input.continuesGroup { mark(&lines, input) }
        return lines
    }

    // MARK: Parts

    private func printable(_ text: String) -> String { TextWrapping.printable(text, isASCII: options.isASCII) }

    private func wrapped(_ text: String, width: Int) -> [String] {
        var result = TextWrapping.lines(text, width: width)
        if result.count > 3 {
            result = Array(result.prefix(3))
            result[2] = String(result[2].prefix(max(8, width) - glyphs.ellipsis.count - 1)) + " " + glyphs.ellipsis
        }
        return result.isEmpty ? [""] : result
    }

    private func number(_ input: Input) -> String {
        let text = String(input.number)
        return String(repeating: " ", count: max(0, layout.numberWidth - 1 - text.count)) + text
            + (input.isFailure ? glyphs.failure : " ")
    }

    private func source(_ action: Trace.Action) -> String {
        let text = printable(action.location.shortText)
        guard text.count > layout.sourceWidth else { return text }
        return glyphs.ellipsis + text.suffix(max(0, layout.sourceWidth - glyphs.ellipsis.count))
    }

    private func note(_ message: Trace.Message) -> String {
        let arrow =
            switch message.direction {
            case .sent, .exchanged: glyphs.sends
            case .received: glyphs.receives
            case .copied: glyphs.copies
            }
        return printable("\(arrow) \(message.channel): \(message.text)", keeping: arrow)
    }

    /// The arrow is the drawing's own, so it stays as it is.
    private func printable(_ text: String, keeping arrow: String) -> String {
        arrow + printable(String(text.dropFirst(arrow.count)))
    }

    private func newLine(_ input: Input) -> TextLine {
        var result = TextLine()
        guard layout.usesLanes else { return result }
        let state = input.after ?? input.before
        for lane in layout.lanes.indices
        where layout.isAlive(lane, in: input.before) || layout.isAlive(lane, in: state) {
            result.put(glyphs.bar, at: layout.starts[lane], .faint)
        }
        return result
    }

    private func putProcess(_ action: Trace.Action, in line: inout TextLine) {
        if !layout.usesLanes { line.put(printable(action.actor), at: layout.left, .process) }
    }

    /// A line with text at a column, and nothing of the bars under it.
    private func line(_ input: Input, _ text: String, at column: Int, _ style: TextLine.Style = .plain) -> TextLine {
        var result = newLine(input)
        if column > layout.left, result[column - 1] != " " { result.put(" ", at: column - 1) }
        result.put(text, at: column, style)
        if result[column + text.count] != " " { result.put(" ", at: column + text.count) }
        return result
    }

    /// Keeps text and the bar behind it apart.
    private func separate(_ line: inout TextLine, after column: Int) {
        if line[column] == glyphs.bar { line.put(" ", at: column) }
    }

    // MARK: Rendezvous

    /// The receiving half of a rendezvous: an arrow from the sender's lane to the receiver's, and what it does there.
    private func exchange(_ input: Input, _ partner: Trace.Action, senderStart: Int, _ lane: Int?) -> [TextLine] {
        let statement = printable(partner.text)
        let message = input.step.messages.first { $0.direction == .exchanged }
        // Both halves name the channel, so the label can do without it where there is little room.
        let labels = message.map { [printable("\($0.text) on \($0.channel)"), printable($0.text)] } ?? [""]
        let label = labels[0]
        var arrow = newLine(input)
        arrow.put(source(partner), at: layout.sourceStart, .faint)
        guard layout.usesLanes, let lane, let target = layout.index(of: partner), target != lane else {
            putProcess(partner, in: &arrow)
            let start = layout.usesLanes ? senderStart : layout.end
            let text = "\(statement)  \(glyphs.receives) \(label)"
            arrow.put(String(text.prefix(max(8, options.columns - start))), at: start)
            return [arrow]
        }
        let targetStart = layout.starts[target]
        if targetStart > senderStart {
            drawArrow(from: senderStart, to: targetStart - 1, labels, in: &arrow)
            var parts = wrapped(statement, width: options.columns - targetStart)
            arrow.put(parts.removeFirst(), at: targetStart)
            return [arrow] + parts.map { line(input, $0, at: targetStart) }
        }
        // The statement stands at the end of the arrow if both fit between the lanes, and below it if not.
        if statement.count + 2 + label.count + 6 <= senderStart - targetStart {
            arrow.put(statement + " ", at: targetStart)
            drawArrow(from: senderStart, to: targetStart + statement.count + 1, labels, in: &arrow)
            return [arrow]
        }
        drawArrow(from: senderStart, to: targetStart + 1, labels, in: &arrow)
        return [arrow]
            + wrapped(statement, width: options.columns - targetStart).map { line(input, $0, at: targetStart) }
    }

    /// An arrow from the bar at `from` to a point at `to`, with the first label that fits on it, or the last one cut.
    private func drawArrow(from: Int, to: Int, _ labels: [String], in line: inout TextLine) {
        let goesRight = to > from
        let inside = goesRight ? (from + 1)..<to : (to + 1)..<from
        line.put(goesRight ? glyphs.rightCorner : glyphs.leftCorner, at: from, .process)
        for column in inside {
            line.put(line[column] == glyphs.bar ? glyphs.crossing : glyphs.line, at: column, .process)
        }
        line.put(goesRight ? glyphs.rightArrow : glyphs.leftArrow, at: to, .process)
        let room = inside.count - 4
        guard room >= 1, let label = labels.first(where: { $0.count <= room }) ?? labels.last, !label.isEmpty else { return }
        let text =
            label.count <= room
            ? label : String(label.prefix(max(0, room - glyphs.ellipsis.count))) + glyphs.ellipsis
        guard text.count <= room else { return }
        line.put(" \(text) ", at: inside.lowerBound + (inside.count - text.count - 2) / 2, .process)
    }

    // MARK: Changes

    private func addChanges(_ input: Input, start: Int, to lines: inout [TextLine]) {
        guard let after = input.after, !lines.isEmpty else { return }
        let items = StateChanges.between(input.before, after).compactMap { text($0, input) }
        guard !items.isEmpty else { return }
        let joined = items.joined(separator: ",  ")
        let last = lines.count - 1
        let column = max(layout.end, lines[last].width + 3)
        if layout.usesLanes, column + joined.count <= options.columns {
            lines[last].put(joined, at: column, .change)
            return
        }
        if !layout.usesLanes, lines[last].width + 4 + joined.count <= options.columns {
            lines[last].put(joined, at: lines[last].width + 4, .change)
            return
        }
        // Below, as far to the right as its lane is, or further left if it needs the room.
        let longest = min(items.map(\.count).max() ?? 0, options.columns - layout.left - 4)
        let place = max(layout.left + 2, min(start + 2, options.columns - longest - 1))
        for text in TextWrapping.lines(items: items, width: options.columns - place) {
            lines.append(line(input, text, at: place, .change))
        }
    }

    private func text(_ change: StateChange, _ input: Input) -> String? {
        var prefix = ""
        let actors = [input.step.action.pid] + (input.step.partner.map { [$0.pid] } ?? [])
        if let owner = change.owner, owner != actors[0] || actors.count > 1,
            let lane = layout.lanes.first(where: { lane in
                lane.pid == owner && input.before.processes.contains { $0.pid == owner && $0.name == lane.name }
            })
        {
            prefix = lane.displayName + "."
        }
        switch change.kind {
        case .value(let name, let old, let new):
            return printable("\(prefix)\(name): \(old) ") + glyphs.becomes + printable(" \(new)")
        case .channel(let name, let new):
            // The messages of the step say so already.
            let isSaid = input.step.messages.contains { message in
                message.channel == name || message.channel.hasSuffix("." + name)
            }
            return isSaid ? nil : printable("\(prefix)\(name): \(new)")
        case .started(let name): return "starts \(printable(name))"
        case .ended: return nil
        }
    }

    // MARK: Atomic sequences

    private func mark(_ lines: inout [TextLine], _ input: Input) {
        for index in lines.indices {
            let isFirst = index == 0 && !input.continuesGroup
            let isLast = index == lines.count - 1 && !input.opensGroup
            let glyph = isFirst ? glyphs.groupStart : isLast ? glyphs.groupEnd : glyphs.groupMiddle
            lines[index].put(glyph, at: groupColumn, .faint)
        }
    }
}
