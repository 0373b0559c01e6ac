import Exploration
import Promela

/// A model that has something in it that an engine does not know the exact meaning of.
public struct UnsupportedModel: Error, Sendable {
    /// What it is, and where.
    public var diagnostic: Diagnostic

    /// For the engines that give Z3 whole states.
    init(_ what: String, at span: Span, hint: String? = nil) {
        self.init("\(what) is not supported by the bounded and the horn engine", span, hint)
    }

    /// For the symbolic engine: something that would need a term to be a number.
    init(needingNumber reason: String, at span: Span) { self.init(reason, span, nil) }

    /// For the symbolic engine: a property that it does not check.
    init(_ property: Property, of program: Program) {
        var span = program.proctypes.first?.span ?? Span(file: FileID(0), start: 0, end: 0)
        if case .claim(.formula(let index)) = property { span = program.formulas[index].rootSpan }
        self.init(
            "`\(property.name(in: program))` is not checked by the symbolic engine: of formulas, it checks `[] p`", span, nil)
    }

    private init(_ message: String, _ span: Span, _ hint: String?) {
        diagnostic = Diagnostic(.error, .notSupported, message, at: span, hint: hint ?? "use the explicit engine")
    }
}
