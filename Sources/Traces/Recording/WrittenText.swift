import Promela

/// Source text, if it is the whole of what was meant.
package enum WrittenText {
    /// The text that all of these spans lie in, on one line, with the calls of macros in place of what they stand for; nil
    /// if there is no such text.
    static func text(covering spans: [Span], in sources: SourceMap) -> String? {
        guard var whole = spans.first.map({ sources.spanOutsideMacros($0) }) else { return nil }
        for span in spans.dropFirst() {
            let part = sources.spanOutsideMacros(span)
            guard part.file == whole.file, part.expansion == whole.expansion else { return nil }
            whole.start = min(whole.start, part.start)
            whole.end = max(whole.end, part.end)
        }
        return text(of: whole, in: sources)
    }

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
    package static func location(of span: Span, in sources: SourceMap) -> SourceLocation {
        sources.location(of: sources.spanOutsideMacros(span))
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

    /// Whether every bracket is closed, and none that was not opened.
    static func isBalanced(_ text: some StringProtocol) -> Bool {
        var depth = 0
        for character in text {
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            if depth < 0 { return false }
        }
        return depth == 0
    }
}
