import ArgumentParser
import Automata
import Foundation
import Fuzzing
import Promela
import Terminal
import Traces

/// `heddle simulate`
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Walk through a model, by chance or by choice.",
        // The argument parser would list all options, in one long line.
        usage: "heddle simulate [<options>] <model>",
        discussion: """
            Each step is printed as it is taken, with what the model itself prints. The same seed takes the same steps.

            Exit codes: 0 the walk came to a valid end or to the number of steps, 1 it ran into a violation, 2 wrong input.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("The seed of the random choices.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Stop after this many steps.", valueName: "n"))
    var steps: Int = 1000

    @Flag(name: .shortAndLong, help: "Ask for each step; reads choices from standard input.")
    var interactive = false

    func validate() throws {
        guard steps >= 0 else { throw ValidationError("--steps takes a number from 0 on.") }
    }

    func run() throws {
        let system = try model.load()
        let simulation = Simulation(system)
        var random = SplitMix64(seed: seed)
        Interruption.install()
        var taken = 0
        while case .running = simulation.status, taken < steps, !Interruption.isRequested {
            let index: Int
            if interactive {
                guard let choice = choose(from: simulation.moves) else { break }
                index = choice
            } else {
                index = Int.random(in: simulation.moves.indices, using: &random)
            }
            let step = simulation.take(index)
            taken += 1
            print(line(taken, step))
            if !step.output.isEmpty { print(indented(step.output)) }
        }
        switch simulation.status {
        case .running:
            print("\(taken) step\(taken == 1 ? "" : "s") taken; more are possible")
        case .ended:
            print("every process has come to an end, after \(taken) step\(taken == 1 ? "" : "s")")
        case .violated(let violation):
            print("violated: \(violation.message)")
            if let location = violation.location { print("  at \(location.path):\(location.line):\(location.column)") }
            for field in violation.values { print("  \(field.name) = \(field.value)") }
            for wait in violation.waiting {
                print("  \(wait.actor) at \(wait.location.path):\(wait.location.line) \(wait.reasons.joined(separator: "; "))")
            }
            throw ExitStatus.violated
        }
    }

    private func line(_ number: Int, _ step: Trace.Step) -> String {
        let count = String(repeating: " ", count: max(0, 5 - String(number).count)) + String(number)
        return "\(count)  \(step.summary)  [\(step.action.location.path):\(step.action.location.line)]"
    }

    private func indented(_ output: String) -> String {
        output.split(separator: "\n").map { "       | \($0)" }.joined(separator: "\n")
    }

    /// Shows the moves and reads the number of one; nil at the end of the input, or for `q`.
    private func choose(from moves: [Trace.Step]) -> Int? {
        for (index, move) in moves.enumerated() {
            print("  \(index + 1)) \(move.summary)  [\(move.action.location.path):\(move.action.location.line)]")
        }
        while true {
            print("choose 1 to \(moves.count), or q to end: ", terminator: "")
            fflush(nil)
            guard let answer = readLine()?.trimmingCharacters(in: .whitespaces), answer != "q" else {
                print("")
                return nil
            }
            if let number = Int(answer), moves.indices.contains(number - 1) { return number - 1 }
            print("`\(answer)` is not one of them")
        }
    }
}
