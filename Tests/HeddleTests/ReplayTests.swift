import Testing

/// `heddle replay` on models that were edited after the trace was written.
@Suite struct ReplayTests {
    private static let model = """
        bool locked;
        byte inside;
        active [2] proctype Worker() {
            !locked;
            locked = true;
            inside++;
            assert(inside == 1);
            inside--;
            locked = false
        }

        """

    private func placeWithTrace(_ model: String = model) throws -> Workplace {
        let place = try Workplace(["model.pml": model])
        #expect(try place.heddle("check", "--trace", "trace.itf.json", "model.pml").exitCode == 1)
        return place
    }

    @Test func shiftedLinesDoNotMatter() throws {
        let place = try placeWithTrace()
        try place.write("// A comment.\n\n\nbyte other;\n" + Self.model, to: "model.pml")
        let outcome = try place.heddle("replay", "--quiet", "trace.itf.json")
        #expect(outcome.output == "trace.itf.json: reproduced\n")
        #expect(outcome.exitCode == 0)
    }

    @Test func blanksAndParenthesesDoNotMatter() throws {
        let place = try placeWithTrace()
        try place.write(
            Self.model.replacing("    !locked;", with: "    // Elsewhere.\n    ( !locked );")
                .replacing("inside == 1", with: "(inside) == 1"), to: "model.pml")
        let outcome = try place.heddle("replay", "--quiet", "trace.itf.json")
        #expect(outcome.output == "trace.itf.json: reproduced\n")
        #expect(outcome.exitCode == 0)
    }

    @Test func aRepairedModelDivergesAtTheStepThatTheRepairForbids() throws {
        let place = try placeWithTrace()
        try place.write(
            Self.model.replacing("    !locked;\n    locked = true;", with: "    atomic { !locked; locked = true };"),
            to: "model.pml")
        #expect(try place.heddle("check", "--quiet", "--property", "assertions", "model.pml").exitCode == 0)
        let outcome = try place.heddle("replay", "trace.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.isEmpty)
        #expect(
            try #require(outcome.output.firstMatch(of: #/^trace\.itf\.json: diverged at step (\d+): .+/#)).output.1 == "2")
    }

    @Test func anAssertionThatHoldsNowDivergesAtTheLastStep() throws {
        let place = try placeWithTrace()
        try place.write(Self.model.replacing("inside == 1", with: "inside <= 2"), to: "model.pml")
        let outcome = try place.heddle("replay", "trace.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("diverged at step 7: "))
    }

    @Test func aDeadlockThatIsMendedDiverges() throws {
        let model = try Repository.model("deadlock-violated.pml")
        let place = try placeWithTrace(model)
        let last = try #require(model.range(of: "request?GET(from)\n}"))
        try place.write(model.replacingCharacters(in: last, with: "reply!ACK\n}"), to: "model.pml")
        #expect(try place.heddle("check", "--quiet", "model.pml").exitCode == 0)
        let outcome = try place.heddle("replay", "trace.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.hasPrefix("trace.itf.json: diverged at step 1: the only step fits, but it goes on now: "))
    }

    @Test func aStoryIsToldWithTheOutcome() throws {
        let place = try placeWithTrace()
        let text = try place.text(of: "trace.itf.json")
        try place.write(
            text.replacing("\"version\": 1,", with: "\"version\": 1, \"story\": [\"Both see it unlocked.\", \"Both go in.\"],"),
            to: "trace.itf.json")
        #expect(
            try place.heddle("replay", "trace.itf.json").output
                == "trace.itf.json: reproduced\n  Both see it unlocked. Both go in.\n")
        #expect(try place.heddle("replay", "--quiet", "trace.itf.json").output == "trace.itf.json: reproduced\n")
        #expect(try place.heddle("show", "trace.itf.json").output.contains("\nBoth see it unlocked. Both go in.\n\nInitially:"))
        #expect(try place.heddle("show", "--as", "itf", "trace.itf.json").output.contains("\"Both go in.\""))

        try place.write(Self.model.replacing("inside == 1", with: "inside <= 2"), to: "model.pml")
        let diverged = try place.heddle("replay", "trace.itf.json")
        #expect(diverged.exitCode == 1)
        #expect(diverged.output.contains("\n  Both see it unlocked. Both go in.\n"))
    }

    @Test func aStoryThatIsNoListIsWrongInput() throws {
        let place = try placeWithTrace()
        let text = try place.text(of: "trace.itf.json")
        try place.write(text.replacing("\"version\": 1,", with: "\"version\": 1, \"story\": \"Both go in.\","), to: "trace.itf.json")
        let outcome = try place.heddle("replay", "trace.itf.json")
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errors
                == "heddle: error: trace.itf.json: #meta.heddle.story: a string stands where a list should be\n")
    }

    @Test func aModelThatIsBrokenNowIsWrongInput() throws {
        let place = try placeWithTrace()
        try place.write("byte x = ;\n", to: "model.pml")
        let outcome = try place.heddle("replay", "trace.itf.json")
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("model.pml:1:10: error: "))
    }

