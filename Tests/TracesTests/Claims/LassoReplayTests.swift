import Automata
import Testing

@testable import Traces

/// A run that breaks a claim is replayed on models that were edited.
@Suite struct LassoReplayTests {
    private func trace() throws -> Trace {
        var path = try HandMadePath(ClaimModels.request)
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        try path.take("Server(1): requested", "Server(1): skip")
        return try path.record(.formula(0), loopStart: 2)
    }

    private func replay(_ trace: Trace, replacing old: String, with new: String, formulas: [String] = []) throws -> Replay {
        #expect(ClaimModels.request.contains(old))
        let path = try HandMadePath(ClaimModels.request.replacing(old, with: new), formulas: formulas)
        return TraceReplayer(path.system).replay(trace)
    }

    @Test func survivesUnrelatedEdits() throws {
        let edited = "ltl other { [] true }\nbyte unrelated;\nactive proctype Bystander() { end: unrelated == 1 }\n"
            + ClaimModels.request
        #expect(TraceReplayer(try HandMadePath(edited).system).replay(try trace()) == Replay(outcome: .reproduced))
    }

    @Test func noticesThatTheFormulaHolds() throws {
        let replay = try replay(try trace(), replacing: "<> (served == 1)", with: "<> (served == 0)")
        #expect(replay.outcome == .diverged(step: 4, reason: "all 4 steps fit, but the formula holds on this run"))
    }

    @Test func notesThatTheFormulaReadsOtherwise() throws {
        let replay = try replay(try trace(), replacing: "<> (served == 1)", with: "<> (served == 2)")
        #expect(replay.isReproduced)
        #expect(replay.notes == [
            "the formula reads `[] (requested -> <> (served == 2))` now, and was `[] (requested -> <> (served == 1))`"
        ])
    }

    @Test func noticesThatTheFormulaIsGone() throws {
        let replay = try replay(try trace(), replacing: "ltl answered", with: "ltl replied")
        #expect(replay.outcome == .diverged(step: 4, reason: "the model no longer has the formula `answered`"))
    }

    @Test func noticesThatTheCycleDoesNotClose() throws {
        let replay = try replay(try trace(), replacing: "requested -> skip", with: "requested -> skip; served++")
        #expect(replay.outcome == .diverged(
            step: 4,
            reason: "all 4 steps fit, but the cycle does not close: the last state is not the one after step 2"))
        let other = try self.replay(try trace(), replacing: "active proctype Server() {\n    do", with: "active proctype Server() {\n    byte n;\n    do")
        #expect(other.isReproduced)
    }

    @Test func noticesThatTheStarvedProcessCanMove() throws {
        var path = try HandMadePath(ClaimModels.request)
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        try path.take("Server(1): requested", "Server(1): skip")
        let trace = try path.record(.formula(0), loopStart: 2, fairness: .weak)
        let replay = try replay(trace, replacing: ":: pending == 0 -> pending = 1", with: ":: pending == 0 -> pending = 1 :: pending < 9 -> skip")
        #expect(replay.outcome == .diverged(
            step: 4,
            reason: "all 4 steps fit, but `Client(0)` could move all the time in the cycle, but never does: the run is not weakly fair"))
    }

    @Test func noticesThatTheEndGoesOn() throws {
        var path = try HandMadePath(ClaimModels.ending)
        try path.take("P(0): x = 1", "P(0): x = 2")
        let trace = try path.record(.formula(0), loopStart: 2)
        let edited = try HandMadePath(ClaimModels.ending.replacing("x == 5", with: "x == 2"))
        #expect(TraceReplayer(edited.system).replay(trace).outcome == .diverged(
            step: 2, reason: "all 2 steps fit, but something can still move, so the last state does not last for ever"))
    }

    /// A file can say anything of where the cycle begins, and of what fails.
    @Test func wrongFilesDiverge() throws {
        let (original, path) = (try trace(), try HandMadePath(ClaimModels.request))
        for cause in Trace.Cause.allCases where cause.isOfClaim {
            for loopStart in Array(0...original.steps.count) + [nil] {
                var trace = original
                trace.loopStart = loopStart
                trace.violation.cause = cause
                let replay = TraceReplayer(path.system).replay(trace)
                let fits = loopStart == 2 && (cause == .formulaViolated || cause == .nonProgressCycle)
                #expect(replay.isReproduced == fits, "\(cause) \(loopStart ?? -1): \(replay)")
                for format in TraceFormat.allCases { #expect(!format.render(trace).isEmpty) }
            }
        }
    }

    @Test func findsAFormulaOfTheCommandLine() throws {
        let formula = "[] (pending == 0)"
        var path = try HandMadePath(ClaimModels.request, formulas: [formula])
        try path.take("Client(0): pending == 0", "Client(0): pending = 1")
        let trace = try path.record(.formula(1), loopStart: nil)
        #expect(trace.model.formulas == [formula])
        #expect(trace.model.readOptions.formulas == [formula])
        let other = try HandMadePath(ClaimModels.request, formulas: ["<> (served == 0)", formula])
        #expect(TraceReplayer(other.system).replay(trace) == Replay(outcome: .reproduced))
        let without = try HandMadePath(ClaimModels.request)
        #expect(TraceReplayer(without.system).replay(trace).outcome == .diverged(
            step: 2, reason: "the model no longer has the formula `[] (pending == 0)`"))
    }
}
