import ArgumentParser
import Foundation

/// The command line. Subcommands hold no logic of their own: they read options, call the libraries, and print.
@main
struct Heddle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heddle",
        abstract: "Checks protocols of interrupts, sockets, shared memory and simulated time, through every interleaving.",
        discussion: """
            Models are written in Promela, the language of Spin.

            Exit codes: 0 everything holds; 1 something is violated; 2 the input or the command line is wrong; \
            3 inconclusive, because a limit was reached; 4 a fault of Heddle itself.
            """,
        version: "0.1.0",
        subcommands: [Check.self, Test.self, Simulate.self, Replay.self, Show.self, Explain.self])

    /// Runs the command line, with the exit codes that are documented rather than the argument parser's own.
    static func main() {
        // A reader that goes away (`heddle check ... | head`) ends the program quietly, as for any filter.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot(separated(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch let status as ExitStatus {
            fflush(nil)
            Foundation.exit(status.rawValue)
        } catch let error as UserError {
            fflush(nil)
            StandardError.write("heddle: error: \(error.message)\n")
            if let hint = error.hint { StandardError.write("  hint: \(hint)\n") }
            Foundation.exit(ExitStatus.wrongInput.rawValue)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code == .success {
                print(message)
                Foundation.exit(0)
            }
            StandardError.write(message + "\n")
            Foundation.exit(ExitStatus.wrongInput.rawValue)
        }
    }

    /// Lets `-DNAME=VALUE`, `-UNAME` and `-IDIR` be written in one word, as every preprocessor does.
    private static func separated(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument == "--" { return result + arguments[index...] }
            if argument.count > 2, ["-D", "-U", "-I"].contains(where: { argument.hasPrefix($0) }) {
                result += [String(argument.prefix(2)), String(argument.dropFirst(2))]
            } else {
                result.append(argument)
            }
        }
        return result
    }
}
