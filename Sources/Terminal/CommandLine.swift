import ArgumentParser
import Foundation

extension ParsableCommand {
    /// Runs the command line, with the exit codes that are documented rather than the argument parser's own.
    package static func runOrExit(_ arguments: [String]) {
        // A reader that goes away (`heddle check ... | head`) ends the program quietly, as for any filter.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot(separated(arguments))
            try command.run()
        } catch let status as ExitStatus {
            fflush(nil)
            Foundation.exit(status.rawValue)
        } catch let error as UserError {
            fflush(nil)
            StandardError.write("\(configuration.commandName ?? "heddle"): error: \(error.message)\n")
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
