/// Turns a file into the tokens that the parser reads: includes files, expands macros, chooses between `#if` branches.
///
/// It does for Promela what `cpp` does for Spin, except that every token knows where it was written and which macros it
/// came through. No input makes it fail, hang or exhaust memory: what is wrong or too much becomes a diagnostic.
public struct Preprocessor {
    /// The tokens of the model in a file; the last is `.end`.
    /// - Throws: when that file itself cannot be read. A missing included file is a diagnostic instead.
    public static func tokens(
        ofFileAt path: String, options: PreprocessorOptions, sources: inout SourceMap,
        diagnostics: inout [Diagnostic]
    ) throws(SourceReadError) -> [Token] {
        let bytes = try SourceReader.bytes(ofFileAt: path, allowsPipes: true)
        return tokens(
            of: SourceFile(path: path, bytes: bytes), options: options, sources: &sources, diagnostics: &diagnostics)
    }

    /// The tokens of a model in memory; files that it includes are still read, relative to `source.path`.
    public static func tokens(
        of source: SourceFile, options: PreprocessorOptions, sources: inout SourceMap,
        diagnostics: inout [Diagnostic]
    ) -> [Token] {
        var run = PreprocessingRun(options: options, sources: &sources, diagnostics: &diagnostics)
        run.applyOptions()
        let file = run.sources.add(source)
        run.process(file)
        var tokens = run.finish(sources: &sources, diagnostics: &diagnostics)
        tokens.append(Lexer.end(of: file, in: sources))
        return tokens
    }
}
