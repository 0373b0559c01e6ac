import Foundation
import Testing

/// `heddle calendar` as a user runs it, with programs that are no clients; with real kernels it is in the README.
@Suite struct CalendarTests {
    @Test(arguments: [
        (["--clients", "0"], "--clients takes a number from 1 to 256."),
        (["--clients", "two"], "two"),
        (["--start-time", "yesterday"], "yesterday"),
        (["--start-time", "1960-01-01T00:00:00Z"], "1960-01-01T00:00:00Z"),
        (["--socket", "mine"], "cannot listen on mine: File exists"),
        (["--record", "mine"], "cannot record to mine: File exists"),
        (["--record", "nowhere/log"], "cannot record to nowhere/log: No such file or directory"),
        (["--socket", String(repeating: "x", count: 200)], "has room for 107 bytes"),
        (["--", "nowhere/program"], "cannot start nowhere/program: No such file or directory"),
        (["--", "true"], "client 1 ended before all 1 had connected, so time never began"),
    ])
    func whatTheUserHasToMend(arguments: [String], part: String) throws {
        let place = try Workplace(["mine": "mine"])
        let outcome = try place.heddle(["calendar"] + arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(part))
        #expect(try place.names == ["mine"])
        #expect(try place.text(of: "mine") == "mine")
    }

    /// Starts a calendar whose only client sleeps, and waits until that has said its number.
    private static func start(in place: Workplace) throws -> (command: RunningCommand, client: Int32) {
        let script = "touch $HEDDLE_FOLDER/left; echo $HEDDLE_FOLDER >folder; echo $$ >client.new; mv client.new client; exec sleep 1000"
        let command = try HeddleCommand(
            arguments: ["calendar", "--socket", "socket", "--record", "log", "--", "sh", "-c", script], directory: place.url
        ).start()
        try command.wait { try place.names.contains("client") && $0.isCatching(SIGINT) }
        let number = try place.text(of: "client").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try place.names.contains("socket"))
        return (command, try #require(Int32(number)))
    }

    @Test(arguments: [SIGINT, SIGTERM]) func aSignalEndsItInGoodOrder(signal: Int32) throws {
        let place = try Workplace()
        let (command, client) = try Self.start(in: place)
        command.send(signal)
        let outcome = try command.outcome()
        #expect(outcome.exitCode == 3)
        #expect(!RunningProcess.exists(client))
        #expect(try place.names == ["client", "folder", "log"])
        let isGone = try Self.folderIsGone(in: place)
        #expect(isGone)
        #expect(try place.text(of: "log").hasSuffix("}\n"))
    }

    @Test func evenAKilledCalendarLeavesNothingBehind() throws {
        let place = try Workplace()
        let (command, client) = try Self.start(in: place)
        command.send(SIGKILL)
        #expect(throws: HeddleCommand.Failure.self) { try command.outcome() }
        // A guardian clears up, which takes a moment; if it never does, the time limit of the run ends this.
        let deadline = ContinuousClock.now + .seconds(60)
        while try RunningProcess.exists(client) || place.names != ["client", "folder"], ContinuousClock.now < deadline { usleep(5_000) }
        #expect(!RunningProcess.exists(client))
        #expect(try place.names == ["client", "folder"])
        while try !Self.folderIsGone(in: place), ContinuousClock.now < deadline { usleep(5_000) }
        let isGone = try Self.folderIsGone(in: place)
        #expect(isGone)
    }

    /// Whether what the client has left in the folder that it was given has gone with the calendar.
    private static func folderIsGone(in place: Workplace) throws -> Bool {
        let path = try place.text(of: "folder").trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(path.hasPrefix("/"))
        return !FileManager.default.fileExists(atPath: path)
    }
}

