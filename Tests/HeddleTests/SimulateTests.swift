import Testing

/// `heddle simulate`
@Suite struct SimulateTests {
    /// Eight bits by chance, then the end.
    private static let coins = """
        byte heads, tails;
        active proctype Coin() {
            do
            :: heads + tails < 8 -> heads++
            :: heads + tails < 8 -> tails++
            :: heads + tails == 8 -> break
            od
        }

        """

    private static func steps(_ output: String) -> [Substring] {
        output.split(separator: "\n").filter { $0.firstMatch(of: #/^ +\d+  /#) != nil }
    }

    @Test func theSameSeedTakesTheSameSteps() throws {
        let place = try Workplace(["model.pml": Self.coins])
        var outputs: Set<String> = []
        for seed in 1...4 {
            let one = try place.heddle("simulate", "--seed", "\(seed)", "model.pml")
            let other = try place.heddle("simulate", "--seed", "\(seed)", "model.pml")
            #expect(one.output == other.output)
            #expect(one.exitCode == 0)
            #expect(one.errors.isEmpty)
            outputs.insert(one.output)
        }
        // Four walks that agree in eight choices would be no chance.
        #expect(outputs.count > 1)
    }

    @Test func withoutASeedItIsTheFirst() throws {
        let place = try Workplace(["model.pml": Self.coins])
        #expect(
            try place.heddle("simulate", "model.pml").output
                == place.heddle("simulate", "--seed", "1", "model.pml").output)
    }

    @Test func aWalkToTheEnd() throws {
        let place = try Workplace([
            "model.pml": "byte x;\nactive proctype P() {\n    x = 1;\n    printf(\"x is %d\\n\", x)\n}\n"
        ])
        let outcome = try place.heddle("simulate", "model.pml")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("    1  P(0): x = 1  [model.pml:3]\n"))
        #expect(outcome.output.contains("       | x is 1\n"))
        #expect(outcome.output.contains("every process has come to an end, after "))
    }

    @Test(arguments: [0, 1, 3])
    func stopsAfterSoManySteps(steps: Int) throws {
        let place = try Workplace(["model.pml": Self.coins])
        let outcome = try place.heddle("simulate", "--steps", "\(steps)", "model.pml")
        #expect(outcome.exitCode == 0)
        #expect(Self.steps(outcome.output).count == steps)
        #expect(outcome.output.hasSuffix("\(steps) step\(steps == 1 ? "" : "s") taken; more are possible\n"))
    }

    @Test func aDeadlockIsAViolation() throws {
        let outcome = try HeddleCommand.run(["simulate", "deadlock-violated.pml"], in: Repository.models)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.output == """
                    1  Client(0): request!GET(7) -> Server(1): request?GET(from)  [deadlock-violated.pml:9]
                violated: deadlock: nothing can move, and not every process has come to an end
                  at deadlock-violated.pml:10:5
                  Client(0) at deadlock-violated.pml:10 waits for a message on reply, to do `reply?ACK`
                  Server(1) at deadlock-violated.pml:16 waits for a message on request, to do `request?GET(from)`

                """)
    }

    @Test(arguments: [
        "index-violated.pml", "division-violated.pml", "channel-never-created-violated.pml",
        "deterministic-step-blocks-violated.pml",
    ])
    func afterAFaultThereIsNoTellingHowItGoesOn(model: String) throws {
        let outcome = try HeddleCommand.run(["simulate", model], in: Repository.models)
        #expect(outcome.exitCode == 1)
        let lines = outcome.output.split(separator: "\n")
        let verdict = try #require(lines.firstIndex { $0.hasPrefix("violated: ") })
        #expect(lines[(verdict + 1)...].allSatisfy { $0.hasPrefix("  ") && $0.firstMatch(of: #/^ +\d+  /#) == nil })
    }

    // MARK: By choice

    private static let choice = """
        byte x;
        active proctype P() {
            if
            :: x = 10
            :: x = 20
            fi;
            assert(x == 10)
        }

        """

    private func interactive(_ input: String) throws -> HeddleCommand.Outcome {
        try Workplace(["model.pml": Self.choice]).heddle("simulate", "--interactive", "model.pml", input: input)
    }

    @Test(arguments: [("10", 0), ("20", 1)] as [(String, Int32)])
    func takesTheMoveThatIsChosen(value: String, exitCode: Int32) throws {
        let menu = try interactive("").output
        let line = try #require(menu.firstMatch(of: try Regex("(?m)^  (\\d)\\) P\\(0\\): x = \(value) ")))
        let number = try #require(line.output[1].substring)
        let outcome = try interactive("\(number)\n1\n1\n1\n")
        #expect(outcome.exitCode == exitCode)
        #expect(outcome.output.contains("    1  P(0): x = \(value)  [model.pml:"))
        #expect(outcome.output.contains(exitCode == 0 ? "every process has come to an end" : "\nviolated: "))
    }

    @Test(arguments: ["", "q\n", "q", " q \n"])
    func endsWithTheInputOrQ(input: String) throws {
        let outcome = try interactive(input)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasSuffix("\n0 steps taken; more are possible\n"))
        #expect(outcome.output.contains("choose 1 to 2, or q to end: "))
        #expect(outcome.errors.isEmpty)
    }

    @Test(arguments: ["0", "3", "-1", "x", "", "1.5", "99999999999999999999", "1 2", "\u{7}"])
    func asksAgainForWhatIsNoChoice(nonsense: String) throws {
        let outcome = try interactive(nonsense + "\n1\nq\n")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("`\(nonsense)` is not one of them\nchoose 1 to 2, or q to end: "))
        #expect(outcome.output.hasSuffix("\n1 step taken; more are possible\n"))
    }
}
