import ArgumentParser
import Automata
import Conformance
import Exploration
import Foundation
import Promela
import Symbolic
import Terminal

/// `heddle conform`
struct Conform: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conform",
        abstract: "Find out whether what was recorded of real programs is a behaviour of a model.",
        usage: "heddle conform [<options>] <model> <log>",
        discussion: """
            The log is what `heddle calendar --record` writes: a line of JSON for each event. What the model does between two events is \
            not in it, and is searched for, with the symbolic engine: so times may have 64 bits, and are compared exactly. A log may end \
            at any moment. Where no behaviour of the model goes on as the log does, the line is shown, with all that the model could have \
            done instead, and what its processes wait for.

            Which sends and receives are which events is said in the model, in a comment of lines such as these:

                /* observe
                 *   received WAIT, GET: to_calendar[slot]?operation(_)
                 *   received: to_calendar[slot]?operation(time)
                 *   sent: from_calendar[slot]!operation(time)
                 *   connected: nothing
                 *   field memory.clients[id].req_time: slot[id].req_time
                 */

            On the left is the log: the event, and its operations, if it is not about all of them; the first rule that fits a line counts. \
            On the right is the model: a send or a receive, with members of the line in place of values, `_` for what is not compared, \
            and names of the model for what is always the same; or `nothing`, for what the model leaves out. A `field` is a member that, \
            wherever a line has it, is what a global variable of the model holds at that moment.

            Exit codes: 0 the log is a behaviour of the model, 1 it is not, 2 wrong input, 3 a limit was reached.
            """)

    @OptionGroup var model: ModelOptions

    @Argument(help: "The log.", completion: .file(extensions: ["log", "jsonl"]))
    var log: String

    @Option(help: ArgumentHelp("Look at this many of the model's events only, from the beginning.", valueName: "n"))
    var events: Int?

    @Option(help: ArgumentHelp("Memory for the states after an event and the next, such as 512M or 4G. Default: 1G.", valueName: "size"))
    var memory: MemorySize?

    @Flag(name: .shortAndLong, help: "Do not show how far the search is.")
    var quiet = false

    func validate() throws {
        guard events ?? 0 >= 0 else { throw ValidationError("--events takes a number from 0 on.") }
    }

    func run() throws {
        let program = try model.load().program
        let check: ConformanceCheck
        do {
            check = try ConformanceCheck(program, EventLog(path: log), firstEvents: events)
        } catch let error as ConformanceError {
            throw UserError("\(error)", hint: error.hint)
        }
        let line = ProgressLine(isQuiet: quiet)
        let begin = ContinuousClock.now
        Interruption.install()
        let result: ConformanceCheck.Result
        let progress: ObservedSearch.Progress
        do {
            (result, progress) = try check.run(memoryLimit: memory?.bytes ?? 1 << 30) { progress in
                line.update("\(NumberText.grouped(progress.matched)) of \(NumberText.grouped(check.eventCount)) events")
                return !Interruption.isRequested
            }
        } catch let error as UnsupportedModel {
            line.clear()
            ModelLoader.report([error.diagnostic], program.sources)
            throw ExitStatus.wrongInput
        }
        line.clear()
        let effort = "\(NumberText.grouped(progress.states)) sets of states, "
            + String(format: "%.1f s", (ContinuousClock.now - begin) / .seconds(1))
        let total = NumberText.grouped(check.eventCount)
        switch result {
        case .conforms: print("conforms: all \(total) events of \(log) are a behaviour of \(model.model) (\(effort))")
        case .diverges(let divergence):
            print("does not conform: after \(NumberText.grouped(divergence.matched)) of \(total) events (\(effort))")
            print(text(of: divergence))
            throw ExitStatus.violated
        case .stopped(let count, let limit):
            print("inconclusive after \(NumberText.grouped(count)) of \(total) events: \(limit.explanation) (\(effort))")
            throw ExitStatus.inconclusive
        }
    }

    private func text(of divergence: ConformanceCheck.Divergence) -> String {
        var lines = ["", "\(log):\(divergence.line.number): \(divergence.line.summary)", "  in the model: \(divergence.expected)", ""]
        lines.append(
            divergence.alternatives.isEmpty
                ? "The model can do nothing then that would be in the log."
                : "What the model could have done instead:")
        for alternative in divergence.alternatives {
            lines.append("  \(alternative.text)   [\(alternative.location.path):\(alternative.location.line)]")
            lines += alternative.differences.map { "    \($0)" }
        }
        if !divergence.waits.isEmpty {
            lines += ["", "Where its processes can stand then, and what each waits for that does none of that; with the smallest numbers possible:"]
            for wait in divergence.waits {
                lines.append("  \(wait.actor) at \(wait.location.path):\(wait.location.line)")
                lines += wait.reasons.map { "    \($0)" }
            }
        }
        return lines.joined(separator: "\n")
    }
}
