import Testing

/// What `heddle check` prints, to the letter.
@Suite struct ExactOutputTests {
    @Test func aModelThatHolds() throws {
        let outcome = try HeddleCommand.run(["check", "counter-holds.pml"], in: Repository.models)
        #expect(
            Normalized.text(outcome.output) == """
                counter-holds.pml: holds

                  assertions        holds: no assertion fails
                  end-states        holds: no deadlock: every end state is a valid one
                  array-bounds      holds: no array index is out of bounds
                  division-by-zero  holds: no division by zero
                  execution         holds: no other error of execution

                209 states stored, 144 matched, 352 transitions, depth 32; 0.00 s, 0 bytes

                """)
    }

    @Test func aModelThatDeadlocks() throws {
        let outcome = try HeddleCommand.run(["check", "deadlock-violated.pml"], in: Repository.models)
        #expect(
            Normalized.text(outcome.output) == """
                deadlock-violated.pml: violated

                  assertions        undecided: the search stopped at a violation of another property
                  end-states        violated
                  array-bounds      undecided: the search stopped at a violation of another property
                  division-by-zero  undecided: the search stopped at a violation of another property
                  execution         undecided: the search stopped at a violation of another property

                end-states: nothing can move any more, but not every process has come to an end
                  deadlock: nothing can move, and Client(0) and Server(1) have not come to an end
                  after 1 step, at deadlock-violated.pml:10

                Initially:  everything is 0, false or empty

                                                 Client(0)            Server(1)
                   1   deadlock-violated.pml:9   request!GET(7)       │
                       deadlock-violated.pml:15  └────── GET 7 ──────▶request?GET(from)   Server(1).from: 0 → 7

                Nothing can move:
                  Client(0)  deadlock-violated.pml:10  waits for a message on reply, to do `reply?ACK`
                  Server(1)  deadlock-violated.pml:16  waits for a message on request, to do `request?GET(from)`

                2 states stored, 0 matched, 1 transition, depth 1; 0.00 s, 0 bytes

                """)
    }
}
