import Foundation
import Testing

/// What the program says about itself.
@Suite struct HelpTests {
    /// A command, and its options as the argument parser knows them.
    private struct Command: Decodable {
        struct Dump: Decodable { var command: Command }
        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
                var text: String { (kind == "long" ? "--" : "-") + name }
            }
            var names: [Name]?
            var valueName: String?
            var shouldDisplay: Bool
        }
        var commandName: String
        var arguments: [Argument]?
        var subcommands: [Command]?
    }

    private static let place = Repository.models

    private static func command(_ name: String) throws -> Command {
        let dump = try HeddleCommand.run(["--experimental-dump-help"], in: place)
        let root = try JSONDecoder().decode(Command.Dump.self, from: Data(dump.output.utf8)).command
        return try #require(root.subcommands?.first { $0.commandName == name }, "\(name)")
    }

    @Test func theseAreTheCommands() throws {
        let dump = try HeddleCommand.run(["--experimental-dump-help"], in: Self.place)
        let root = try JSONDecoder().decode(Command.Dump.self, from: Data(dump.output.utf8)).command
        // `help` is the argument parser's own.
        let commands = (root.subcommands ?? []).filter { $0.commandName != "help" }
        let names = Set(commands.map(\.commandName))
        #expect(names.isSuperset(of: ["check", "test", "simulate", "replay", "show", "explain", "calendar", "conform", "fuzz"]))
        let help = try HeddleCommand.run(["help"], in: Self.place)
        for command in commands { #expect(help.output.contains("\n  \(command.commandName) ")) }
    }

    @Test(arguments: ["check", "test", "simulate", "replay", "show", "calendar"])
    func everyOptionIsExplained(name: String) throws {
        let help = try HeddleCommand.run([name, "--help"], in: Self.place)
        let command = try Self.command(name)
        #expect((command.arguments ?? []).count > 2)
        for argument in command.arguments ?? [] {
            #expect(argument.shouldDisplay)
            let texts = argument.names?.map(\.text) ?? [argument.valueName.map { "<\($0)>" } ?? "?"]
            for text in texts {
                let line = help.output.split(separator: "\n").first {
                    $0.hasPrefix("  ") && $0.split(whereSeparator: { ", ".contains($0) }).contains { $0 == text }
                        || $0.hasPrefix("  \(text)")
                }
                #expect(line != nil, "\(text) of \(name)")
            }
        }
    }

    @Test(arguments: [
        ("check", [
            "--define", "--undefine", "--include", "--spin-select", "--property", "--search", "--depth", "--memory", "--compress", "--threads",
            "--all-violations", "--reduction", "--trace", "--overwrite", "--format", "--quiet",
        ]),
        ("simulate", [
            "--define", "--undefine", "--include", "--spin-select", "--seed", "--steps", "--interactive",
        ]),
        ("test", ["--filter", "--jobs", "--update", "--junit"]),
        ("replay", ["--quiet"]),
        ("show", ["--as", "--ascii", "--columns"]),
        ("calendar", ["--socket", "--clients", "--no-shm", "--record", "--start-time"]),
    ])
    func optionsKeepTheirNames(name: String, options: [String]) throws {
        let known = Set((try Self.command(name).arguments ?? []).flatMap { $0.names?.map(\.text) ?? [] })
        #expect(known.isSuperset(of: options))
    }

    @Test(arguments: [[], ["check"], ["test"], ["simulate"], ["replay"], ["show"], ["explain"], ["calendar"], ["fuzz"], ["fuzz", "client"]])
    func helpIsTheSameHoweverItIsAskedFor(command: [String]) throws {
        let asked = try HeddleCommand.run(["help"] + command, in: Self.place)
        let option = try HeddleCommand.run(command + ["--help"], in: Self.place)
        let short = try HeddleCommand.run(command + ["-h"], in: Self.place)
        #expect(asked.output == option.output)
        #expect(asked.output == short.output)
        for outcome in [asked, option, short] {
            #expect(outcome.exitCode == 0)
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test(arguments: [[], ["check"], ["test"], ["simulate"], ["replay"], ["show"], ["explain"], ["calendar"], ["fuzz"], ["fuzz", "client"], ["fuzz", "model"]])
    func helpFitsATerminal(command: [String]) throws {
        // The argument parser takes the width from the terminal, or from here.
        let help = try HeddleCommand.run(command + ["--help"], in: Self.place, environment: ["COLUMNS": "80"])
        #expect(help.output.split(separator: "\n").filter { $0.count > 80 } == [])
        #expect(help.output.contains("Exit codes: 0 "))
    }

    @Test func theVersion() throws {
        let outcome = try HeddleCommand.run(["--version"], in: Self.place)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
        #expect(outcome.errors.isEmpty)
    }
}
