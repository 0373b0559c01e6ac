import Automata
import Testing

@testable import Traces

/// What an engine says of whole runs is checked before it is written down.
@Suite struct LassoRecordingTests {
    private func unanswered() throws -> HandMadePath {
        var path = try HandMadePath(ClaimModels.request)
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        try path.take("Server(1): requested", "Server(1): skip")
        return path
    }

    @Test func keepsALasso() throws {
        let trace = try unanswered().record(.formula(0), loopStart: 2)
        #expect(trace.loopStart == 2)
        #expect(trace.states.count == 5 && trace.states[2] == trace.states[4])
        #expect(!trace.staysForEver)
        #expect(trace.violation.cause == .formulaViolated)
        #expect(trace.violation.claim == "answered")
        #expect(trace.violation.subject == "[] (requested -> <> (served == 1))")
        #expect(trace.violation.location?.line == 15)
    }

    @Test func refusesACycleThatDoesNotClose() throws {
        let path = try unanswered()
        #expect(path.refusal(.formula(0), loopStart: 1) == "the cycle does not close: the last state is not the one after step 1 (`pending` is 1 now, and was 0)")
        #expect(path.refusal(.formula(0), loopStart: 0) == "the cycle does not close: the last state is not the one at the start (`pending` is 1 now, and was 0)")
        #expect(path.refusal(.formula(0), loopStart: 5) == "there is no state after step 5")
        #expect(path.refusal(.formula(0), loopStart: -1) == "there is no state after step -1")
    }

