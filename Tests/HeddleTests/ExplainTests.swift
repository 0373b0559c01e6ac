import Foundation
import Testing

@Suite struct ExplainTests {
    private func run(_ arguments: String...) throws -> HeddleCommand.Outcome {
        try HeddleCommand.run(["explain"] + arguments, in: Repository.models)
    }

    @Test func explainsACode() throws {
        let outcome = try run("missing-option-mark")
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
        #expect(
            outcome.output == """
                missing-option-mark: `if` or `do` without `::`

                Every option starts with `::`, the first one too; there are no braces around them, and `fi` or `od`
                closes them. Where no guard holds, `if` waits: write `:: else` to go on.

                For example:

                    int x;
                    init { if (x > 1) { x = 0 } }

                Without it:

                    int x;
                    init { if :: x > 1 -> x = 0 :: else fi }

                """)
    }

    @Test func explainsBothMeaningsOfAWord() throws {
        let outcome = try run("division-by-zero")
        #expect(outcome.output.split(separator: "\n").filter { $0.hasPrefix("division-by-zero: ") }.count == 2)
    }

    @Test func listsEverythingInOneLineEach() throws {
        let outcome = try run()
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.exitCode == 0)
        #expect(lines.filter { $0.hasPrefix("  ") }.count > 100)
        for name in ["inconclusive", "end-states", "channel-arity"] {
            #expect(lines.contains { $0.hasPrefix("  \(name) ") })
        }
    }

    @Test func knowsWhatIsLikeAnUnknownName() throws {
        let outcome = try run("chanel-arity")
        #expect(outcome.exitCode == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("did you mean `channel-arity`"))
        #expect(try run("xyzzy-plugh-frobnicate").errors.contains("heddle explain"))
    }

    @Test func needsNoRepositoryAround() throws {
        let outcome = try HeddleCommand.run(["explain", "holds"], in: URL(fileURLWithPath: "/"))
        #expect(outcome.exitCode == 0 && outcome.output.hasPrefix("holds: "))
    }
}