    @Test func oneOfSeveralThatDivergesIsEnough() throws {
        let place = try placeWithTrace()
        try place.write(try place.text(of: "trace.itf.json").replacing("model.pml", with: "old.pml"), to: "old.itf.json")
        try place.write(Self.model, to: "old.pml")
        try place.write(Self.model.replacing("inside == 1", with: "inside <= 2"), to: "model.pml")
        let outcome = try place.heddle("replay", "old.itf.json", "trace.itf.json", "old.itf.json")
        #expect(outcome.exitCode == 1)
        let lines = outcome.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(lines.count == 3)
        #expect(lines.first == "old.itf.json: reproduced")
        #expect(lines.last == "old.itf.json: reproduced")
    }

    /// A trace names its model relative to a folder above it, so it is found from anywhere.
    @Test func theModelIsFoundFromAnotherFolder() throws {
        let place = try Workplace(["models/model.pml": Self.model, "corpus/deep/readme": ""])
        #expect(
            try place.heddle("check", "--trace", "corpus/deep/trace.itf.json", "models/model.pml").exitCode == 1)
        let elsewhere = place.url.appendingPathComponent("corpus")
        let outcome = try HeddleCommand.run(["replay", "deep/trace.itf.json"], in: elsewhere)
        #expect(outcome.output == "deep/trace.itf.json: reproduced\n")
        #expect(outcome.exitCode == 0)
    }

    @Test func theTraceRemembersTheMacrosOfTheCommandLine() throws {
        let place = try Workplace(["model.pml": "active proctype P() { assert(LIMIT > 3) }\n"])
        #expect(try place.heddle("check", "-DLIMIT=2", "--trace", "trace.itf.json", "model.pml").exitCode == 1)
        #expect(try place.heddle("replay", "trace.itf.json").exitCode == 0)
        #expect(try place.heddle("check", "-D", "LIMIT=4", "model.pml").exitCode == 0)
    }

    /// A trace of a formula of the command line carries the formula with it.
    @Test func aRunThatGoesOnForEver() throws {
        let model = """
            bool on;
            byte rest;
            active proctype Lamp() { do :: on -> on = false :: !on -> on = true od }
            active proctype Owner() { rest = 1 }

            """
        let place = try Workplace(["model.pml": model])
        let check = try place.heddle(
            "check", "--ltl", "<> [] on", "--fairness", "weak", "--property", "end-states", "--trace", "trace.itf.json", "model.pml")
        #expect(check.exitCode == 1)
        #expect(check.output.contains("cycle: from here on, for ever\n"))
        #expect(check.output.contains(", in every turn of the cycle.\n"))
        #expect(try place.heddle("replay", "--quiet", "trace.itf.json").output == "trace.itf.json: reproduced\n")
        try place.write(model.replacing("rest = 1", with: "do :: rest = 1 - rest od"), to: "model.pml")
        #expect(try place.heddle("replay", "--quiet", "trace.itf.json").exitCode == 1)
    }
}
