/// How a model is read.
public struct ReadOptions: Hashable, Sendable {
    /// What the command line says about macros and included files.
    public var preprocessor: PreprocessorOptions
    /// Whether `select` becomes the choices that Spin makes of it, for comparing numbers of states, rather than one step.
    public var expandsSelect: Bool

    public init(preprocessor: PreprocessorOptions = PreprocessorOptions(), expandsSelect: Bool = false) {
        self.preprocessor = preprocessor
        self.expandsSelect = expandsSelect
    }
}

/// What came of reading a model.
public struct ReadResult: Sendable {
    /// The model; nil if and only if `diagnostics` contains an error.
    public var program: Program?
    /// What is wrong, or suspicious, in the order of the text.
    public var diagnostics: [Diagnostic]
    /// The files that were read, for showing the diagnostics.
    public var sources: SourceMap

    public init(program: Program?, diagnostics: [Diagnostic], sources: SourceMap) {
        self.program = program
        self.diagnostics = diagnostics
        self.sources = sources
    }
}

/// Reads models: from text to a program in which every name is resolved.
public enum ModelReader {
    /// Reads the model in a file.
    /// - Throws: when that file cannot be read; everything else becomes a diagnostic.
    public static func read(
        fileAt path: String, options: ReadOptions = ReadOptions()
    ) throws(SourceReadError) -> ReadResult {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let tokens = try Preprocessor.tokens(
            ofFileAt: path, options: options.preprocessor, sources: &sources, diagnostics: &diagnostics)
        return read(tokens, sources, diagnostics, options)
    }

    /// Reads a model in memory; files that it includes are looked for relative to `path`.
    public static func read(
        text: String, path: String = "<text>", options: ReadOptions = ReadOptions()
    ) -> ReadResult {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let tokens = Preprocessor.tokens(
            of: SourceFile(path: path, bytes: Array(text.utf8)), options: options.preprocessor, sources: &sources,
            diagnostics: &diagnostics)
        return read(tokens, sources, diagnostics, options)
    }

    /// Reads tokens, whoever made them.
    static func read(
        _ tokens: [Token], _ sources: SourceMap, _ earlier: [Diagnostic], _ options: ReadOptions
    ) -> ReadResult {
        let parser = Parser(tokens: tokens, sources: sources)
        let model = parser.parseModel()
        let checker = Checker(model: model, sources: parser.sources, options: options)
        checker.run()
        let found = checker.diagnostics.filter {
            if parser.lostNames, Self.consequencesOfLostNames.contains($0.code) { return false }
            if parser.lostLabels, $0.code == .unknownLabel { return false }
            return true
        }
        var seen: Set<Diagnostic> = []
        let diagnostics = (earlier + parser.diagnostics + found).filter { seen.insert($0).inserted }
            .inTextOrder(parser.sources)
        let hasError = diagnostics.contains { $0.severity == .error }
        return ReadResult(program: hasError ? nil : checker.program, diagnostics: diagnostics, sources: parser.sources)
    }

    /// Faults that may only be the consequence of declarations that could not be parsed.
    private static let consequencesOfLostNames: Set<DiagnosticCode> = [
        .undeclaredName, .unknownType, .unknownProctype, .unknownField, .unknownMessageTypeSet, .noProcesses,
    ]
}

extension [Diagnostic] {
    /// Sorted by where they are: by the outermost call, for those inside macros and inlines.
    fileprivate func inTextOrder(_ sources: SourceMap) -> [Diagnostic] {
        let keyed = enumerated().map { number, diagnostic -> (key: (Int32, Int32, Int), value: Diagnostic) in
            var span = diagnostic.span
            while let expansion = sources[span.expansion] { span = expansion.callSite }
            return ((span.file.index, span.start, number), diagnostic)
        }
        return keyed.sorted { $0.key < $1.key }.map(\.value)
    }
}
