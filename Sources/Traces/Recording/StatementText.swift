import Automata
import Promela

/// The text that stands for a transition: as the author wrote it where that can be told, spelled out from its meaning where
/// macros took part.
struct StatementText {
    let program: Program
    let proctype: Int

    func text(of transition: System.Transition, in automaton: ControlFlowAutomaton) -> String {
        if case .end = transition.action { return Self.end }
        if case .statement(let statement) = transition.action { return written(statement) ?? text(of: statement) }
        if case .skip = transition.action, let keyword = closingKeyword(of: transition) { return keyword }
        if let written = WrittenText.text(of: transition.span, in: program.sources) { return written }
        switch transition.action {
        case .statement(let statement): return text(of: statement)
        case .otherwise: return "else"
        case .skip:
            let spelled = WrittenText.normalized(program.sources.text(of: transition.span))
            return spelled.hasPrefix("goto") || spelled == "break" ? spelled : "skip"
        case .deterministicStep(let index): return text(of: automaton.deterministicSteps[index])
        case .end: return Self.end
        }
    }

    /// Where the statement of a transition stands.
    func location(of transition: System.Transition) -> SourceLocation {
        var span = transition.span
        if case .skip = transition.action, span.expansion == .none, let keyword = closingKeyword(of: transition) {
            span.start = max(span.start, span.end - Int32(keyword.utf8.count))
        }
        return WrittenText.location(of: span, in: program.sources)
    }

    /// The end of a choice or a loop can be a step of its own, whose span is all of it: what is done is to leave it.
    private func closingKeyword(of transition: System.Transition) -> String? {
        let text = program.sources.text(of: transition.span)
        for (opening, closing) in [("if", "fi"), ("do", "od"), ("for", "}"), ("{", "}"), ("unless", "}")] {
            guard text.hasPrefix(opening), text.count > opening.count else { continue }
            let next = text.dropFirst(opening.count).first
            if opening == "{" || next?.isWhitespace == true || next == ":" || next == "(" || next == "{" { return closing }
        }
        return nil
    }

    /// What stands for the closing brace.
    static let end = "-end-"

    /// The statement as the author wrote it, with the calls of macros as calls; nil if that cannot be told.
    func written(_ statement: Statement) -> String? {
        let parts = [statement.span] + statement.decidingExpressions.flatMap(\.spans)
        return WrittenText.text(covering: parts, in: program.sources)
    }

    /// Spelled out from what the statement means.
    func text(of statement: Statement) -> String {
        switch statement.kind {
        case .condition(let expression):
            // Without the parentheses of a canonical condition: a step of a trace stands alone.
            if case .constant(1) = expression.kind { return "skip" }
            return program.description(of: expression, in: program.proctypes[proctype])
        case .selection: return "if … fi"
        case .repetition: return "do … od"
        case .unless(let normal, let escape): return "\(text(of: normal)) unless \(text(of: escape))"
        case .atomic(let block): return "atomic \(text(of: block))"
        case .deterministicStep(let block): return "d_step \(text(of: block))"
        case .sequence(let block): return text(of: block)
        default: return program.description(of: statement, in: program.proctypes[proctype])
        }
    }

    private func text(of block: Block) -> String {
        "{ " + block.statements.map(text).joined(separator: "; ") + " }"
    }

    private func text(of step: DeterministicStep) -> String {
        let statements = step.nodes.compactMap { node -> String? in
            if case .statement(let statement, _) = node { return text(of: statement) }
            return nil
        }
        return "d_step { " + statements.joined(separator: "; ") + " }"
    }
}
