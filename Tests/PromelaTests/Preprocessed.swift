import Promela

/// A model after preprocessing, as the tests look at it.
struct Preprocessed {
    var tokens: [Token]
    var diagnostics: [Diagnostic] = []
    var sources = SourceMap()

    init(
        _ text: String, path: String = "test.pml", defines: [String] = [], undefines: [String] = [],
        includeDirectories: [String] = []
    ) {
        self.init(
            bytes: Array(text.utf8), path: path,
            options: PreprocessorOptions(
                defines: defines, undefines: undefines, includeDirectories: includeDirectories))
    }

    init(bytes: [UInt8], path: String = "test.pml", options: PreprocessorOptions = PreprocessorOptions()) {
        tokens = Preprocessor.tokens(
            of: SourceFile(path: path, bytes: bytes), options: options, sources: &sources, diagnostics: &diagnostics)
    }

    /// Spellings of the tokens, with strings in their quotation marks; without the end.
    var spellings: [String] {
        tokens.filter { $0.kind != .end }.map { $0.kind == .string ? "\"\($0.text)\"" : $0.text }
    }

    var text: String { spellings.joined(separator: " ") }

    /// `line:column code` of each diagnostic.
    var faults: [String] {
        diagnostics.map { diagnostic in
            let location = sources.location(of: diagnostic.span)
            return "\(location.line):\(location.column) \(diagnostic.code.rawValue)"
        }
    }

    var codes: [String] { diagnostics.map(\.code.rawValue) }

    /// The spelled text and then each call outwards, of the first token with this text.
    func trail(of spelling: String) -> [String] {
        guard let token = tokens.first(where: { $0.text == spelling }) else { return [] }
        return sources.backtrace(of: token.span).map { span in
            let location = sources.location(of: span)
            return "\(location.line):\(location.column) \(sources.text(of: span))"
        }
    }
}
