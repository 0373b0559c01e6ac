/// Something to tell the author of a model: what is wrong, exactly where, and what to do about it.
public struct Diagnostic: Hashable, Sendable {
    /// An error keeps the model from being read; a warning does not.
    public enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    /// A further place that explains the main one ("declared here").
    public struct Note: Hashable, Sendable {
        public var message: String
        public var span: Span

        public init(_ message: String, at span: Span) {
            self.message = message
            self.span = span
        }
    }

    public var severity: Severity
    /// Stable name of the kind of fault, such as `undeclared-name`.
    public var code: DiagnosticCode
    /// What is wrong, in one sentence.
    public var message: String
    public var span: Span
    /// What the author can do, in one sentence.
    public var hint: String?
    /// Further places that explain this one.
    public var notes: [Note]

    public init(
        _ severity: Severity, _ code: DiagnosticCode, _ message: String, at span: Span, hint: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.notes = notes
    }
}
