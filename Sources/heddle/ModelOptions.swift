import ArgumentParser
import Automata
import Exploration
import Foundation
import Promela
import Suites
import Terminal
import Traces

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
    /// - Throws: `ExitStatus.wrongInput` if the model has errors.
    func load() throws -> System {
        try ModelLoader.load(showsWarnings: true) { () throws(ModelError) in
            try LoadedModel(ModelReference(path: model, options: readOptions()))
        }
    }
}

/// Reads models for all commands.
enum ModelLoader {
    /// Shows the diagnostics that reading a model comes with.
    static func load(showsWarnings: Bool, _ read: () throws(ModelError) -> LoadedModel) throws -> System {
        let loaded = try reporting(showsWarnings: showsWarnings, read)
        if showsWarnings { report(loaded.diagnostics, loaded.system.program.sources) }
        return loaded.system
    }

    /// Says what keeps a model from being checked, in the way of the command line.
    static func reporting<Result>(showsWarnings: Bool = true, _ work: () throws(ModelError) -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            throw exit(for: error, showsWarnings: showsWarnings)
        }
    }

    private static func exit(for error: ModelError, showsWarnings: Bool) -> any Error {
        switch error {
        case .unreadable(let reason): return UserError(reason)
        case .wrong(let diagnostics, let sources):
            report(showsWarnings ? diagnostics : diagnostics.filter { $0.severity == .error }, sources)
            return ExitStatus.wrongInput
        case .unknownProperty(let unknown):
            let names = unknown.known.map { "`\($0)`" }.joined(separator: ", ")
            return UserError("there is no property `\(unknown.name)`", hint: "there are \(names)")
        case .outOfAddressSpace(let bytes):
            return UserError("\(ByteCount.text(bytes)) of memory cannot be reserved", hint: "give less with --memory")
        case .unsupported(let error, let sources):
            report([error.diagnostic], sources)
            return ExitStatus.wrongInput
        case .unsound(let fault):
            StandardError.write("heddle: \(fault)\n")
            return ExitStatus.internalFault
        }
    }

    static func report(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        guard !diagnostics.isEmpty else { return }
        let renderer = DiagnosticRenderer(sources: sources, usesColor: StandardError.isTerminal)
        StandardError.write(renderer.render(diagnostics))
    }

    /// Shows the values that were cut to size.
    static func report(_ truncations: [Truncation], _ system: System) {
        let diagnostics = truncations.map { truncation in
            Diagnostic(
                .warning, .valueRange,
                "`\(truncation.name)` (\(truncation.typeName)) cannot hold \(truncation.value): it becomes \(truncation.stored)",
                at: truncation.span,
                hint: truncation.count > 1 ? "this happens in \(NumberText.grouped(truncation.count)) steps; Spin does the same, silently" : "Spin does the same, silently")
        }
        report(diagnostics, system.program.sources)
    }
}
