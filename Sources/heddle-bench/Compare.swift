import ArgumentParser
import Benchmarks
import Foundation
import Terminal
import Traces

/// `heddle-bench compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run Heddle and Spin side by side, model by model, and print a table (the default).",
        discussion: """
            Times are medians of runs in turns, and by the clock: `seconds` of searches with the model compiled before, on both sides, \
            and `to verdict` from the command line, with all that compiles it. Memory is the largest resident set; of Heddle's, without \
            what it has for a model of one state, which is the program and its libraries. Of the searches for all states the fastest counts, on \
            both sides; Spin gets gcc -O3, and a stack and a table that fit. A ratio says how many times as much Spin takes.

            Tables: --states (the default), --reduction (states that are left with partial-order reduction, merged steps and dead \
            variables), --collapse (memory, states compressed on both sides), --liveness (formulas that hold), --verdict (from the \
            command line to the verdict, both by default, with spin -a and gcc in Spin's time).

            Exit codes: 0 measured; 1 verdicts or numbers of states are different, where they must not be, or something \
            could not be measured; 2 wrong input; 3 interrupted.
            """)

    enum Against: String, ExpressibleByArgument, CaseIterable {
        case spin, none
    }

    @Option(help: "What to compare with: spin or none.")
    var against: Against = .spin

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these of the set, or other files in the folder of the models.", valueName: "names"))
    var models: [String] = []

    @Option(
        name: [.customShort("D"), .long], parsing: .singleValue,
        help: ArgumentHelp("Define a macro, in place of those that the size stands for. May be repeated.", valueName: "name[=value]"))
    var define: [String] = []

    @Option(help: "How large the models are: small, standard or large.")
    var size: Benchmark.Size = .standard

    @Flag(help: "Which tables to print.")
    var tables: [Comparison] = []

    @Option(help: ArgumentHelp("How often each is run.", valueName: "n"))
    var rounds: Int = 3

    @Option(help: ArgumentHelp("Write all numbers to this file too, as JSON.", valueName: "file"), completion: .file(extensions: ["json"]))
    var json: String?

    @Flag(help: "Let --json replace a file that exists.")
    var overwrite = false

    @OptionGroup var program: ProgramOptions

    func validate() throws {
        if !(1...1000).contains(rounds) { throw ValidationError("--rounds takes a number from 1 to 1000.") }
        for name in models where benchmark(name) == nil {
            throw ValidationError("There is no model `\(name)`; there are \(Benchmark.all.map(\.name).joined(separator: ", ")).")
        }
    }

    func run() throws {
        if let json, !overwrite, FileManager.default.fileExists(atPath: json) {
            throw UserError("`\(json)` exists", hint: "name another file, or add --overwrite")
        }
        let heddle = try program.program()
        let runner = ComparisonRunner(heddle: heddle, spin: spin(), rounds: rounds)
        let benchmarks = models.isEmpty ? Benchmark.all : models.compactMap(benchmark)
        var rows: [ComparisonRow] = []
        Interruption.install()
        defer { if let json, !rows.isEmpty { write(rows, to: json) } }
        var hasFailures = false
        try reportingErrors {
            for comparison in tables.isEmpty ? [.states] : tables {
                // Also of what there is after Ctrl-C.
                defer { show(comparison, rows) }
                for benchmark in benchmarks where comparison != .liveness || benchmark.formula != nil {
                    do {
                        rows.append(try measure(benchmark, comparison, runner))
                    } catch let error as BenchmarkError {
                        // The others can be measured all the same.
                        hasFailures = true
                        StandardError.write("\(comparison.rawValue) \(benchmark.name): not measured: \(error)\n")
                    }
                }
            }
        }
        if hasFailures || rows.contains(where: { !$0.faults.isEmpty }) { throw ExitStatus.violated }
    }

    private func show(_ comparison: Comparison, _ rows: [ComparisonRow]) {
        let rows = rows.filter { $0.comparison == comparison }
        guard !rows.isEmpty else { return }
        print(ComparisonTable(comparison, rows).text)
        fflush(nil)
    }

    private func benchmark(_ name: String) -> Benchmark? {
        Benchmark.all.first { $0.name == name } ?? (name.hasSuffix(".pml") ? Benchmark(modelAt: name) : nil)
    }

    private func spin() -> SpinProgram? {
        guard against == .spin else { return nil }
        do {
            return try SpinProgram(timeLimit: program.timeLimit, mayGoOn: { !Interruption.isRequested })
        } catch {
            StandardError.write("heddle-bench: \(error); only Heddle is measured\n")
            return nil
        }
    }

    private func measure(_ benchmark: Benchmark, _ comparison: Comparison, _ runner: ComparisonRunner) throws -> ComparisonRow {
        var formula = benchmark.formula
        if !define.isEmpty { formula?.defines = define }
        let row = try runner.measure(
            comparison, name: benchmark.name, model: try program.path(of: benchmark.model),
            defines: define.isEmpty ? benchmark.defines[size] ?? [] : define, formula: formula)
        // One line a model, for a run may take long.
        let spin = row.spin.map { String(format: ", Spin %.2f s", $0.seconds) } ?? ""
        let faults = row.faults.isEmpty ? "" : "  ! " + row.faults.joined(separator: "; ")
        StandardError.write(
            "\(comparison.rawValue) \(row.model): \(row.heddle.states) states, Heddle "
                + String(format: "%.2f s", row.heddle.seconds) + spin + faults + "\n")
        return row
    }

    private func write(_ rows: [ComparisonRow], to path: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let text = String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n"
            try TraceFile.write(text: text, to: path, overwrite: overwrite)
        } catch {
            StandardError.write("heddle-bench: error: \(error)\n")
        }
    }
}

extension Benchmark.Size: ExpressibleByArgument {}
extension Comparison: EnumerableFlag {}
