import ArgumentParser
import Automata
import Foundation
import Promela
import Suites
import Terminal
import Traces

/// `heddle replay`
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay traces on their models, and see whether each still shows its violation.",
        discussion: """
            A trace names its model; the model is read again, as it is now. The path is taken relative to the current folder, \
            and if there is no such file, relative to the folders above the trace. A story that somebody has written into \
            the trace (`"story"`, a list of sentences, in `#meta.heddle`) is printed too.

            Exit codes: 0 every trace still shows its violation, 1 one does not (the output says at which step it stopped \
            fitting, and why), 2 wrong input.
            """)

    @Argument(help: "Traces in ITF JSON.", completion: .file(extensions: ["json"]))
    var traces: [String]

    @Flag(help: "Print the outcomes only, and no stories or notes.")
    var quiet = false

    func run() throws {
        let stories = TextRenderer(options: TextOptions(columns: StandardOutput.columns, usesColor: StandardOutput.usesColor))
        var systems: [String: System] = [:]
        var failures = 0
        for path in traces {
            let trace: Trace
            do {
                trace = try TraceFile.read(at: path)
            } catch {
                throw UserError("\(error)")
            }
            var reference = trace.model
            reference.path = ModelLocation.find(trace.model.path, besides: path)
            let system: System
            let isTraced = trace.violation.cause.isOfTraceAssertion
            let key = "\(reference) \(isTraced)"
            if let known = systems[key] {
                system = known
            } else {
                do {
                    system = try ModelLoader.load(showsWarnings: false) { () throws(ModelError) in
                        try LoadedModel(reference) { (_) throws(ModelError) in isTraced }
                    }
                } catch let error as UserError {
                    throw UserError(error.message, hint: "`\(path)` is a trace of this model; replay it where that path leads to it")
                }
                systems[key] = system
            }
            let outcome = TraceReplayer(system).replay(trace)
            print("\(path): \(outcome)")
            if !quiet { print(stories.story(of: trace, indentation: 2), terminator: "") }
            if !quiet { for note in outcome.notes { print("  note: \(note)") } }
            if !outcome.isReproduced { failures += 1 }
        }
        if failures > 0 { throw ExitStatus.violated }
    }
}

/// Finds the model that a trace names, from wherever the command runs.
enum ModelLocation {
    static func find(_ model: String, besides trace: String) -> String {
        let files = FileManager.default
        if model.hasPrefix("/") || files.fileExists(atPath: model) { return model }
        var folder = URL(fileURLWithPath: trace).standardizedFileURL.deletingLastPathComponent()
        while true {
            let candidate = folder.appendingPathComponent(model)
            if files.fileExists(atPath: candidate.path) { return candidate.path }
            let above = folder.deletingLastPathComponent()
            if above.path == folder.path { return model }
            folder = above
        }
    }
}
