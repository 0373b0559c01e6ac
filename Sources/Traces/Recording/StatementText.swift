import Automata
import Promela

/// The text that stands for a transition: as the author wrote it where that can be told, spelled out from its meaning where
/// macros took part.
struct StatementText {
    let program: Program
    let proctype: Int

    private var expressions: ExpressionText { ExpressionText(program: program, proctype: proctype) }

    func text(of transition: System.Transition, in automaton: ControlFlowAutomaton) -> String {
        if case .end = transition.action { return Self.end }
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

    /// What stands for the closing brace.
    static let end = "-end-"

    func text(of statement: Statement) -> String {
        let write = expressions
        switch statement.kind {
        case .condition(let expression):
            if case .constant(1) = expression.kind { return "skip" }
            return write.text(expression)
        case .otherwise: return "else"
        case .assign(let place, let value): return "\(write.text(place)) = \(write.text(value))"
        case .send(let channel, let arguments, let isSorted):
            return "\(write.text(channel))\(isSorted ? "!!" : "!")\(write.list(arguments))"
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let list = write.list(arguments)
            return "\(write.text(channel))\(isRandom ? "??" : "?")\(keepsMessage ? "<\(list)>" : list)"
        case .assert(let expression): return "assert(\(write.text(expression)))"
        case .print(let format, let arguments):
            return "printf(\(([#""\#(format)""#] + arguments.map(write.text)).joined(separator: ", ")))"
        case .printName(let expression): return "printm(\(write.text(expression)))"
        case .select(let place, let from, let through):
            return "select (\(write.text(place)) : \(write.text(from)) .. \(write.text(through)))"
        case .selection: return "if … fi"
        case .repetition: return "do … od"
        case .goto(let label): return "goto \(program.proctypes[proctype].labels[label].name)"
        case .break: return "break"
        case .unless(let normal, let escape): return "\(text(of: normal)) unless \(text(of: escape))"
        case .atomic(let block): return "atomic \(text(of: block))"
        case .deterministicStep(let block): return "d_step \(text(of: block))"
        case .sequence(let block): return text(of: block)
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

/// Source text, if it is the whole of what was meant.
enum WrittenText {
    /// The text of a span, on one line; nil if a macro or inline takes part in a way that the span does not cover.
    static func text(of span: Span, in sources: SourceMap) -> String? {
        guard span.expansion == .none else { return nil }
        let bytes = sources[span.file].bytes
        // A span that ends inside of a macro's call ends too early; then something goes on behind it.
        var next = Int(span.end)
        while next < bytes.count, isBlank(bytes[next]) { next += 1 }
        if next < bytes.count {
            let following = bytes[next]
            let isArrow =
                following == UInt8(ascii: "-") && next + 1 < bytes.count && bytes[next + 1] == UInt8(ascii: ">")
            let isComment =
                following == UInt8(ascii: "/") && next + 1 < bytes.count
                && (bytes[next + 1] == UInt8(ascii: "*") || bytes[next + 1] == UInt8(ascii: "/"))
            let isEnd = [UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: ":")].contains(following)
            let isBraced = next > 0 && Int(span.end) > 0 && bytes[Int(span.end) - 1] == UInt8(ascii: "}")
            let isClosed = ["fi", "od"].contains { keyword in bytes[next...].starts(with: keyword.utf8) }
            guard isArrow || isComment || isEnd || isBraced || isClosed else { return nil }
        }
        let result = normalized(sources.text(of: span))
        return result.isEmpty || !isBalanced(result) ? nil : result
    }

    /// Where people look for a span: the call of a macro, but the body of an inline.
    static func location(of span: Span, in sources: SourceMap) -> SourceLocation {
        var current = span
        while let expansion = sources[current.expansion], expansion.kind == .macro { current = expansion.callSite }
        return sources.location(of: current)
    }

    /// Comments out, runs of white space to one blank.
    static func normalized(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        var isInString = false
        while let character = rest.first {
            if isInString {
                if character == "\\" {
                    result += rest.prefix(2)
                    rest = rest.dropFirst(2)
                    continue
                }
                if character == "\"" { isInString = false }
            } else if rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
                rest = rest.dropFirst(2)
                if !result.hasSuffix(" ") { result += " " }
                continue
            } else if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
                continue
            } else if character.isWhitespace {
                if !result.hasSuffix(" ") { result += " " }
                rest = rest.dropFirst()
                continue
            } else if character == "\\", rest.dropFirst().first?.isNewline == true {
                rest = rest.dropFirst()
                continue
            } else if character == "\"" {
                isInString = true
            }
            result.append(character)
            rest = rest.dropFirst()
        }
        var trimmed = Substring(result)
        while trimmed.first == " " { trimmed = trimmed.dropFirst() }
        while trimmed.last == " " { trimmed = trimmed.dropLast() }
        return String(trimmed)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func isBalanced(_ text: String) -> Bool {
        var depth = 0
        for character in text {
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            if depth < 0 { return false }
        }
        return depth == 0
    }
}
