import ArgumentParser
import Automata
import Foundation
import Promela

/// Which model to read, and how; shared by the commands that read one.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The model, in Promela.", completion: .file(extensions: ["pml", "promela", "prom"]))
    var model: String

    @Option(
        name: [.customShort("D"), .long], parsing: .singleValue,
        help: ArgumentHelp("Define a macro, as #define does.", valueName: "name[=value]"))
    var define: [String] = []

    @Option(
        name: [.customShort("U"), .long], parsing: .singleValue,
        help: ArgumentHelp("Take back a definition.", valueName: "name"))
    var undefine: [String] = []

    @Option(
        name: [.customShort("I"), .long], parsing: .singleValue,
        help: ArgumentHelp("A folder to look for included files in.", valueName: "dir"), completion: .directory)
    var include: [String] = []

    @Flag(help: "Expand select(x : lo .. hi) into the loop that Spin makes of it, rather than one step.")
    var spinSelect = false

    /// - Parameter formulas: formulas to be checked besides those of the model.
    func readOptions(formulas: [String] = []) -> ReadOptions {
        ReadOptions(
            preprocessor: PreprocessorOptions(
                defines: define, undefines: undefine, includeDirectories: include),
            expandsSelect: spinSelect, formulas: formulas)
    }

    /// Reads the model and builds its system. Diagnostics go to standard error.
    /// - Parameter isTraced: whether the trace assertion, if there is one, moves with the model.
    /// - Throws: `ExitStatus.wrongInput` if the model has errors.
    func load(
        formulas: [String] = [], showsWarnings: Bool = true, isTraced: (Program) throws -> Bool = { _ in false }
    ) throws -> System {
        try ModelLoader.load(model, readOptions(formulas: formulas), showsWarnings: showsWarnings, isTraced: isTraced)
    }
}

/// Reads models for all commands.
enum ModelLoader {
    static func load(
        _ path: String, _ options: ReadOptions, showsWarnings: Bool, isTraced: (Program) throws -> Bool = { _ in false }
    ) throws -> System {
        let result: ReadResult
        do {
            result = try ModelReader.read(fileAt: path, options: options)
        } catch {
            throw UserError("\(error)")
        }
        let diagnostics = showsWarnings ? result.diagnostics : result.diagnostics.filter { $0.severity == .error }
        report(diagnostics, result.sources)
        guard let program = result.program else { throw ExitStatus.wrongInput }
        do {
            return try System(program, tracing: try isTraced(program) && !program.traceAssertions.isEmpty ? 0 : nil)
        } catch let error as SystemError {
            report([error.diagnostic], result.sources)
            throw ExitStatus.wrongInput
        }
    }

    static func report(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        guard !diagnostics.isEmpty else { return }
        let renderer = DiagnosticRenderer(sources: sources, usesColor: StandardError.isTerminal)
        StandardError.write(renderer.render(diagnostics))
    }
}
