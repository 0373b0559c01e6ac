import Automata
import Testing

@testable import Traces

/// Runs that are said to be matched by a never claim.
@Suite struct NeverClaimTests {
    private static func model(_ claim: String) -> String {
        """
        bool x;
        bool y;
        byte low = 1;
        active proctype P() { do :: x = !x :: y = !y od }
        \(claim)
        """
    }

    private static let eventuallyNever = "never { do :: true :: x && !y -> break od; accept_y: do :: !y od }"

    private func path(_ claim: String, _ steps: [String]) throws -> HandMadePath {
        var path = try HandMadePath(Self.model(claim))
        for step in steps { try path.take("P(0): \(step)") }
        return path
    }

    @Test func goesThroughAnAcceptState() throws {
        let trace = try path(Self.eventuallyNever, ["x = !x", "x = !x"]).record(.neverClaim(0), loopStart: 0, property: "never")
        #expect(trace.violation.cause == .claimMatched)
        #expect(trace.violation.claim == nil)
        #expect(trace.violation.explanation == [
            "The claim goes through an `accept` state in every turn of the cycle", "P(0) moves in it",
        ])
    }

    @Test func isNotMatched() throws {
        let reason = "every step is possible, but the never claim does not go along with this run"
        #expect(try path(Self.eventuallyNever, ["x = !x", "y = !y", "x = !x", "y = !y"]).refusal(.neverClaim(0), loopStart: 0) == reason)
        #expect(try path(Self.eventuallyNever, ["y = !y", "y = !y"]).refusal(.neverClaim(0), loopStart: 0) == reason)
        #expect(try path(Self.eventuallyNever, ["x = !x"]).refusal(.neverClaim(0), loopStart: nil) == reason)
    }

    @Test func reachesItsEnd() throws {
        let claim = "never both { do :: x && y -> break :: else od }"
        let made = try path(claim, ["x = !x", "y = !y"])
        let trace = try made.record(.neverClaim(0), loopStart: nil, property: "never both")
        #expect(trace.violation.claim == "both")
        #expect(trace.violation.explanation == ["The claim reaches its end after step 2"])
        #expect(try path(claim, ["x = !x", "x = !x"]).refusal(.neverClaim(0), loopStart: 0) != nil)
    }

    /// Each of two accept states is left for ever, although one of them is met in each turn from different starts.
    @Test func needsOneRunOfTheClaim() throws {
        let claim = """
            never {
            S: do :: x -> goto accept_a :: !x -> goto T od;
            T: do :: true -> goto T od;
            accept_a: do :: true -> goto T od
            }
            """
        #expect(try path(claim, ["x = !x", "x = !x"]).refusal(.neverClaim(0), loopStart: 0) != nil)
    }

    @Test func isReplayed() throws {
        let trace = try path(Self.eventuallyNever, ["x = !x", "x = !x"]).record(.neverClaim(0), loopStart: 0, property: "never")
        let edited = try HandMadePath(Self.model("never { accept: do :: y od }"))
        #expect(TraceReplayer(edited.system).replay(trace).outcome == .diverged(
            step: 2, reason: "all 2 steps fit, but the never claim does not go along with this run"))
        let without = try HandMadePath(Self.model(""))
        #expect(TraceReplayer(without.system).replay(trace).outcome == .diverged(
            step: 2, reason: "the model no longer has this never claim"))
    }
}
