import Foundation
import Fuzzing
import Terminal
import TimeTravel
import Traces

/// Runs stored findings against a command, for `heddle replay`.
struct LiveReplay {
    var command: [String]
    var times: Int
    var updates: Bool
    var isQuiet: Bool

    /// - Returns: whether it was reproduced.
    func replay(_ path: String) throws -> Bool {
        guard !command.isEmpty else {
            throw UserError("`\(path)` is a finding about real programs, and there is no command", hint: "add `-- <command> ...`")
        }
        var folder = try FindingFolder.read(path)
        Interruption.install()
        var seen = 0
        var difference = ""
        var last: LiveRun?
        for _ in 0..<times {
            let run: LiveRun
            do {
                run = try LiveRun.make(folder.finding, command: command) { Interruption.isRequested }
            } catch {
                throw UserError("\(error)")
            }
            if Interruption.isRequested { throw ExitStatus.inconclusive }
            if let other = run.difference {
                difference = other
            } else {
                seen += 1
                last = run
            }
        }
        if seen == times {
            print("\(path): reproduced")
        } else {
            print("\(path): \(seen == 0 ? "not reproduced" : "seen \(seen) of \(times) times"): \(difference)")
        }
        if !isQuiet { for line in folder.summary { print("  \(line)") } }
        if updates, let last {
            folder.finding.seen = seen
            folder.finding.runs = times
            folder.finding.version = last.version ?? folder.finding.version
            folder.finding.command = command
            folder.take(last)
            do { try folder.update(at: path) } catch { throw UserError("cannot write to \(path): \(error.localizedDescription)") }
        }
        return seen == times
    }
}

extension FindingFolder {
    /// Reads a finding.
    static func read(_ path: String) throws(UserError) -> FindingFolder {
        do {
            return try FindingFolder(at: path)
        } catch {
            throw UserError("\(error)")
        }
    }

    /// The first paragraph of its page.
    var summary: [Substring] {
        explanation.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.isEmpty || $0.hasPrefix("#") }.prefix { !$0.isEmpty }.map { $0 }
    }

    /// All of it, as `heddle show` has it: the page, and the messages, beside those of the model's trace if there is one.
    func text(besides path: String, columns: Int) throws -> String {
        let live = MessageSequence(log: log)
        var result = explanation + "\n"
        guard let trace = finding.trace else {
            return result + live.entries.map { "  \($0)\n" }.joined()
        }
        let model: Trace
        do {
            model = try TraceFile.read(at: ModelLocation.find(trace, besides: path + "/finding.json"))
        } catch {
            throw UserError("\(error)")
        }
        let rows = MessageSequence.aligned(MessageSequence(trace: model), live)
        result += MessageSequence.text(rows, titles: (trace, "seen live"), columns: columns)
        return result
    }
}
