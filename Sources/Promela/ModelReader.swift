/// How a model is read.
public struct ReadOptions: Hashable, Sendable {
    /// What the command line says about macros and included files.
    public var preprocessor: PreprocessorOptions
    /// Whether `select` becomes the choices that Spin makes of it, for comparing numbers of states, rather than one step.
    public var expandsSelect: Bool
    /// Formulas to be checked besides those of the model, written as inside `ltl { ... }`; they may use the model's macros,
    /// and become its last formulas, without names.
    public var formulas: [String]

    public init(
        preprocessor: PreprocessorOptions = PreprocessorOptions(), expandsSelect: Bool = false, formulas: [String] = []
    ) {
        self.preprocessor = preprocessor
        self.expandsSelect = expandsSelect
        self.formulas = formulas
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
        read(try SourceReader.bytes(ofFileAt: path, allowsPipes: true), path, options)
    }

    /// Reads a model in memory; files that it includes are looked for relative to `path`.
    public static func read(
        text: String, path: String = "<text>", options: ReadOptions = ReadOptions()
    ) -> ReadResult {
        read(Array(text.utf8), path, options)
    }

    /// Reads a model in memory that need not be valid UTF-8; files that it includes are looked for relative to `path`.
    public static func read(
        bytes: [UInt8], path: String = "<text>", options: ReadOptions = ReadOptions()
    ) -> ReadResult {
        read(bytes, path, options)
    }

    private static func read(_ bytes: [UInt8], _ path: String, _ options: ReadOptions) -> ReadResult {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        // Behind the model's own text, so that its macros hold, and diagnostics have text to show.
        let formulas = options.formulas.map { "\nltl { \($0) }\n" }.joined()
        let tokens = Preprocessor.tokens(
            of: SourceFile(path: path, bytes: bytes + Array(formulas.utf8)), options: options.preprocessor, sources: &sources,
            diagnostics: &diagnostics)
        guard !diagnostics.contains(where: { $0.severity == .error && DiagnosticCode.losingText.contains($0.code) }) else {
            return ReadResult(program: nil, diagnostics: diagnostics.inTextOrder(sources), sources: sources)
        }
        return read(tokens, sources, diagnostics, options)
    }

    /// Reads tokens, whoever made them.
    static func read(
        _ tokens: [Token], _ sources: SourceMap, _ earlier: [Diagnostic], _ options: ReadOptions
    ) -> ReadResult {
        let parser = Parser(tokens: tokens, sources: sources)
        let model = parser.parseModel()
        let checker = Checker(
            model: model, sources: parser.sources, lostNames: parser.lostNames, options: options)
        checker.run()
        var seen: Set<Diagnostic> = []
        let diagnostics = (earlier + parser.diagnostics + checker.diagnostics).filter { seen.insert($0).inserted }
            .inTextOrder(parser.sources)
        let hasError = diagnostics.contains { $0.severity == .error }
        return ReadResult(program: hasError ? nil : checker.program, diagnostics: diagnostics, sources: parser.sources)
    }
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
