import ArgumentParser
import Benchmarks
import Foundation
import Terminal

/// How to run `heddle`; shared by both commands.
struct ProgramOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The program to measure (default: the heddle beside this program).", valueName: "path"))
    var heddle: String?

    @Option(help: "Threads of Heddle; all processors unless told.")
    var threads: Int?

    @Option(help: "When Heddle makes machine code.")
    var native: HeddleProgram.Native = .auto

    @Option(
        name: .customLong("with"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Further options of heddle check, in one word: --with '--search depth'. May be repeated.", valueName: "options"))
    var further: [String] = []

    @Option(help: ArgumentHelp("Give a run up after so many seconds.", valueName: "seconds"))
    var timeLimit: Double = 600

    @Option(help: ArgumentHelp("The folder of the models.", valueName: "folder"))
    var folder: String = "Models"

    func validate() throws {
        if !(0.001...1_000_000).contains(timeLimit) { throw ValidationError("--time-limit takes a number of seconds from 0.001 on.") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads takes a number from 1 to 256.") }
    }

    /// The program as it was described.
    func program(options: [String] = []) throws -> HeddleProgram {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = heddle ?? own.deletingLastPathComponent().appendingPathComponent("heddle").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw UserError("there is no program `\(path)`", hint: "swift build -c release builds it, or name it with --heddle")
        }
        var words = ["--threads", "\(threads ?? ProcessInfo.processInfo.activeProcessorCount)"]
        words += further.flatMap { $0.split(separator: " ").map(String.init) }
        return HeddleProgram(
            path: URL(fileURLWithPath: path).path, native: native, options: words + options, timeLimit: timeLimit,
            mayGoOn: { !Interruption.isRequested })
    }

    /// The path of a model of the folder, from the root on, for programs run elsewhere.
    func path(of model: String) throws -> String {
        let path = URL(fileURLWithPath: folder).appendingPathComponent(model).path
        guard FileManager.default.fileExists(atPath: path) else {
            throw UserError("there is no model `\(path)`", hint: "run it where Models is, or name the folder with --folder")
        }
        return path
    }
}

extension HeddleProgram.Native: ExpressibleByArgument {}

/// Runs the work of a command, and says in one line what keeps it from going on.
func reportingErrors(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch is CancellationError {
        StandardError.write("\nheddle-bench: interrupted\n")
        throw ExitStatus.inconclusive
    } catch let error as BenchmarkError {
        throw UserError("\(error)")
    }
}
