import ArgumentParser
import Automata
import Exploration
import Foundation
import NativeCode
import Promela
import Suites
import Terminal
import Traces

/// `heddle check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Explore every interleaving of a model, and say for each property whether it holds.",
        discussion: """
            Properties: assertions (no assert fails), end-states (no deadlock), array-bounds, division-by-zero, execution \
            (channels exist before use, a d_step does not block, at most 255 processes, and the like); each ltl block and \
            never claim by its name; trace or notrace (what is sent and received follows the assertion, or does not); acceptance (no run goes through an accept label for ever); progress (every run that \
            does not end goes through progress labels for ever); wrap-around (no value is cut to size). All are checked but \
            the last two, which have to be asked for. \
            array-bounds, division-by-zero and execution cannot be left out: where one of them fails, there is no telling \
            how the model would go on.

            A counterexample is a shortest one unless --search depth or --reduction stubborn is given, or the report says that it \
            need not be. It has been replayed by the interpreter before it is shown.

            Exit codes: 0 holds, 1 violated, 2 wrong input, 3 inconclusive (a limit was reached, or Ctrl-C).
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var model: ModelOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Check only this property, and those that are always checked. May be repeated.", valueName: "name"))
    var property: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Check that every run satisfies this formula of linear temporal logic too. May be repeated.", valueName: "formula"))
    var ltl: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which runs count for formulas and other claims about whole runs.",
            discussion: """
                With weak, those in which no process is kept waiting for ever although it can move all the time, as with \
                Spin's -f; with strong, nor although it can move again and again.
                """))
    var fairness: Fairness = .none

    @Option(
        help: ArgumentHelp(
            "Search level by level, or along one path as far as it goes.",
            discussion: "Depth first, a run that breaks a claim is looked for on the fly: in models too large for the other way."))
    var search: SearchOptions.Order = .breadth

    @Option(
        help: ArgumentHelp(
            "What does the work: explicit, diagrams, symbolic, bounded, horn or portfolio.",
            discussion: """
                explicit: every state by itself. diagrams: all states at once, as a decision diagram, for models with very many; where \
                something goes wrong, or may, and for claims about whole runs, it goes on as explicit, which tries diagrams by itself, but \
                not for long. symbolic: numbers of more than 16 bits are terms, all of their values at once; what holds, holds for all of \
                them, after any number of steps. bounded: Z3 is given whole runs of up to --depth \
                single steps (20, if it is not said), and with --induction all runs. horn: Z3 looks for an invariant that \
                shows that all runs are right, in small models. The last three check assertions, end \
                states, errors of execution and formulas [] p; symbolic also that no value is cut to size (wrap-around). \
                portfolio: all but diagrams side by side; each verdict is that of the engine that comes to it first, and names it.
                """))
    var engine: ModelCheck.Engine = .explicit

    @Option(help: ArgumentHelp("With --engine symbolic: numbers of at least so many bits are terms.", valueName: "bits"))
    var termWidth: Int = 17

    @Option(help: ArgumentHelp("With --engine bounded or portfolio: prove what holds in up to so many states in a row of the next.", valueName: "n"))
    var induction: Int = 0

    @Option(
        help: ArgumentHelp(
            "How long Z3 may think about one question (default: 10 with symbolic, 600 with horn, any time with bounded).",
            valueName: "seconds"))
    var solverTime: Double?

    @Option(help: ArgumentHelp("Search no deeper than this many steps.", valueName: "n"))
    var depth: Int?

    @Option(help: ArgumentHelp("Memory for states, such as 512M or 4G (default: three quarters of what is free).", valueName: "size"))
    var memory: MemorySize?

    @Flag(
        help: ArgumentHelp(
            "Keep states in as little memory as can be.",
            discussion: """
                What long states have in common is kept once: some ten bytes are left of each, and a search takes three to six times as long. \
                Where states take more than half of the memory that they may, the same is done without being asked for, but not at all costs.
                """))
    var compress = false

    @Option(
        help: ArgumentHelp(
            "Keep three bits of each state, in a table of this size.",
            discussion: """
                For models whose states do not fit in memory. The search is depth first; what it finds is real, but a state may be taken \
                for another and missed, with all that only it leads to. So nothing ever holds: the verdict says how many states were \
                searched, and estimates what share of those come to that is. Not for claims about whole runs.
                """, valueName: "size"))
    var bitstate: MemorySize?

    @Option(help: ArgumentHelp("Go on until there are this many different violations.", valueName: "n"))
    var allViolations: Int = 1

    @Option(
        help: ArgumentHelp(
            "Which interleavings to leave out: auto, sleep, stubborn or none (default: auto with --engine explicit and portfolio).",
            discussion: """
                sleep: those that lead to no other states; breadth first, and not for claims about whole runs. All states are found, each at \
                its depth, but of steps that do not depend on each other one is taken first. stubborn: those that differ from others only in \
                the order of steps that do not depend on each other (partial-order reduction with stubborn sets). Verdicts stay the same; \
                there are fewer states, and a counterexample need not be a shortest one. auto: as sleep up to 32,768 states, and none depth \
                first; then, where that leaves out many states, the search begins once more with --merge-local-steps. From 65,536 states on \
                it tries whether a decision diagram has all states (see --engine), then whether stubborn saves time. What that finds, a \
                search with all interleavings shortens, as long as it does not take much longer.
                """, valueName: "reduction"))
    var reduction: Reduction?

    @Flag(
        help: ArgumentHelp(
            "Let one state stand for all that differ from it only in who is who.",
            discussion: """
                Which processes can be exchanged, with their array elements and channels, is found out and proved from the model; where \
                something tells them apart, a claim for example, the report says what. Verdicts stay the same. Not for claims under --fairness, \
                nor with --engine symbolic for formulas.
                """))
    var symmetry = false

    @Flag(
        help: ArgumentHelp(
            "Let one state stand for all that differ from it only in locals that nobody reads any more.",
            discussion: "Verdicts stay the same. The report names the locals. There may be fewer states than Spin has."))
    var resetDeadVariables = false

    @Flag(
        help: ArgumentHelp(
            "Let a process go on at once where all it can do concerns nobody else.",
            discussion: """
                What it does there, with locals that only it looks at, becomes part of the step before. Verdicts stay the same; there are fewer \
                states than Spin has without its own merging. Not for never claims, formulas with X, claims under --fairness, or --depth.
                """))
    var mergeLocalSteps = false

    @Option(
        help: ArgumentHelp(
            "Whether to compile the model to machine code: while a long search goes on (auto), before it (first), or not (off).",
            discussion: "The result is the same, only sooner. It takes a C compiler; what it makes is kept in the user's cache folder."))
    var native: Native = .auto

    @OptionGroup var traceFile: TraceOutput

    @Option(help: "Threads of a breadth-first or symbolic search; all processors unless told. The result is the same with any number.")
    var threads: Int?

    @Option(help: "How to print the result.")
    var format: Format = .text

    @Flag(help: "Print the verdict only, and no warnings or progress.")
    var quiet = false

    enum Native: String, ExpressibleByArgument, CaseIterable {
        case auto, first, off

        /// What makes the machine code; nil if nothing is to.
        var compiler: NativeCompiler? {
            switch self {
            case .auto: NativeCompiler()
            case .first: NativeCompiler(waits: { !Interruption.isRequested })
            case .off: nil
            }
        }
    }

    func validate() throws {
        if let depth, depth < 0 { throw ValidationError("--depth takes a number from 0 on.") }
        if ltl.contains(where: { $0.contains { "{}".contains($0) } }) {
            throw ValidationError("--ltl takes one formula, without braces.")
        }
        if engine != .explicit, search == .depth || fairness != .none {
            throw ValidationError("--search and --fairness are for --engine explicit.")
        }
        if engine != .explicit, let reduction, reduction != .none {
            throw ValidationError("--reduction is for --engine explicit.")
        }
        if engine != .explicit, compress { throw ValidationError("--compress is for --engine explicit.") }
        if engine != .explicit, bitstate != nil { throw ValidationError("--bitstate is for --engine explicit.") }
        if let bitstate, bitstate.bytes >= (memory ?? .automatic).bytes {
            throw ValidationError("--bitstate has to leave some of the memory (--memory) for the stack.")
        }
        if engine != .explicit, engine != .symbolic, symmetry { throw ValidationError("--symmetry is for --engine explicit and symbolic.") }
        if engine != .explicit, resetDeadVariables { throw ValidationError("--reset-dead-variables is for --engine explicit.") }
        if engine != .explicit, mergeLocalSteps { throw ValidationError("--merge-local-steps is for --engine explicit.") }
        if !(1...64).contains(termWidth) { throw ValidationError("--term-width takes a number from 1 to 64.") }
        if induction < 0 { throw ValidationError("--induction takes a number from 0 on.") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads takes a number from 1 to 256.") }
        if induction > 0, engine != .bounded, engine != .portfolio {
            throw ValidationError("--induction is for --engine bounded and portfolio.")
        }
        if let solverTime, !ModelCheck.solverSeconds.contains(solverTime) {
            throw ValidationError("--solver-time takes a number of seconds from 0.001 on.")
        }
        if solverTime != nil, engine == .explicit { throw ValidationError("--solver-time is for engines that ask Z3.") }
        guard allViolations > 0 else { throw ValidationError("--all-violations takes a number from 1 on.") }
        if allViolations > 1, engine == .portfolio {
            throw ValidationError("--engine portfolio ends at the first violation; --all-violations is for the other engines.")
        }
    }

    func run() throws {
        try traceFile.check()
        let compiler = engine == .explicit || engine == .diagrams ? native.compiler : nil
        defer { compiler?.stop() }
        let check = ModelCheck(
            model: ModelReference(path: model.model, options: model.readOptions(formulas: ltl)), properties: property,
            engine: engine, termWidth: termWidth, induction: induction,
            solverTime: solverTime.map { Int($0 * 1000) },
            options: SearchOptions(
                order: search, fairness: fairness, reduction: reduction ?? .automatic, triesDiagrams: true, usesSymmetry: symmetry,
                resetsDeadVariables: resetDeadVariables,
                mergesLocalSteps: mergeLocalSteps, depthLimit: depth,
                memoryLimit: (memory ?? .automatic).bytes, compressesStates: compress, bitTableSize: bitstate?.bytes,
                violationLimit: allViolations,
                // Side by side, each engine has its thread.
                threads: threads ?? (engine == .portfolio ? 1 : ProcessInfo.processInfo.activeProcessorCount),
                compiler: compiler))
        let system = try ModelLoader.load(showsWarnings: !quiet) { () throws(ModelError) in try check.load() }

        Interruption.install()
        let progress = ProgressLine(isQuiet: quiet)
        let outcome = try ModelLoader.reporting { () throws(ModelError) in
            try check.run(system) { statistics in
                progress.update(statistics)
                return !Interruption.isRequested
            }
        }
        progress.clear()
        let (result, traces) = (outcome.result, outcome.traces)
        if !quiet { ModelLoader.report(result.truncations, system) }
        let report = CheckReport(model: model.model, program: system.program, result: result, fairness: fairness, traces: traces,
            symbolic: outcome.symbolic, bounded: outcome.bounded, portfolio: outcome.portfolio,
            compilationFailure: compiler?.failure)
        switch format {
        case .json: print(try report.json())
        case .text: print(report.text(isQuiet: quiet), terminator: "")
        }
        // Only now: if the file cannot be written, the result is not lost.
        try traceFile.write(traces)
        switch result.verdict {
        case .holds: return
        case .violated: throw ExitStatus.violated
        case .inconclusive: throw ExitStatus.inconclusive
        }
    }
}

extension ModelCheck.Engine: ExpressibleByArgument {}
extension SearchOptions.Order: ExpressibleByArgument {}
extension Reduction: ExpressibleByArgument {}
extension Fairness: ExpressibleByArgument {}
