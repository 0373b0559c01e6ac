import Automata
import Exploration
import Promela
import Testing

@testable import Traces

@Suite struct ReplayTests {
    @Test(arguments: Models.all) func reproduces(_ model: String) throws {
        let fixture = try Fixture(model)
        #expect(TraceReplayer(fixture.system).replay(fixture.trace) == Replay(outcome: .reproduced))
        let read = try TraceFile.decode(TraceFormat.itf.render(fixture.trace))
        #expect(TraceReplayer(try Fixture.system(model)).replay(read) == Replay(outcome: .reproduced))
    }

    @Test(arguments: Models.all) func survivesUnrelatedEdits(_ model: String) throws {
        let trace = try Fixture(model).trace
        let edited = "/* Lines\nand lines */\n\nint unrelated = 3;\n" + model.replacing("    ", with: "  ")
        #expect(TraceReplayer(try Fixture.system(edited)).replay(trace) == Replay(outcome: .reproduced))
    }

    @Test(arguments: [Models.deadlock, Models.assertion, Models.outOfBounds]) func survivesShiftedPids(_ model: String) throws {
        let trace = try Fixture(model).trace
        let edited = "byte other;\nactive proctype Bystander() { end: other == 1 }\n" + model
        #expect(TraceReplayer(try Fixture.system(edited)).replay(trace) == Replay(outcome: .reproduced))
    }

    private func diverged(_ model: String, replacing old: String, with new: String) throws -> Replay {
        let trace = try Fixture(model).trace
        #expect(model.contains(old))
        return TraceReplayer(try Fixture.system(model.replacing(old, with: new))).replay(trace)
    }

    @Test func namesTheStepThatIsGone() throws {
        let replay = try diverged(Models.deadlock, replacing: "request!GET(7)", with: "request!ACK(7)")
        #expect(replay.outcome == .diverged(
            step: 1,
            reason: "`Client(0)` cannot do `request!GET(7)`: it stands at models/a.pml:6 `request!ACK(7)` now"))
    }

    @Test func namesTheProctypeThatIsGone() throws {
        let replay = try diverged(Models.deadlock, replacing: "Client", with: "Customer")
        #expect(replay.outcome == .diverged(step: 1, reason: "the model no longer has a proctype `Client`"))
    }

    @Test func namesTheProcessThatIsGone() throws {
        let replay = try diverged(
            Models.assertion, replacing: "active [2] proctype", with: "active [1] proctype")
        guard case .diverged(let step, let reason) = replay.outcome else { return #expect(Bool(false)) }
        #expect(step >= 1)
        #expect(reason == "there is no process `Worker(1)` at this point now")
    }

    @Test func namesTheBlockedStep() throws {
        let replay = try diverged(Models.assertion, replacing: "log!n", with: "count > 5 -> log!n")
        guard case .diverged(_, let reason) = replay.outcome else { return #expect(Bool(false)) }
        #expect(reason.contains("cannot do `log!n`: it stands at models/a.pml:8 `count > 5` now"))
    }

    @Test func noticesThatTheAssertionHolds() throws {
        let replay = try diverged(Models.assertion, replacing: "#define MAX 1", with: "#define MAX 9")
        let count = try Fixture(Models.assertion).trace.steps.count
        #expect(replay.outcome == .diverged(step: count, reason: "all \(count) steps fit, but the assertion holds now"))
    }

    @Test func noticesThatTheDeadlockIsGone() throws {
        let replay = try diverged(
            Models.deadlock, replacing: "request?GET(from);\n    request?GET(from)",
            with: "request?GET(from);\n    reply!ACK")
        #expect(replay.outcome == .diverged(
            step: 1,
            reason: "the only step fits, but it goes on now: `Server(1): reply!ACK -> Client(0): reply?ACK`"))
    }

    @Test func noticesThatTheEndIsValid() throws {
        let replay = try diverged(Models.deadlock, replacing: "    reply?ACK", with: "    end: reply?ACK")
        guard case .reproduced = replay.outcome else { return #expect(Bool(false), "Server is blocked still") }
    }

    @Test func noticesThatTheIndexIsInBounds() throws {
        let replay = try diverged(Models.outOfBounds, replacing: "byte a[3]", with: "byte a[4]")
        #expect(replay.outcome == .diverged(
            step: 2, reason: "the only step fits, but `P(0)` does `a[i] = 1` without a fault now"))
    }

    @Test func notesAnEditedStatement() throws {
        let replay = try diverged(Models.outOfBounds, replacing: "a[i] = 1", with: "a[i] = 2")
        #expect(replay.isReproduced)
        let other = try diverged(Models.assertion, replacing: "n = count", with: "n = count + 1")
        #expect(other.isReproduced)
        #expect(other.notes.contains { $0.contains("`n = count` reads `n = count + 1` now, at models/a.pml:6") })
        #expect(other.notes.contains { $0.contains("is 2 now, and was 1") })
    }

    @Test func notesAnEditedAssertion() throws {
        let replay = try diverged(Models.assertion, replacing: "assert(count <= MAX)", with: "assert(count < 2)")
        #expect(replay.isReproduced)
        #expect(replay.notes.contains("what fails reads `(count < 2)` now, and was `(count <= MAX)`"))
    }

    @Test func tellsMovesOfTheSameTextApart() throws {
        let model = """
            byte x;
            active proctype P() {
                if
                :: skip -> x = 1
                :: skip -> x = 2
                :: skip -> x = 3
                fi;
                assert(x != 3)
            }
            """
        let fixture = try Fixture(model)
        #expect(fixture.trace.steps[0].occurrence == 2)
        #expect(TraceReplayer(fixture.system).replay(fixture.trace).isReproduced)
    }
}
