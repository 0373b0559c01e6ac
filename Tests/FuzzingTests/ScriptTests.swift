import Testing
import TimeTravel

@testable import Fuzzing

@Suite struct ScriptTests {
    @Test(arguments: [
        ("start 1", Script.Action.start(client: 1, arguments: [])),
        ("start 2 TICKS=1 SLEEP=1", .start(client: 2, arguments: ["TICKS=1", "SLEEP=1"])),
        ("receive 1 GET", .receive(client: 1, .get)),
        ("answer 1 START 1 shared", .answer(client: 1, .start, .number(1), sharesMemory: true)),
        ("answer 1 START shared", .answer(client: 1, .start, .number(0), sharesMemory: true)),
        ("answer 1 GET request-5", .answer(client: 1, .get, .request(minus: 5), sharesMemory: false)),
        ("send 1 RUN 1000", .send(client: 1, .run, .number(1000))),
        ("send 1 RUN forever", .send(client: 1, .run, .number(Time.forever))),
        ("send 1 RUN maximum", .send(client: 1, .run, .number(.max))),
        ("serve 1 until WAIT", .serve(client: 1, until: .wait)),
        ("serve 1 0 until 100 a tick", .serveUntilConsole(client: 1, .number(0), count: 100, "a tick")),
        ("run 1 until init begins", .run(client: 1, until: "init begins")),
        ("memory free_until 7", .store(.freeUntil, .number(7))),
        ("interrupt", .interrupt),
        ("console BUG: failure", .console("BUG: failure")),
    ])
    func aLineSaysWhatToDo(line: String, action: Script.Action) throws {
        let script = try Script([line])
        #expect(script.steps.map(\.action) == [action])
        #expect(script.lines == [line])
    }

    @Test(arguments: [
        "", "stop 1", "start", "start 0", "start one", "receive 1", "receive 1 HALT", "receive 1 GET 5", "send 1 RUN", "send 1 RUN soon",
        "answer 1", "answer 1 GET 1 2", "serve 1", "serve 1 until", "serve 1 0 until 0 tick", "serve 1 0 until 5", "run 1", "run 1 until",
        "memory free_until", "memory time 5", "interrupt 1", "console", "send 1 RUN -1",
    ])
    func aLineThatSaysNothingIsShown(line: String) {
        #expect(throws: Script.SyntaxError(line: 2, text: line)) { try Script(["start 1", line]) }
    }
}

/// Scripts with clients that are no kernels.
@Suite(.timeLimit(.minutes(20))) struct ScriptPlayerTests {
    private static func play(_ lines: String..., command: String = "exit 0", patience: Duration = .seconds(60)) throws -> ScriptPlayer.Outcome {
        try ScriptPlayer.play(try Script(lines), command: ["/bin/sh", "-c", command], patience: patience)
    }

    @Test func aClientThatNeverComesIsADeviation() throws {
        let outcome = try Self.play("start 1", command: "echo hello; exit 7")
        #expect(outcome.deviation == "at line 1 of the script, `start 1`: client 1 ended with exit code 7 and never came")
        #expect(outcome.console == ["hello"])
    }

    @Test func aClientThatHangsIsADeviation() throws {
        let outcome = try Self.play("start 1", command: "exec sleep 1000", patience: .milliseconds(300))
        #expect(outcome.deviation == "at line 1 of the script, `start 1`: nothing of the kind has come in time")
    }

    @Test func whoWasNotStartedCannotBeSpokenTo() throws {
        let outcome = try Self.play("send 1 RUN 0")
        #expect(outcome.deviation == "at line 1 of the script, `send 1 RUN 0`: client 1 has not been started")
    }
}
