import ArgumentParser
import Benchmarks
import Foundation
import Terminal

/// `heddle-bench growth`
struct Growth: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print how time and memory grow with a model, each reduction alone and all together.",
        discussion: """
            The table has tabs between its fields, for plotting programs; a line comes as soon as its run has ended. Where a \
            run is ended by a limit, larger sizes are not tried with the same reductions.
            """)

    @Option(help: ArgumentHelp("The model, in the folder of the models.", valueName: "file"))
    var model: String = "um-timetravel/socket.pml"

    @Option(name: [.customShort("D"), .long], parsing: .singleValue, help: ArgumentHelp("Define a macro.", valueName: "name[=value]"))
    var define: [String] = []

    @Option(help: ArgumentHelp("The macro that says how large the model is.", valueName: "name"))
    var macro: String = "N"

    @Option(help: ArgumentHelp("Its first value.", valueName: "n"))
    var from: Int = 2

    @Option(help: ArgumentHelp("Its last value.", valueName: "n"))
    var to: Int = 3

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            A reduction: options of heddle check, in one word. May be repeated (default: --merge-local-steps, --reduction stubborn and \
            --symmetry).
            """, valueName: "options"))
    var reduce: [String] = []

    @Option(help: ArgumentHelp("Memory for the states of a run, such as 4G.", valueName: "size"))
    var memory: String?

    @OptionGroup var program: ProgramOptions

    func validate() throws {
        if from > to { throw ValidationError("--from is larger than --to.") }
    }

    func run() throws {
        let study = GrowthStudy(
            try program.program(options: memory.map { ["--memory", $0] } ?? []), model: try program.path(of: model),
            defines: define, macro: macro, sizes: from...to,
            reductions: reduce.isEmpty ? ["--merge-local-steps", "--reduction stubborn", "--symmetry"] : reduce)
        Interruption.install()
        print(GrowthStudy.Point.head.joined(separator: "\t"))
        fflush(nil)
        try reportingErrors {
            try study.run { point in
                print(point.fields.joined(separator: "\t"))
                fflush(nil)
            }
        }
    }
}
