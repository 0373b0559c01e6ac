import Promela

/// The text of a formula and of its parts, with macros as their author wrote them where that can be told.
struct FormulaText {
    let program: Program
    private let formula: Formula
    /// For each proposition and each of its tokens, the calls that it came through, outermost first, and where it is spelled.
    private let chains: [[[Span]]]

    init(_ formula: Formula, of program: Program) {
        self.program = program
        self.formula = formula
        chains = formula.root.propositions.map { expression in
            expression.spans.map { Self.chain(of: $0, in: program.sources) }
        }
    }

    private static func chain(of span: Span, in sources: SourceMap) -> [Span] {
        Array(sources.backtrace(of: span).reversed())
    }

    /// What stands between the braces.
    var whole: String {
        let text = WrittenText.normalized(program.sources.text(of: program.sources.spanOutsideMacros(formula.span)))
        guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else { return text }
        var inside = text[text.index(after: start)..<end]
        while let last = inside.last, last == ";" || last == " " { inside.removeLast() }
        while inside.first == " " { inside.removeFirst() }
        return String(inside)
    }

    /// A part of the formula.
    func text(of part: EvaluatedFormula) -> String {
        func inner(_ operand: EvaluatedFormula) -> String {
            let text = text(of: operand)
            return operand.operands.count > 1 || (operand.operands.isEmpty && text.contains(" ")) ? "(\(text))" : text
        }
        func binary(_ operation: String) -> String { part.operands.map(inner).joined(separator: " \(operation) ") }
        let first = part.operands.first.map(inner) ?? ""
        return switch part.node {
        case .proposition(let expression): text(of: expression, at: part.leaves.lowerBound)
        case .not: "!" + first
        case .always: "[] " + first
        case .eventually: "<> " + first
        case .next: "X " + first
        case .and: binary("&&")
        case .or: binary("||")
        case .implies: binary("->")
        case .equivalent: binary("<->")
        case .until: binary("U")
        case .weakUntil: binary("W")
        case .release: binary("V")
        }
    }

    /// An expression in a proposition: all of it, or its operand if it is a negation.
    func text(of expression: Expression, at leaf: Int) -> String {
        let spans = expression.spans.map { Self.chain(of: $0, in: program.sources) }
        let depth = spans.map(\.count).max() ?? 1
        for level in 0..<depth {
            guard let covering = covering(spans, level), isAlone(covering, leaf, level),
                !passesTemporalMacro(spans, level), let text = written(covering)
            else { continue }
            return text
        }
        return program.description(of: expression, in: nil)
    }

    /// The smallest span around tokens, each taken at one level of its calls.
    private func covering(_ chains: [[Span]], _ level: Int) -> Span? {
        var result: Span?
        for chain in chains {
            let span = chain[min(level, chain.count - 1)]
            guard var whole = result else {
                result = span
                continue
            }
            guard whole.file == span.file, whole.expansion == span.expansion else { return nil }
            whole.start = min(whole.start, span.start)
            whole.end = max(whole.end, span.end)
            result = whole
        }
        return result
    }

    /// Whether no other proposition lies in the same text: a macro may stand for several.
    private func isAlone(_ covering: Span, _ leaf: Int, _ level: Int) -> Bool {
        for (other, chains) in chains.enumerated() where other != leaf {
            for chain in chains {
                let span = chain[min(level, chain.count - 1)]
                if span.file == covering.file, span.expansion == covering.expansion, span.start < covering.end,
                    covering.start < span.end
                {
                    return false
                }
            }
        }
        return true
    }

    /// Whether a macro that is left unexpanded stands for more than an expression.
    private func passesTemporalMacro(_ chains: [[Span]], _ level: Int) -> Bool {
        for chain in chains {
            for span in chain.dropFirst(level + 1) {
                guard let expansion = program.sources[span.expansion], let definition = expansion.definition else { continue }
                let body = program.sources.text(of: definition)
                if ["[]", "<>", "always", "eventually", "until"].contains(where: body.contains) { return true }
            }
        }
        return false
    }

    /// The text of a span, widened to the parentheses that it would otherwise tear apart, and without those around all of it.
    private func written(_ span: Span) -> String? {
        let bytes = program.sources[span.file].bytes
        var (start, end) = (max(0, Int(span.start)), min(bytes.count, Int(span.end)))
        guard start < end else { return nil }
        var text = ""
        for _ in 0..<16 {
            text = WrittenText.normalized(String(decoding: bytes[start..<end], as: UTF8.self))
            if WrittenText.isBalanced(text) { break }
            let left = bytes[..<start].lastIndex { $0 > 32 }
            let right = bytes[end...].firstIndex { $0 > 32 }
            if text.count(where: { $0 == "(" }) < text.count(where: { $0 == ")" }), let left, bytes[left] == UInt8(ascii: "(") {
                start = left
            } else if let right, bytes[right] == UInt8(ascii: ")") {
                end = right + 1
            } else {
                return nil
            }
        }
        while text.hasPrefix("("), text.hasSuffix(")"), WrittenText.isBalanced(text.dropFirst().dropLast()) {
            text = WrittenText.normalized(String(text.dropFirst().dropLast()))
        }
        return text.isEmpty || !WrittenText.isBalanced(text) ? nil : text
    }
}
