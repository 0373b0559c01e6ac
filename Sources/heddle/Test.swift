import ArgumentParser
import Exploration
import Foundation
import Suites
import Terminal
import Traces

/// `heddle test`
struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check all models of a suite, and compare with what is expected of them.",
        // The argument parser would list all options, in one long line.
        usage: "heddle test [<options>] [<suite>]",
        discussion: """
            A suite is a YAML file with `checks:`, a list. A check has a model (its path leads on from the suite's folder), and \
            if need be a name, defines, ltl (formulas), property (one or several, as for heddle check), fairness, engine \
            (explicit), solver-time (seconds for each question to Z3), depth, memory; what to expect: holds, violated (with the trace that shows it), or open (with a \
            reason); and the number of states, which is compared where all of them were searched.

            Exit codes: 0 all is as expected, 1 something is different, 2 wrong input, 3 inconclusive (a limit was \
            reached where a verdict is expected, or Ctrl-C).
            """)

    @Argument(help: "The suite.", completion: .file(extensions: ["yaml", "yml"]))
    var suite: String = "Models/suite.yaml"

    @Option(
        help: ArgumentHelp(
            "Only the checks that have this in their name, model, defines, formulas or properties.", valueName: "text"))
    var filter: String?

    @Option(help: ArgumentHelp("How many checks run side by side (default: as many as there are processors).", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Rewrite the numbers of states and the traces that are different, but not their stories; never what is expected.")
    var update = false

    @Option(
        help: ArgumentHelp("Write the results to this file too, as JUnit XML; replaces it.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var junit: String?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on.") }
    }

    func run() throws {
        let suite = try read()
        let checks = filter.map { suite.checks(matching: $0) } ?? suite.checks
        guard !checks.isEmpty else {
            throw UserError(
                "no check of `\(suite.path)` matches `\(filter ?? "")`",
                hint: "--filter takes a part of a name, a model, a definition, a formula or a property")
        }
        Interruption.install()
        let start = ContinuousClock.now
        let runner = SuiteRunner(
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, memory: MemorySize.automatic.bytes
        ) { progress in
            SuiteProgressLine.show(progress)
            return !Interruption.isRequested
        }
        var reviews = runner.run(checks)
        SuiteProgressLine.clear()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let changes = update ? try rewrite(suite, &reviews) : []
        let report = SuiteReport(suite, reviews, seconds: seconds, updated: changes)
        print(report.text(), terminator: "")
        fflush(nil)
        StandardError.write(report.errorText(usesColor: StandardError.isTerminal))
        if let junit {
            do {
                try TraceFile.write(text: report.junit(), to: junit, overwrite: true)
            } catch {
                throw UserError("\(error)")
            }
        }
        if report.hasFault { throw ExitStatus.internalFault }
        if report.count(.wrong) > 0 { throw ExitStatus.wrongInput }
        if report.count(.differs) > 0 { throw ExitStatus.violated }
        if report.count(.inconclusive) > 0 { throw ExitStatus.inconclusive }
    }

    private func read() throws -> Suite {
        do {
            return try Suite(fileAt: suite)
        } catch let wrong as WrongSuite {
            StandardError.write(wrong.text(usesColor: StandardError.isTerminal))
            throw ExitStatus.wrongInput
        } catch {
            throw UserError("\(error)")
        }
    }

    private func rewrite(_ suite: Suite, _ reviews: inout [CheckReview]) throws -> [String] {
        let update = SuiteUpdate(suite, &reviews)
        do {
            try update.write(to: suite.path)
        } catch {
            throw UserError("\(error)")
        }
        for failure in update.failures { StandardError.write("heddle: \(failure)\n") }
        return update.changes
    }
}

/// One line on the terminal that says how far a suite is; nothing where standard error is not a terminal.
enum SuiteProgressLine {
    static func show(_ progress: SuiteRunner.Progress) {
        guard StandardError.isTerminal else { return }
        let running = progress.running.map { "\($0.title): \(NumberText.counted($0.states, "state"))" }
        let start = "\(progress.finished) of \(progress.total), \(String(format: "%.1f s", progress.seconds)); "
        let line = start + running.joined(separator: "; ")
        StandardError.write("\r\u{1B}[K" + line.prefix(StandardError.columns - 1))
    }

    static func clear() {
        if StandardError.isTerminal { StandardError.write("\r\u{1B}[K") }
    }
}
