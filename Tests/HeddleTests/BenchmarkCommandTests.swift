import Foundation
import TestSupport
import Testing

/// `heddle-bench`, from the command line to the tables.
@Suite struct BenchmarkCommandTests {
    private static func run(
        _ arguments: [String], in directory: URL = Repository.root, environment: [String: String] = [:]
    ) throws -> HeddleCommand.Outcome {
        try start(arguments, in: directory, environment: environment).outcome()
    }

    private static func start(
        _ arguments: [String], in directory: URL = Repository.root, environment: [String: String] = [:]
    ) throws -> RunningCommand {
        try HeddleCommand(arguments: arguments, directory: directory, environment: environment, name: "heddle-bench").start()
    }

    /// Has it work in a folder of its own for temporary files, and expects nothing to be left of them.
    private static func leavingNothing(_ work: ([String: String]) throws -> Void) throws {
        let folder = try Workplace()
        try work(["TMPDIR": folder.url.path])
        #expect(try folder.names.isEmpty)
    }

    @Test(.enabled(if: SpinOracle.isAvailable, "Spin is not installed")) func bothFindTheSameStates() throws {
        try Self.leavingNothing { environment in
            let results = try Workplace()
            let file = results.url.appendingPathComponent("results.json")
            let outcome = try Self.run(
                ["--models", "anderson", "-DN=3", "--rounds", "2", "--states", "--liveness", "--json", file.path],
                environment: environment)
            #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasPrefix("All states (Heddle one by one with sleep sets, or as a decision diagram; Spin with -DNOREDUCE)\n\nmodel "))
            #expect(outcome.output.contains("\nLiveness\n\nmodel "))
            let rows = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]])
            #expect(rows.map { $0["comparison"] as? String } == ["states", "liveness"])
            for row in rows {
                let (heddle, spin) = (row["heddle"] as? [String: Any], row["spin"] as? [String: Any])
                #expect(heddle?["verdict"] as? String == "holds")
                #expect(spin?["verdict"] as? String == "holds")
                #expect(heddle?["states"] as? Int ?? 0 > 100)
            }
            #expect((rows[0]["heddle"] as? [String: Any])?["states"] as? Int == (rows[0]["spin"] as? [String: Any])?["states"] as? Int)
        }
    }

    @Test(.enabled(if: SpinOracle.isAvailable, "Spin is not installed")) func aViolatedModelIsSaidLoudly() throws {
        try Self.leavingNothing { environment in
            let outcome = try Self.run(["--models", "philosophers", "-DN=3", "-DGREEDY", "--rounds", "1"], environment: environment)
            #expect(outcome.exitCode == 1)
            #expect(outcome.output.contains("\n! philosophers N=3 GREEDY: Heddle: violated; Spin: violated"))
        }
    }

    @Test func withoutSpinHeddleIsMeasuredAlone() throws {
        let place = try Workplace()
        let outcome = try Self.run(
            ["--models", "anderson", "--size", "small", "-DN=2", "--rounds", "1"], environment: ["PATH": place.url.path])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("heddle-bench: spin is not installed; on Debian: apt-get install spin; only Heddle is measured\n"))
        #expect(outcome.output.contains("\nanderson N=2  "))
    }

    @Test func growthIsATableForPlottingPrograms() throws {
        try Self.leavingNothing { environment in
            let outcome = try Self.run(
                ["growth", "--model", "benchmarks/philosophers.pml", "--from", "2", "--to", "3"], environment: environment)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
            #expect(lines.first?.first == "size")
            #expect(lines.allSatisfy { $0.count == lines[0].count })
            let reductions = ["--merge-local-steps", "--reduction stubborn", "--symmetry"]
            let combinations = ["none"] + reductions + [reductions.joined(separator: " ")]
            #expect(
                lines.dropFirst().map { $0.prefix(3).joined(separator: " ") }
                    == ["2", "3"].flatMap { size in combinations.map { "\(size) \($0) holds" } })
        }
    }

    @Test func whereALimitIsReachedLargerSizesAreNotTried() throws {
        let outcome = try Self.run([
            "growth", "--model", "benchmarks/philosophers.pml", "--from", "12", "--to", "14", "--reduce", "--depth 2",
            "--memory", "1M",
        ])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").prefix(3).joined(separator: " ") }
        #expect(lines == ["12 none inconclusive", "12 --depth 2 inconclusive"])
    }

    @Test(arguments: [
        (["--models", "nothing"], "There is no model `nothing`; there are peterson, "),
        (["--rounds", "0"], "--rounds takes a number from 1 to 1000."),
        (["--threads", "0"], "--threads takes a number from 1 to 256."),
        (["--size", "huge"], "The value 'huge' is invalid for '--size <size>'"),
        (["--heddle", "/nowhere/heddle"], "there is no program `/nowhere/heddle`"),
        (["--models", "other.pml"], "there is no model `"),
        (["growth", "--from", "3", "--to", "2"], "--from is larger than --to."),
        (["growth", "--time-limit", "0"], "--time-limit takes a number of seconds from 0.001 on."),
        (["--json", "Package.swift"], "`Package.swift` exists"),
    ])
    func wrongOptionsAreSaidBeforeAnythingIsRun(arguments: [String], message: String) throws {
        let outcome = try Self.run(arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test func controlCRemovesWhatWasBegun() throws {
        try Self.leavingNothing { environment in
            let running = try Self.start(["--models", "elevators", "--against", "none"], environment: environment)
            try running.wait { $0.isCatching(SIGINT) }
            running.send(SIGINT)
            let outcome = try running.outcome()
            #expect(outcome.exitCode == 3)
            #expect(outcome.errors.contains("heddle-bench: interrupted\n"))
        }
    }
}
