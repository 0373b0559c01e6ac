/// Draws a trace for a terminal or a log: a lane for each process, time going down, and only what changes.
public struct TextRenderer {
    private let options: TextOptions
    private var glyphs: TextGlyphs { options.isASCII ? .ascii : .unicode }

    public init(options: TextOptions = TextOptions()) { self.options = options }

    /// The whole drawing, with a final newline.
    public func render(_ trace: Trace) -> String {
        let layout = LaneLayout(trace, columns: options.columns)
        var lines = header(trace)
        if !trace.story.isEmpty { lines += story(trace, indentation: 0) + [TextLine()] }
        lines += initialState(trace)
        lines.append(TextLine())
        if layout.usesLanes, !trace.steps.isEmpty || trace.violation.failedStep != nil {
            lines.append(names(layout))
        }
        lines += steps(trace, layout)
        lines.append(TextLine())
        lines += ending(trace)
        for index in lines.indices { lines[index].clip(to: options.columns, glyphs.ellipsis) }
        return lines.map { $0.text(usesColor: options.usesColor) + "\n" }.joined()
    }

    /// The story alone, in lines that are indented so far; nothing if there is none.
    public func story(of trace: Trace, indentation: Int) -> String {
        story(trace, indentation: indentation).map { $0.text(usesColor: options.usesColor) + "\n" }.joined()
    }

    private func story(_ trace: Trace, indentation: Int) -> [TextLine] {
        paragraph(trace.story.joined(separator: " "), indentation: indentation)
    }

    private func printable(_ text: String) -> String { TextWrapping.printable(text, isASCII: options.isASCII) }

    private func line(_ text: String, indentation: Int = 0, _ style: TextLine.Style = .plain) -> TextLine {
        var result = TextLine()
        result.put(text, at: indentation, style)
        return result
    }

    private func paragraph(_ text: String, indentation: Int, _ style: TextLine.Style = .plain) -> [TextLine] {
        TextWrapping.lines(printable(text), width: options.columns - indentation)
            .map { line($0, indentation: indentation, style) }
    }

    // MARK: Above the steps

    private func header(_ trace: Trace) -> [TextLine] {
        let violation = trace.violation
        var result = paragraph(PropertyMeaning.title(of: violation), indentation: 0, .failure)
        // Of a claim the title says it all, and below the steps it is said what happened.
        if !violation.cause.isOfClaim { result += paragraph(violation.message, indentation: 2) }
        let model = trace.model.defines.map { " -D\($0)" } + trace.model.undefines.map { " -U\($0)" }
        let way = CycleDrawing.length(of: trace)
        var place = violation.location?.text ?? trace.model.path
        if violation.location != nil, violation.location?.path != trace.model.path { place += " of \(trace.model.path)" }
        result += paragraph("\(way), at \(place)\(model.joined())", indentation: 2, .faint)
        result.append(TextLine())
        return result
    }

    private func initialState(_ trace: Trace) -> [TextLine] {
        guard let state = trace.states.first else { return [] }
        let longest = 40
        var items = state.globals.flatMap { $0.leaves(longest: longest) }.map { "\($0.name) = \($0.value)" }
        for process in state.processes {
            items += process.locals.flatMap { $0.leaves(longest: longest) }
                .map { "\(process.displayName).\($0.name) = \($0.value)" }
        }
        let hasVariables = !state.globals.isEmpty || state.processes.contains { !$0.locals.isEmpty }
        guard hasVariables else { return [line("Initially:  no variables")] }
        if items.isEmpty { return [line("Initially:  everything is 0, false or empty")] }
        let fields = state.globals + state.processes.flatMap(\.locals)
        if fields.contains(where: { $0.omitsLeaves(longest: longest) }) { items.append("everything else 0, false or empty") }
        let lines = TextWrapping.lines(items: items.map(printable), width: options.columns - 12)
        return lines.enumerated().map { index, text in
            var result = line(text, indentation: 12)
            if index == 0 { result.put("Initially:", at: 0) }
            return result
        }
    }

    private func names(_ layout: LaneLayout) -> TextLine {
        var result = TextLine()
        for (lane, start) in zip(layout.lanes, layout.starts) {
            result.put(printable(lane.displayName), at: start, .process)
        }
        return result
    }

    // MARK: The steps

