/// An `#if` that is open.
struct Conditional: Sendable {
    enum State: Sendable {
        /// The branch being read is the one to keep.
        case taken
        /// No branch has been kept yet.
        case undecided
        /// All further branches are skipped.
        case decided
    }

    var state: State
    /// `if`, `ifdef` or `ifndef`, and where it stands.
    var directive: String
    var span: Span
    var hasElse = false
}

extension PreprocessingRun {
    /// Does what a directive says that chooses what is read; false if it is none of these.
    mutating func conditionalDirective(_ name: Lexeme) -> Bool {
        switch name.text {
        case "if", "ifdef", "ifndef": open(name)
        case "elif": elseIf(name)
        case "else": otherwise(name)
        case "endif": close(name)
        default: return false
        }
        return true
    }

    private mutating func open(_ name: Lexeme) {
        guard let innermost = files.indices.last else { return }
        let state: Conditional.State
        if files[innermost].isSkipping {
            state = .decided
        } else if name.text == "if" {
            state = conditionHolds(of: name) ? .taken : .undecided
        } else if let operand = nameOperand(of: name) {
            state = isDefined(operand.text) == (name.text == "ifdef") ? .taken : .undecided
            expectEndOfLine(of: name)
        } else {
            state = .undecided
        }
        files[innermost].conditionals.append(Conditional(state: state, directive: name.text, span: name.span))
    }

    private mutating func elseIf(_ name: Lexeme) {
        guard let place = openConditional(for: name) else { return }
        guard !files[place.file].conditionals[place.index].hasElse else {
            return reportAfterElse(name, files[place.file].conditionals[place.index])
        }
        switch files[place.file].conditionals[place.index].state {
        case .taken, .decided:
            files[place.file].conditionals[place.index].state = .decided
        case .undecided:
            if conditionHolds(of: name) { files[place.file].conditionals[place.index].state = .taken }
        }
    }

    private mutating func otherwise(_ name: Lexeme) {
        guard let place = openConditional(for: name) else { return }
        let conditional = files[place.file].conditionals[place.index]
        guard !conditional.hasElse else { return reportAfterElse(name, conditional) }
        files[place.file].conditionals[place.index].hasElse = true
        files[place.file].conditionals[place.index].state = conditional.state == .undecided ? .taken : .decided
        if !isInSkippedText(place) { expectEndOfLine(of: name) }
    }

    private mutating func close(_ name: Lexeme) {
        guard let place = openConditional(for: name) else { return }
        let wasInSkippedText = isInSkippedText(place)
        files[place.file].conditionals.removeLast()
        if !wasInSkippedText { expectEndOfLine(of: name) }
    }

    /// Whether the whole conditional stands in text that is skipped, where nobody cares how it is written.
    private func isInSkippedText(_ place: (file: Int, index: Int)) -> Bool {
        place.index > 0 && files[place.file].conditionals[place.index - 1].state != .taken
    }

    private mutating func openConditional(for name: Lexeme) -> (file: Int, index: Int)? {
        guard let innermost = files.indices.last else { return nil }
        guard let index = files[innermost].conditionals.indices.last else {
            report(
                .error, .unbalancedConditional, "`#\(name.text)` without an `#if`", at: name.span,
                hint: "an `#if` must be closed in the file where it stands")
            return nil
        }
        return (innermost, index)
    }

    private mutating func reportAfterElse(_ name: Lexeme, _ conditional: Conditional) {
        report(
            .error, .unbalancedConditional, "`#\(name.text)` after the `#else`", at: name.span,
            notes: [Diagnostic.Note("the `#\(conditional.directive)` is here", at: conditional.span)])
    }

    private mutating func conditionHolds(of name: Lexeme) -> Bool {
        let line = restOfLine()
        isInCondition = true
        let condition = expanded(line, at: name.span)
        isInCondition = false
        guard !isStopped else { return false }
        var evaluator = ConditionEvaluator(lexemes: condition, place: name.span)
        do throws(ConditionEvaluator.Fault) {
            return try evaluator.evaluate()
        } catch {
            report(.error, error.code, error.message, at: error.span)
            return false
        }
    }
}
