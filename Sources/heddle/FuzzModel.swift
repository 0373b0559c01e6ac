import ArgumentParser
import Automata
import Exploration
import Foundation
import ModelFuzzing
import Promela
import Suites
import Terminal
import Traces

/// `heddle fuzz model`, or `heddle fuzz` with a model
struct FuzzModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Look for violations by long walks through a model that is too large to be explored.",
        usage: "heddle fuzz [model] [<options>] <model>",
        discussion: """
            Each walk chooses its moves by a strategy of its own, and many begin where earlier ones saw something new. The same \
            properties are checked as by `heddle check`, cycles that break a formula included where a walk comes to the same state \
            again. What is found is made short, and replayed by the interpreter before it is shown. With the same seed, walks and \
            findings are the same with any number of threads, unless --time or Ctrl-C ends them.

            Exit codes: 0 never, for nothing is proved; 1 violated, 2 wrong input, 3 inconclusive: no violation was found.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("The seed of all that is left to chance.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("End after so many seconds (60, if no limit is given).", valueName: "s"))
    var time: Double?

    @Option(help: ArgumentHelp("Begin no walk after so many steps of all of them together.", valueName: "n"))
    var steps: Int?

    @Option(help: ArgumentHelp("Go on so many walks.", valueName: "n"))
    var walks: Int?

    @Option(help: ArgumentHelp("The most steps from the initial state to where a walk ends.", valueName: "n"))
    var depth: Int = 10_000

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Check only this property, and those that are always checked. May be repeated.", valueName: "name"))
    var property: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Check that every run satisfies this formula of linear temporal logic too. May be repeated.", valueName: "formula"))
    var ltl: [String] = []

    @Option(help: "Which cycles count for formulas and other claims about whole runs: see `heddle check --help`.")
    var fairness: Fairness = .none

    @Option(help: ArgumentHelp("Go on until there are this many different violations.", valueName: "n"))
    var allViolations: Int = 1

    @Option(help: ArgumentHelp("Memory for states to begin walks at, such as 512M or 4G.", valueName: "size"))
    var memory: MemorySize?

    @OptionGroup var traceFile: TraceOutput

    @Option(help: "Threads that walk; all processors unless told.")
    var threads: Int?

    @Option(help: "How to print the result.")
    var format: Check.Format = .text

    @Flag(help: "Print the verdict only, and no warnings or progress.")
    var quiet = false

    func validate() throws {
        if let time, !(0...1e9).contains(time) { throw ValidationError("--time takes a number of seconds from 0 on.") }
        for (name, value, least) in [("walks", walks, 0), ("steps", steps, 0), ("depth", depth, 1), ("all-violations", allViolations, 1)] {
            if let value, value < least { throw ValidationError("--\(name) takes a number from \(least) on.") }
        }
        if depth > 1 << 24 { throw ValidationError("--depth takes a number up to \(1 << 24).") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads takes a number from 1 to 256.") }
        if ltl.contains(where: { $0.contains { "{}".contains($0) } }) {
            throw ValidationError("--ltl takes one formula, without braces.")
        }
    }

    func run() throws {
        try traceFile.check()
        let check = ModelCheck(
            model: ModelReference(path: model.model, options: model.readOptions(formulas: ltl)), properties: property,
            options: SearchOptions(fairness: fairness))
        let system = try ModelLoader.load(showsWarnings: !quiet) { () throws(ModelError) in try check.load() }
        var options = ModelFuzzingOptions()
        options.properties = try ModelLoader.reporting { () throws(ModelError) in try check.properties(of: system.program) }
        options.fairness = fairness
        options.seed = seed
        options.walkLimit = walks
        options.stepLimit = steps
        options.timeLimit = (time ?? (walks == nil && steps == nil ? 60 : nil)).map { .seconds($0) }
        options.depthLimit = depth
        options.violationLimit = allViolations
        options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        if let memory { options.corpusLimit = memory.bytes }

        Interruption.install()
        let progress = ProgressLine(isQuiet: quiet)
        let begin = ContinuousClock.now
        let fuzzer = ModelFuzzer(system, options: options, isStopped: { Interruption.isRequested }) { now in
            let rate = Int(Double(now.steps) / max(0.001, (ContinuousClock.now - begin) / .seconds(1)))
            progress.update(
                "\(NumberText.counted(now.walks, "walk")), \(NumberText.counted(now.steps, "step")), \(NumberText.grouped(rate))/s, "
                    + "\(now.taken) of \(NumberText.counted(now.reachable, "transition")) taken")
        }
        let found = try fuzzer.run()
        progress.clear()
        let traces = try ModelLoader.reporting { () throws(ModelError) in try check.record(found.result.violations, of: system) }
        if !quiet { ModelLoader.report(found.result.truncations, system) }
        let report = CheckReport(
            model: model.model, program: system.program, result: found.result, fairness: fairness, traces: traces, walks: found)
        switch format {
        case .json: print(try report.json())
        case .text: print(report.text(isQuiet: quiet), terminator: "")
        }
        try traceFile.write(traces)
        throw found.result.violations.isEmpty ? ExitStatus.inconclusive : ExitStatus.violated
    }
}
