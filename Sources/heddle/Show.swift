import ArgumentParser
import Foundation
import Fuzzing
import Terminal
import Traces

/// `heddle show`
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a trace: as text with a lane for each process, as a Mermaid sequence diagram, or as ITF.",
        discussion: """
            Of the folder of a finding about real clients or a calendar, its page and its messages are shown, beside those of the \
            model's trace if it names one.

            Exit codes: 0 shown, 2 wrong input.
            """)

    @Argument(help: "A trace in ITF JSON, or the folder of a finding.", completion: .file(extensions: ["json"]))
    var trace: String

    @Option(name: .customLong("as"), help: "What to show it as.")
    var format: TraceFormat = .text

    @Flag(help: "Use ASCII only.")
    var ascii = false

    @Option(help: ArgumentHelp("Columns to use (default: those of the terminal, or 100).", valueName: "n"))
    var columns: Int?

    func validate() throws {
        if let columns, !(40...1000).contains(columns) { throw ValidationError("--columns takes a number from 40 to 1000.") }
    }

    func run() throws {
        if FindingFolder.exists(at: trace) {
            print(try FindingFolder.read(trace).text(besides: trace, columns: columns ?? StandardOutput.columns), terminator: "")
            return
        }
        let trace: Trace
        do {
            trace = try TraceFile.read(at: self.trace)
        } catch {
            throw UserError("\(error)")
        }
        let text = format.render(
            trace,
            options: TextOptions(
                columns: columns ?? StandardOutput.columns, isASCII: ascii, usesColor: StandardOutput.usesColor && !ascii))
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    }
}

extension TraceFormat: ExpressibleByArgument {}
