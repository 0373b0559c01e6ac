import ArgumentParser
import Automata
import Foundation
import Fuzzing
import Promela
import Suites
import Terminal
import Traces

/// `heddle replay`
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay traces on their models, and findings on real clients and calendars, and see whether each still shows what it did.",
        usage: "heddle replay [<options>] <traces> ... [-- <command> ...]",
        discussion: """
            A trace names its model; the model is read again, as it is now. The path is taken relative to the current folder, \
            and if there is no such file, relative to the folders above the trace. A story that somebody has written into \
            the trace (`"story"`, a list of sentences, in `#meta.heddle`) is printed too.

            A folder with a `finding.json`, as `--keep` of `heddle fuzz client` and `heddle fuzz calendar` writes it, is a finding about \
            real clients, or a calendar: the command is run against its other side, three times unless --times says otherwise. What is \
            filled in is what these commands fill in, and for a script with a device, the device's socket in place of {device}.

            Exit codes: 0 everything is as it was, 1 something is not (the output says at which step it stopped \
            fitting, and why), 2 wrong input, 3 Ctrl-C.
            """)

    @Argument(
        help: ArgumentHelp("Traces in ITF JSON, and folders of findings.", valueName: "traces"), completion: .file(extensions: ["json"]))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("How often to run a finding.", valueName: "n"))
    var times: Int = 3

    @Flag(help: "Write the log, the console and the version of findings anew, if they are reproduced.")
    var update = false

    @Flag(help: "Print the outcomes only, and no stories or notes.")
    var quiet = false

    /// What stands behind `--`. A command cannot have two lists of arguments, and the one that there is has both.
    private var command: [String] { Array(CommandLine.arguments.drop { $0 != "--" }.dropFirst()) }

    private var traces: ArraySlice<String> { arguments.dropLast(command.count) }

    func validate() throws {
        guard !traces.isEmpty else { throw ValidationError("Missing expected argument '<traces> ...'") }
        guard times > 0 else { throw ValidationError("--times takes a number from 1 on.") }
    }

    func run() throws {
        let live = LiveReplay(command: command, times: times, updates: update, isQuiet: quiet)
        let stories = TextRenderer(options: TextOptions(columns: StandardOutput.columns, usesColor: StandardOutput.usesColor))
        var systems: [String: System] = [:]
        var failures = 0
        for path in traces {
            if FindingFolder.exists(at: path) {
                if try !live.replay(path) { failures += 1 }
                continue
            }
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
