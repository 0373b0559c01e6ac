import ArgumentParser
import Terminal

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
        subcommands: [Check.self, Test.self, Simulate.self, Replay.self, Show.self, Explain.self, CalendarCommand.self, Conform.self, Fuzz.self])

    static func main() { runOrExit(Array(CommandLine.arguments.dropFirst())) }
}
