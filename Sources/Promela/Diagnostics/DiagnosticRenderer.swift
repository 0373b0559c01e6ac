/// Shows diagnostics as text, for a terminal or a file: what, where, the line with the place underlined, what to do.
public struct DiagnosticRenderer: Sendable {
    /// Expansions shown for one diagnostic.
    private static let mostExpansions = 6

    private let sources: SourceMap
    private let usesColor: Bool
    private let limit: Int

    /// - Parameters:
    ///   - usesColor: whether to write ANSI colours, as a terminal wants and a file does not.
    ///   - limit: how many errors, and how many warnings, are shown before the rest is only counted.
    public init(sources: SourceMap, usesColor: Bool = false, limit: Int = 20) {
        self.sources = sources
        self.usesColor = usesColor
        self.limit = limit
    }

    /// How many there are: `2 errors, 1 warning`; empty if there are none.
    public static func summary(of diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
        return parts.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
    }

    /// All of them in order, as many as the limit allows; ends with a line end unless empty.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        var shown: [Diagnostic.Severity: Int] = [:]
        var result = ""
        var omitted = 0
        for diagnostic in diagnostics {
            if shown[diagnostic.severity, default: 0] < limit {
                shown[diagnostic.severity, default: 0] += 1
                result += render(diagnostic)
            } else {
                omitted += 1
            }
        }
        if omitted > 0 { result += "... and \(omitted) more\n" }
        return result
    }

    /// One diagnostic with its hint, the expansions it came through, and its notes; ends with a line end.
    public func render(_ diagnostic: Diagnostic) -> String {
        let frames = sources.backtrace(of: diagnostic.span)
        let written = writtenFrame(of: frames)
        let style: Style = diagnostic.severity == .error ? .error : .warning
        var result = passage(
            at: frames[written], label: diagnostic.severity.rawValue, style: style,
            message: "\(diagnostic.message) [\(diagnostic.code.rawValue)]")
        result += hintLine(diagnostic.hint)

        // From the text itself outwards.
        let expansions = frames.dropLast()
        for frame in expansions.prefix(Self.mostExpansions) {
            if let note = expansionNote(frame, in: frames) { result += render(note) }
        }
        if expansions.count > Self.mostExpansions {
            result += "   ... \(expansions.count - Self.mostExpansions) more\n"
        }
        for note in diagnostic.notes {
            let frames = sources.backtrace(of: note.span)
            result += render(Diagnostic.Note(note.message, at: frames[writtenFrame(of: frames)]))
        }
        return result
    }

    /// An error in a text that is no model, so that it has no code to be explained by; ends with a line end.
    public func renderError(_ message: String, at span: Span, hint: String? = nil) -> String {
        passage(at: span, label: "error", style: .error, message: message) + hintLine(hint)
    }

    private func hintLine(_ hint: String?) -> String {
        hint.map { "   \(colored("hint:", .note)) \(SourceExcerpt.printable($0))\n" } ?? ""
    }

    // MARK: Expansions

    /// The frame to show first: the innermost that the author wrote as part of the outermost call.
    private func writtenFrame(of frames: [Span]) -> Int {
        frames.firstIndex { isWritten($0, in: frames) } ?? max(0, frames.count - 1)
    }

    /// Whether a frame lies where the author wrote the outermost call: in an argument, or as the call itself.
    private func isWritten(_ frame: Span, in frames: [Span]) -> Bool {
        frames.last.map { Self.covers($0, frame) } ?? false
    }

    private static func covers(_ outer: Span, _ inner: Span) -> Bool {
        inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
    }

    /// What the text of a frame was expanded from; nil for an argument of something whose definition is not known.
    private func expansionNote(_ frame: Span, in frames: [Span]) -> Diagnostic.Note? {
        guard let expansion = sources[frame.expansion] else { return nil }
        let name = "\(expansion.kind == .macro ? "macro" : "inline") `\(expansion.name)`"
        if isWritten(frame, in: frames) {
            // This place is shown already; what is of interest is whose argument it became.
            return expansion.definition.map { Diagnostic.Note("in an argument of \(name)", at: $0) }
        }
        let isArgument = Self.covers(expansion.callSite, frame)
        return Diagnostic.Note("in \(isArgument ? "an argument" : "the expansion") of \(name)", at: frame)
    }

    // MARK: Text

    private enum Style: String {
        case place = "1"
        case error = "1;31"
        case warning = "1;35"
        case note = "1;36"
        case caret = "1;32"
    }

    private func colored(_ text: String, _ style: Style) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func render(_ note: Diagnostic.Note) -> String {
        passage(at: note.span, label: "note", style: .note, message: note.message)
    }

    private func passage(at span: Span, label: String, style: Style, message: String) -> String {
        let location = sources.location(of: span)
        let place = "\(SourceExcerpt.printable(location.path)):\(location.line):\(location.column):"
        var result =
            "\(colored(place, .place)) \(colored("\(label):", style)) \(SourceExcerpt.printable(message))\n"
        guard let excerpt = SourceExcerpt(of: span, line: location.line, in: sources[span.file]) else { return result }
        let number = String(location.line)
        let margin = String(repeating: " ", count: max(0, 5 - number.count))
        result += excerpt.text.isEmpty ? "\(margin)\(number) |\n" : "\(margin)\(number) | \(excerpt.text)\n"
        let indent = String(repeating: " ", count: max(5, number.count))
        result += "\(indent) | \(String(repeating: " ", count: excerpt.caretColumn))"
        return result + colored("^" + String(repeating: "~", count: excerpt.caretWidth - 1), .caret) + "\n"
    }
}