    private func steps(_ trace: Trace, _ layout: LaneLayout) -> [TextLine] {
        let cycle = CycleDrawing(trace: trace, glyphs: glyphs)
        let drawing = StepDrawing(layout: layout, glyphs: glyphs, options: options, groupColumn: cycle.groupColumn)
        var result: [TextLine] = []
        for (index, step) in trace.steps.enumerated() where index + 1 < trace.states.count {
            if cycle.hasCycle, trace.loopStart == index { result.append(cycle.opening) }
            let isFailure =
                index == trace.steps.count - 1 && trace.violation.failedStep == nil && trace.loopStart == nil
                && trace.violation.cause != .invalidEndState
            var lines = drawing.lines(
                .init(
                    number: index + 1, step: step, before: trace.states[index], after: trace.states[index + 1],
                    continuesGroup: isInside(trace, index), opensGroup: opens(trace, index), isFailure: isFailure))
            if cycle.contains(index) { cycle.mark(&lines) }
            result += lines
        }
        if let step = trace.violation.failedStep, let state = trace.states.last {
            result += drawing.lines(
                .init(
                    number: trace.steps.count + 1, step: step, before: state, after: nil,
                    continuesGroup: isInside(trace, trace.steps.count), opensGroup: false, isFailure: true))
        }
        if let closing = cycle.closing { result.append(closing) }
        return result
    }

    /// The process that takes a step, counting the one that fails.
    private func mover(_ trace: Trace, _ index: Int) -> Int? {
        if index < trace.steps.count { return trace.steps[index].action.pid }
        return trace.violation.failedStep?.action.pid
    }

    /// Whether the process that has control after step `index` takes the next step too.
    private func opens(_ trace: Trace, _ index: Int) -> Bool {
        guard trace.steps.indices.contains(index), trace.steps[index].keepsControl else { return false }
        let step = trace.steps[index]
        // After a rendezvous it is the receiver that goes on, if its receive is inside an atomic sequence.
        let holder = step.partner?.pid ?? step.action.pid
        return mover(trace, index + 1) == holder
    }

    private func isInside(_ trace: Trace, _ index: Int) -> Bool { opens(trace, index - 1) }

    // MARK: Below the steps

    private func ending(_ trace: Trace) -> [TextLine] {
        let violation = trace.violation
        if violation.cause == .invalidEndState { return waits(violation.waiting) }
        if violation.cause.isOfClaim { return explanation(violation) }
        var result: [TextLine] = []
        // Inside a d_step things may have changed since, so what is known is what held before it.
        let last = violation.failedStep ?? trace.steps.last
        let isInside = last?.action.text.hasPrefix("d_step") == true
        let subject = violation.subject ?? ""
        let time = violation.values.isEmpty ? "." : isInside ? "; before the d_step:" : ":"
        switch violation.cause {
        case .assertionFailed: result += paragraph("The condition \(subject) does not hold\(time)", indentation: 0, .failure)
        default: result += paragraph("It fails at \(subject)\(time)", indentation: 0, .failure)
        }
        let width = min(32, violation.values.map(\.name.count).max() ?? 0)
        for field in violation.values {
            let name = printable(field.name)
            result.append(
                line(
                    name + String(repeating: " ", count: max(0, width - name.count)) + " = "
                        + printable(field.value.description), indentation: 2))
        }
        return result
    }

    private func explanation(_ violation: Trace.Violation) -> [TextLine] {
        var result: [TextLine] = []
        for (index, text) in violation.explanation.enumerated() {
            result += paragraph(text + ".", indentation: 0, index == 0 ? .failure : .plain)
        }
        return violation.waiting.isEmpty ? result : result + [TextLine()] + waits(violation.waiting)
    }

    private func waits(_ waiting: [Trace.Wait]) -> [TextLine] {
        var result = [line("Nothing can move:", .failure)]
        let nameWidth = (waiting.map(\.actor.count).max() ?? 0) + 2
        let placeWidth = (waiting.map(\.location.shortText.count).max() ?? 0) + 2
        let indentation = 2 + nameWidth + placeWidth
        for wait in waiting {
            var isFirst = true
            for (index, reason) in wait.reasons.enumerated() {
                for text in paragraph((index > 0 ? "or " : "") + reason, indentation: indentation) {
                    var text = text
                    if isFirst {
                        text.put(printable(wait.actor), at: 2, .process)
                        text.put(printable(wait.location.shortText), at: 2 + nameWidth, .faint)
                    }
                    isFirst = false
                    result.append(text)
                }
            }
        }
        return result
    }
}