    @Test func refusesAnEndThatGoesOn() throws {
        #expect(
            try unanswered().refusal(.formula(0), loopStart: 4)
                == "something can still move, so the last state does not last for ever")
    }

    @Test func refusesAFormulaThatHolds() throws {
        var path = try HandMadePath(ClaimModels.request)
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        try path.take("Server(1): pending == 1", "Server(1): served = 1", "Server(1): pending = 0", "Server(1): served = 0")
        #expect(path.refusal(.formula(0), loopStart: 0) == "every step is possible, but the formula holds on this run")
    }

    @Test func refusesAPrefixThatMayGoWell() throws {
        #expect(
            try unanswered().refusal(.formula(0), loopStart: nil)
                == "every step is possible, but the formula can still come true")
    }

    @Test func keepsABadPrefix() throws {
        var path = try HandMadePath(ClaimModels.ending)
        try path.take("P(0): x = 1")
        #expect(path.refusal(.formula(1), loopStart: nil) != nil)
        try path.take("P(0): x = 2")
        let trace = try path.record(.formula(1), loopStart: nil)
        #expect(trace.loopStart == nil)
        #expect(trace.violation.explanation == ["`x < 2` is false after step 2 (x is 2)"])
    }

    @Test func keepsAnEndThatLastsForEver() throws {
        var path = try HandMadePath(ClaimModels.ending)
        try path.take("P(0): x = 1", "P(0): x = 2")
        let trace = try path.record(.formula(0), loopStart: 2)
        #expect(trace.staysForEver)
        #expect(trace.violation.explanation == ["Nothing can move any more after step 2, and `x == 3` never holds"])
        #expect(trace.violation.waiting.map(\.actor) == ["Q(1)"])
        // There is but one way to go on, so the path alone says as much.
        #expect(try path.record(.formula(0), loopStart: nil) == trace)
    }

    @Test func observesNothingInsideAtomicSequences() throws {
        var path = try HandMadePath(ClaimModels.atomic)
        try path.take("P(0): x = 1")
        #expect(path.refusal(.formula(0), loopStart: nil) == "the path ends inside an atomic sequence")
        try path.take("P(0): x = 2", "P(0): x = 0")
        #expect(path.refusal(.formula(0), loopStart: 0) == "every step is possible, but the formula holds on this run")
        #expect(path.refusal(.formula(0), loopStart: 1) == "the cycle begins inside an atomic sequence")
        let trace = try path.record(.formula(1), loopStart: 0)
        #expect(trace.violation.explanation == ["`x != 2` is false after step 2 (x is 2)"])
    }

    // MARK: Fairness

    @Test func refusesAnUnfairRun() throws {
        var path = try HandMadePath(ClaimModels.counters)
        try path.take("P(0): x = !x", "P(0): x = !x")
        #expect(
            path.refusal(.formula(0), loopStart: 0, fairness: .weak)
                == "every step is possible, but `Q(1)` could move all the time in the cycle, but never does: the run is not weakly fair")
        #expect(path.refusal(.formula(0), loopStart: 0, fairness: .strong)?.contains("strongly fair") == true)
        let trace = try path.record(.formula(0), loopStart: 0)
        #expect(trace.violation.explanation == [
            "`y` never holds",
            "Q(1) could move all the time in the cycle, but never does: with --fairness weak such a run does not count",
        ])
    }

    @Test func keepsAFairRun() throws {
        var path = try HandMadePath(ClaimModels.counters)
        try path.take("P(0): x = !x", "Q(1): y = !y", times: 2)
        for fairness in Fairness.allCases {
            let trace = try path.record(.formula(1), loopStart: 0, fairness: fairness)
            #expect(trace.violation.fairness == fairness)
            #expect(trace.violation.explanation == [
                "`x == y` is false after step 1 (x is true, y is false), in every turn of the cycle"
            ])
        }
    }

    /// The client can move in part of the cycle only: weak fairness lets it wait, strong fairness does not.
    @Test func tellsWeakFromStrong() throws {
        let model = """
            byte turn;
            bool done;
            active proctype Mover() { do :: turn = 1 - turn od }
            active proctype Waiter() { turn == 1 -> done = true }
            ltl { <> done }
            """
        var path = try HandMadePath(model)
        try path.take("Mover(0): turn = 1 - turn", times: 2)
        #expect(try path.record(.formula(0), loopStart: 0, fairness: .weak).violation.explanation == [
            "`done` never holds",
            "Waiter(1) could move again and again in the cycle, but never does: with --fairness strong such a run does not count",
        ])
        #expect(path.refusal(.formula(0), loopStart: 0, fairness: .strong)?.contains(
            "`Waiter(1)` could move again and again in the cycle, but never does: the run is not strongly fair") == true)
    }

    /// A sender meets whom it likes: of those that it does not, none is kept waiting.
    @Test func letsASenderChooseWhomItMeets() throws {
        let model = """
            bool done;
            chan c = [0] of { bit };
            active proctype Waiter() { c?_; done = true }
            active proctype Taker() { do :: c?_ od }
            active proctype Sender() { do :: c!1 od }
            ltl { <> done }
            """
        var path = try HandMadePath(model)
        try path.take("Sender(2): c!1 -> Taker(1): c?_")
        let violation = try path.record(.formula(0), loopStart: 0, fairness: .strong).violation
        #expect(violation.explanation == ["`done` never holds"])
    }

    // MARK: Labels

    @Test func keepsACycleWithoutProgress() throws {
        var path = try HandMadePath(ClaimModels.labels)
        try path.take("Worker(0): x = !x", times: 2)
        let trace = try path.record(.progress, loopStart: 0, property: "progress")
        #expect(trace.violation.cause == .nonProgressCycle)
        #expect(trace.violation.explanation == [
            "No process passes a `progress` label in the cycle",
            "Worker(0) moves in it",
            "Idler(1) could move all the time in the cycle, but never does: with --fairness weak such a run does not count",
        ])
        #expect(path.refusal(.acceptance, loopStart: 0) == "every step is possible, but no process is at an `accept` label in the cycle")
    }

    @Test func refusesProgress() throws {
        var path = try HandMadePath(ClaimModels.labels)
        try path.take("Worker(0): skip", "Worker(0): x = !x", times: 2)
        #expect(
            path.refusal(.progress, loopStart: 0)
                == "every step is possible, but Worker(0) is at `progress_made` after step 1")
    }

    @Test func keepsAnAcceptanceCycle() throws {
        let model = ClaimModels.labels.replacing("progress_made: x = !x", with: "x = false")
            .replacing("skip ->\naccept_it", with: "x -> skip; x ->\naccept_it")
        var path = try HandMadePath(model)
        try path.take("Worker(0): x = !x", "Worker(0): x", "Worker(0): skip", "Worker(0): x", "Worker(0): x = !x")
        let trace = try path.record(.acceptance, loopStart: 0, property: "acceptance")
        #expect(trace.violation.cause == .acceptanceCycle)
        #expect(trace.violation.explanation.first == "Worker(0) is at `accept_it` after step 4, in every turn of the cycle")
    }
}
