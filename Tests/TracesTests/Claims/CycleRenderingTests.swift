import Automata
import Testing

@testable import Traces

/// How runs that go on for ever are drawn.
@Suite struct CycleRenderingTests {
    private func unanswered() throws -> Trace {
        var path = try HandMadePath(ClaimModels.request)
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        try path.take("Server(1): requested", "Server(1): skip")
        return try path.record(.formula(0), loopStart: 2, property: "ltl answered")
    }

    @Test func cycleAsText() throws {
        let expected = """
            ltl answered violated: [] (requested -> <> (served == 1))
              after 2 steps a cycle of 2 steps, at models/a.pml:15

            Initially:  everything is 0, false or empty

                             Client(0)      Server(1)
               1   a.pml:6   pending == 0   │
               2   a.pml:6   pending = 1    │           pending: 0 → 1
            ┏━▶ cycle: from here on, for ever
            ┃  3   a.pml:12  │              requested
            ┃  4   a.pml:12  │              skip
            ┗━━ back to the state after step 2

            `requested` holds after step 2 (pending is 1), and `served == 1` never holds from then on.

            """
        #expect(TextRenderer().render(try unanswered()) == expected)
    }

    @Test func fairnessIsInTheTitle() throws {
        var trace = try unanswered()
        trace.violation.fairness = .strong
        #expect(TextRenderer().render(trace).hasPrefix(
            "ltl answered violated under strong fairness: [] (requested -> <> (served == 1))\n"))
    }

    /// The marks of atomic sequences stand beside the frame of the cycle.
    @Test func atomicSequencesInACycle() throws {
        var path = try HandMadePath(ClaimModels.atomic)
        try path.take("P(0): x = 1", "P(0): x = 2", "P(0): x = 0")
        let text = TextRenderer(options: TextOptions(isASCII: true)).render(
            try path.record(.formula(1), loopStart: 0, property: "ltl never2"))
        let expected = """
            ltl never2 violated: [] (x != 2)
              a cycle of 3 steps, at models/a.pml:8

            Initially:  everything is 0, false or empty

                            P(0)
            #=> cycle: from here on, for ever
            #/ 1   a.pml:4  x = 1   x: 0 -> 1
            #\\ 2   a.pml:4  x = 2   x: 1 -> 2
            #  3   a.pml:4  x = 0   x: 2 -> 0
            #== back to the initial state

            `x != 2` is false after step 2 (x is 2).

            """
        #expect(text == expected)
    }

    @Test func endThatLastsForEver() throws {
        var path = try HandMadePath(ClaimModels.ending)
        try path.take("P(0): x = 1", "P(0): x = 2")
        let trace = try path.record(.formula(0), loopStart: 2, property: "ltl reaches")
        let expected = """
            ltl reaches violated: <> (x == 3)
              after 2 steps, at models/a.pml:4

            Initially:  everything is 0, false or empty

                            P(0)    Q(1)
               1   a.pml:2  x = 1   │     x: 0 → 1
               2   a.pml:2  x = 2   │     x: 1 → 2
            ━━▶ this state lasts for ever: nothing can move any more

            Nothing can move any more after step 2, and `x == 3` never holds.

            Nothing can move:
              Q(1)  a.pml:3  waits for condition (x == 5): x is 2

            """
        #expect(TextRenderer().render(trace) == expected)
        #expect(MermaidRenderer().render(trace).contains("<br/>this state lasts for ever: nothing can move any more"))
    }

    @Test func cycleAsMermaid() throws {
        let expected = """
            sequenceDiagram
                participant P0 as Client(0)
                participant P1 as Server(1)
                Note over P0: 1. pending == 0
                Note over P0: 2. pending = 1<br/>pending: 0 → 1
                loop for ever, back to the state after step 2
                Note over P1: 3. requested
                Note over P1: 4. skip
                end
                Note over P0,P1: ltl answered violated: [] (requested -#62; #60;#62; (served == 1))<br/>#96;requested#96; holds after step 2 (pending is 1), and #96;served == 1#96; never holds from then on

            """
        #expect(MermaidRenderer().render(try unanswered()) == expected)
    }
}
