import Testing

/// The options of `heddle fuzz client` that are about a model.
@Suite struct GuideOptionTests {
    private static let rules = "/* observe\n * sent: c!time\n */\n"
    private static let model = "chan c = [1] of { byte }; active proctype P() { c!1 }\n"

    @Test(arguments: [
        (["-DX"], "-D goes with --model only"),
        (["--model", "absent.pml"], "absent.pml"),
        (["--model", "plain.pml"], "the model does not say which of its messages are which lines of a log"),
        (["--model", "wrong.pml"], "wrong.pml:1"),
    ])
    func whatTheUserHasToMend(arguments: [String], part: String) throws {
        let place = try Workplace(["plain.pml": Self.model, "wrong.pml": "active proctype {"])
        let outcome = try place.heddle(["fuzz", "client", "--runs", "0"] + arguments + ["--", "true"])
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }

    /// A program that is no client takes nothing of a model, which is said.
    @Test func whatWasNeverTakenIsSaid() throws {
        let place = try Workplace(["model.pml": Self.rules + Self.model])
        let outcome = try place.heddle("fuzz", "client", "--runs", "1", "--jobs", "1", "--model", "model.pml", "--", "true")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasSuffix("Of the model, 0 of 2 transitions taken\n  P: 0 of 2; it never moved\n"))
        #expect(outcome.errors.contains("1 run followed in the model, 1 to the end"))
    }
}