/// `heddle fuzz client` where there is no client.
@Suite struct FuzzTests {
    @Test(arguments: [
        ([], "Missing expected argument"),
        (["--"], "command"),
        (["--clients", "0", "--", "true"], "--clients takes a number from 1 to 64."),
        (["--runs", "-1", "--", "true"], "--runs"),
        (["--jobs", "0", "--", "true"], "--jobs takes a number from 1 on."),
        (["--fault", "2 bark", "--", "true"], "2 bark"),
        (["--record", "log", "--", "true"], "--record is for a run with --fault"),
        (["--", "nowhere/program"], "cannot start nowhere/program: No such file or directory"),
        (["--", "false"], "the command fails even if nothing is done wrong: it ended with exit code 1"),
    ])
    func whatTheUserHasToMend(arguments: [String], part: String) throws {
        let place = try Workplace()
        let outcome = try place.heddle(["fuzz", "client"] + arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
        #expect(try place.names == [])
    }

    /// A client that says START, and fails if it is not answered as it should be.
    private static let client = #"""
        use IO::Socket::UNIX;
        my $link = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die;
        for my $operation (1, 8, 4) {
            syswrite($link, pack("LLQ", $operation, 7, 0));
            my $answer = "";
            while (length($answer) < 16) { sysread($link, $answer, 16 - length($answer), length($answer)) or exit 1 }
            my ($kind, $sequence, $time) = unpack("LLQ", $answer);
            if ($kind != 0) { print "BUG: operation $kind\n"; exit 1 }
        }
        """#

    @Test func whatFailsIsKept() throws {
        let place = try Workplace(["client.pl": Self.client])
        let run = { try place.heddle(["fuzz", "client", "--no-shm", "--keep", "kept", "--", "perl", "client.pl", "{socket}"]) }
        let outcome = try run()
        #expect(outcome.exitCode == 1, "BROADCAST and FREE_UNTIL are no answers, and may come at any time")
        func names(in folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: place.url.appendingPathComponent(folder).path).sorted()
        }
        let first = try names(in: "kept")
        #expect(first.contains("bug-operation"))
        #expect(try names(in: "kept/bug-operation") == ["README.md", "console.txt", "finding.json", "log.jsonl"])
        let log = try place.text(of: "kept/bug-operation/log.jsonl")
        _ = try run()
        let both = try names(in: "kept")
        #expect(both.contains("bug-operation-2") && Set(first).isSubset(of: both))
        #expect(try place.text(of: "kept/bug-operation/log.jsonl") == log, "nothing is overwritten")
        let again = try place.heddle("replay", "kept/bug-operation", "--", "perl", "client.pl", "{socket}")
        #expect(again.exitCode == 0)
        #expect(again.output.hasPrefix("kept/bug-operation: reproduced\n"))
        let page = try place.text(of: "kept/bug-operation/README.md")
        try place.remove("kept/bug-operation/log.jsonl")
        _ = try place.heddle("replay", "--update", "--times", "1", "kept/bug-operation", "--", "perl", "client.pl", "{socket}")
        #expect(try place.text(of: "kept/bug-operation/log.jsonl").contains(#""operation":"START""#))
        #expect(try place.text(of: "kept/bug-operation/README.md") == page)
        let other = try place.heddle("replay", "kept/bug-operation", "--", "true")
        #expect(other.exitCode == 1)
    }

    @Test func aCommandThatDoesNothingAtAllHasNoFindings() throws {
        let outcome = try Workplace().heddle("fuzz", "client", "--runs", "3", "--", "true")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "The calendar sends 0 messages if nothing is done wrong.\n\n3 runs: came to its end\n")
    }
}

/// `heddle fuzz calendar` with our own calendar, and with what is none.
@Suite struct FuzzCalendarTests {
    @Test(arguments: [
        ([], "Missing expected argument"),
        (["--clients", "0", "--", "true"], "--clients takes a number from 1 to 64."),
        (["--reuse", "0", "--", "true"], "--reuse takes a number from 1 on."),
        (["--runs", "-1", "--", "true"], "--runs"),
        (["--", "nowhere/program"], "cannot start nowhere/program: No such file or directory"),
        (["--", "true"], "the command fails even if no client errs: the calendar ended with exit code 0"),
    ])
    func whatTheUserHasToMend(arguments: [String], part: String) throws {
        let outcome = try Workplace().heddle(["fuzz", "calendar"] + arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
    }

    @Test(arguments: [
        ["--clients", "1"], ["--clients", "3"], ["--clients", "2", "--reuse", "10"],
    ])
    func ourOwnSurvives(options: [String]) throws {
        let heddle = try HeddleCommand.program()
        let rest = options.contains("--reuse") ? ["--", "sleep", "1000"] : []
        let outcome = try Workplace().heddle(
            ["fuzz", "calendar", "--runs", "60"] + options
                + ["--", heddle, "calendar", "--socket", "{socket}", "--clients", "{clients}"] + rest)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output == "survived 60 of 60 runs\n")
    }
}

/// What a fuzzer that is stopped leaves behind.
@Suite struct FuzzInterruptionTests {
    /// Starts a fuzzer whose command sleeps, with a place of its own for temporary files, and waits until that has said its number.
    private static func start(_ arguments: [String], in place: Workplace) throws -> (command: RunningCommand, process: Int32) {
        let folder = place.url.appendingPathComponent("temporary")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let script = "echo $$ >number.new; mv number.new number; exec sleep 1000"
        let command = try HeddleCommand(
            arguments: ["fuzz"] + arguments + ["--", "sh", "-c", script], directory: place.url, environment: ["TMPDIR": folder.path]
        ).start()
        try command.wait { try place.names.contains("number") && $0.isCatching(SIGINT) }
        return (command, try #require(Int32(try place.text(of: "number").trimmingCharacters(in: .whitespacesAndNewlines))))
    }

    private static func temporaryFiles(in place: Workplace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.url.appendingPathComponent("temporary").path)
    }

    @Test(arguments: [["client", "--jobs", "2"], ["calendar", "--jobs", "2"]]) func aSignalEndsItInGoodOrder(arguments: [String]) throws {
        let place = try Workplace()
        let (command, process) = try Self.start(arguments, in: place)
        command.send(SIGINT)
        let outcome = try command.outcome()
        #expect(outcome.exitCode == 3)
        #expect(!RunningProcess.exists(process))
        #expect(try Self.temporaryFiles(in: place) == [])
    }

    @Test(arguments: [["client", "--jobs", "2"], ["calendar", "--jobs", "2"]]) func evenIfItIsKilledNothingIsLeft(arguments: [String]) throws {
        let place = try Workplace()
        let (command, process) = try Self.start(arguments, in: place)
        command.send(SIGKILL)
        #expect(throws: HeddleCommand.Failure.self) { try command.outcome() }
        let deadline = ContinuousClock.now + .seconds(60)
        while try RunningProcess.exists(process) || !Self.temporaryFiles(in: place).isEmpty, ContinuousClock.now < deadline { usleep(5_000) }
        #expect(!RunningProcess.exists(process))
        #expect(try Self.temporaryFiles(in: place) == [])
    }
}

private enum RunningProcess {
    /// Whether a process is there, and not only its number.
    static func exists(_ process: Int32) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return state.split(separator: ")").last?.hasPrefix(" Z") != true
    }
}
