import ArgumentParser
import Terminal

/// The command line of the benchmarks.
@main
struct HeddleBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heddle-bench",
        abstract: "Measures Heddle: side by side with Spin, and how time and memory grow with a model.",
        subcommands: [Compare.self, Growth.self], defaultSubcommand: Compare.self)

    static func main() { runOrExit(Array(CommandLine.arguments.dropFirst())) }
}
