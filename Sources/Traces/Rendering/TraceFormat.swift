/// The forms in which a trace can be written out.
public enum TraceFormat: String, CaseIterable, Hashable, Sendable {
    /// For a person, in a terminal or a log.
    case text
    /// A sequence diagram, for documents.
    case mermaid
    /// For replaying, and for other tools: JSON in the Informal Trace Format.
    case itf

    /// The trace in this form, with a final newline.
    /// - Parameter options: for `text` only.
    public func render(_ trace: Trace, options: TextOptions = TextOptions()) -> String {
        switch self {
        case .text: TextRenderer(options: options).render(trace)
        case .mermaid: MermaidRenderer().render(trace)
        case .itf: ITFEncoder.text(trace)
        }
    }
}
