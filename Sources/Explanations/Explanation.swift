import Promela

/// What one of Heddle's words means: a diagnostic code, a property or a verdict.
public struct Explanation: Sendable {
    /// The word, as Heddle prints it.
    public var name: String
    /// The diagnostic that the word is the code of, if it is one.
    public var code: DiagnosticCode?
    /// One line.
    public var summary: String
    /// What it means, and what to do about it; paragraphs are separated by empty lines.
    public var text: String
    /// A small model that shows it.
    public var example: Example?
    /// The same model without it.
    public var mended: Example?

    /// A model with the files that it includes.
    public struct Example: Sendable, ExpressibleByStringLiteral {
        public var text: String
        /// The files that it includes, by name; the model itself is `model.pml`.
        public var files: [String: String]
        /// What a person is shown instead of a text that is long because it has to be.
        public var abridged: String?

        public init(_ text: String, files: [String: String] = [:], abridged: String? = nil) {
            self.text = text
            self.files = files
            self.abridged = abridged
        }

        public init(stringLiteral value: String) { self.init(value) }
    }
}

extension Explanation {
    /// A diagnostic; the example yields its code and no other, the mended model yields none.
    init(_ code: DiagnosticCode, _ summary: String, _ text: String, example: Example, mended: Example) {
        self.init(
            name: code.rawValue, code: code, summary: summary, text: text, example: example, mended: mended)
    }

    /// A property or a verdict.
    init(_ name: String, _ summary: String, _ text: String, example: Example? = nil, mended: Example? = nil) {
        self.init(name: name, code: nil, summary: summary, text: text, example: example, mended: mended)
    }
}
