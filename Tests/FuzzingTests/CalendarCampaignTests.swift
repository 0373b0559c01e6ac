import Foundation
import TestSupport
import Testing
import TimeTravel

@testable import Fuzzing

@Suite struct CalendarPlanTests {
    @Test(arguments: UInt64(0)..<200, [1, 3]) func whoIsExpectedComesAtOnceAndKeepsToTheProtocol(seed: UInt64, expected: Int) {
        let plan = CalendarPlan.random(seed: seed, expected: expected)
        #expect(plan == CalendarPlan.random(seed: seed, expected: expected))
        #expect(plan.clients.prefix(expected).allSatisfy { $0.isInnocent && $0.arrival == 0 })
    }

    @Test(arguments: UInt64(0)..<300) func aPlanIsReadAsItIsWritten(seed: UInt64) throws {
        let plan = CalendarPlan.random(seed: seed, expected: 2)
        #expect(try JSONDecoder().decode(CalendarPlan.self, from: JSONEncoder().encode(plan)) == plan)
    }

    @Test(arguments: [
        "", "1", "drop", "1 drop 2", "-1 drop", "x drop", "1 split 0", "1 split 16", "1 truncate 0", "1 close 16", "1 close -1", "1 time",
        "1 time later", "1 send now", "1 send 4294967296 now", "1 sequence 4294967296", "1 flood 1000001", "1 store time now",
        "1 store-slot 65536 0 now", "1 store-slot 1 now", "1 bark",
    ])
    func whatIsNoFaultIsNotRead(spelling: String) { #expect(CalendarPlan.Entry(spelling) == nil) }

    @Test func seedsMakeAllKindsOfFaults() {
        let faults = (UInt64(0)..<500).flatMap { CalendarPlan.random(seed: $0, expected: 1).clients.flatMap(\.faults).map(\.fault) }
        #expect(Set(faults).count > 150)
        #expect(!faults.filter(\.isAllowed).isEmpty)
    }

    @Test(arguments: UInt64(0)..<50) func aSmallerPlanHasLessInIt(seed: UInt64) {
        let plan = CalendarPlan.random(seed: seed, expected: 2)
        for smaller in plan.smaller(expected: 2) {
            #expect(smaller != plan)
            #expect(smaller.clients.count(where: \.isInnocent) >= 2)
            #expect(smaller.description.count <= plan.description.count + 1)
        }
    }
}

@Suite struct CalendarJudgeTests {
    private var judge = CalendarJudge()

    private mutating func start(_ clients: Int...) {
        for client in clients {
            judge.receives(Message(.acknowledge, sequence: 1), to: client, answering: Message(.start, sequence: 1))
            judge.sends(Message(.wait, sequence: 2), from: client)
        }
    }

    private mutating func run(_ client: Int, at time: UInt64) {
        judge.receives(Message(.run, sequence: 1, time: time), to: client, answering: nil)
    }

    private mutating func wait(_ client: Int) { judge.sends(Message(.wait, sequence: 3), from: client) }

    @Test mutating func oneAfterTheOtherIsRight() {
        start(1, 2)
        for time in [UInt64(0), 5, 5, 9] {
            for client in [1, 2] {
                run(client, at: time)
                wait(client)
            }
        }
        #expect(judge.violation == nil)
    }

    @Test mutating func twoAtATimeAreNot() {
        start(1, 2)
        run(1, at: 0)
        run(2, at: 0)
        #expect(judge.violation == "RUN while another client runs")
    }

    @Test mutating func aNewcomerDoesNotStartBesideWhoRuns() {
        start(1)
        run(1, at: 0)
        start(2)
        #expect(judge.violation == "START's ACK while another client runs")
    }

    @Test mutating func whoBreaksTheProtocolIsNotJudgedFor() {
        start(1, 2)
        run(1, at: 0)
        judge.forget(1)
        run(2, at: 0)
        #expect(judge.violation == nil)
    }

    /// Their clocks may differ by any constant, but not by two.
    @Test(arguments: [(UInt64(107), nil), (106, "time goes backwards from one client to another")] as [(UInt64, String?)])
    mutating func timeDoesNotGoBackwardsBetweenClients(time: UInt64, violation: String?) {
        start(1, 2)
        run(2, at: 100)
        wait(2)
        run(1, at: 3)
        wait(1)
        run(2, at: 103)
        wait(2)
        // At 3 of the first it was 100 to 103 for the second, so now, at 10, it is at least 107.
        run(1, at: 10)
        wait(1)
        run(2, at: time)
        #expect(judge.violation == violation)
    }

    /// 3 of the first is 100 to 103 for the second, so 8 is at most 108.
    private mutating func letFirstWaitUntil8() {
        start(1, 2)
        run(2, at: 100)
        wait(2)
        run(1, at: 3)
        wait(1)
        judge.waits(1, until: 8)
        run(2, at: 103)
        wait(2)
    }

    /// What another waits for is no later than what a client may do, whatever it has done by then.
    @Test(arguments: [(UInt64(108), nil), (109, "a client may run past what another has asked for")] as [(UInt64, String?)])
    mutating func nobodyMayRunPastARequest(limit: UInt64, violation: String?) {
        letFirstWaitUntil8()
        run(2, at: 104)
        judge.isFree(2, until: limit)
        #expect(judge.violation == violation)
    }

    @Test(arguments: [(UInt64(108), nil), (109, "a client runs past what another has asked for")] as [(UInt64, String?)])
    mutating func nobodyRunsPastARequest(time: UInt64, violation: String?) {
        letFirstWaitUntil8()
        run(2, at: time)
        #expect(judge.violation == violation)
    }

    @Test mutating func whoDoesNotWaitIsNotRunPast() {
        start(1, 2)
        for time in [UInt64(5), 6] {
            for client in [1, 2] {
                run(client, at: time)
                wait(client)
            }
        }
        judge.waits(1, until: 7)
        judge.waits(1, until: nil)
        judge.waits(2, until: Time.forever)
        run(2, at: 20)
        run(1, at: 20)
        #expect(judge.violation == "RUN while another client runs")
    }

    @Test mutating func aBroadcastReachesAllBeforeItIsAnswered() {
        start(1, 2, 3)
        judge.sends(Message(.broadcast, sequence: 4, time: 77), from: 1)
        judge.receives(Message(.broadcast, sequence: 9, time: 77), to: 2, answering: nil)
        #expect(judge.violation == nil)
        judge.receives(Message(.acknowledge, sequence: 4), to: 1, answering: Message(.broadcast, sequence: 4))
        #expect(judge.violation == "a BROADCAST is ACKed although a client has not heard of it")
    }

    @Test mutating func aBroadcastHasASender() {
        start(1)
        judge.receives(Message(.broadcast, sequence: 9, time: 77), to: 1, answering: nil)
        #expect(judge.violation == "a BROADCAST that nobody has sent")
    }

    @Test mutating func aBroadcastMayComeOutOfTheMiddleOfMessages() {
        start(1)
        judge.hearsGarbage()
        judge.receives(Message(.broadcast, sequence: 9, time: 77), to: 1, answering: nil)
        #expect(judge.violation == nil)
    }
}

/// A calendar that has nothing to do with ours.
@Suite(.timeLimit(.minutes(20))) struct ForeignCalendarTests {
    private static func campaign(_ flaw: String, runs: Range<UInt64>, reuse: Int = 1) throws -> CalendarCampaign {
        var patience = CalendarRun.Patience()
        // Where waiting shows it; the others show it sooner, however slow this machine is.
        if ["mute", "starves", "tires"].contains(flaw) { patience.starvation = .milliseconds(500) }
        let campaign = CalendarCampaign(command: ForeignCalendar.command(flaw: flaw), expected: 2, reuse: reuse, patience: patience)
        let first = try campaign.begin { false }
        // Some flaws show even if no client errs.
        #expect(flaw != "none" || first == .survived, "\(first)")
        #expect(campaign.findings.map(\.outcome) == (first == .survived ? [] : [first]))
        for seed in runs where campaign.findings.isEmpty { try campaign.step(seed: seed) { false } }
        return campaign
    }

    /// It is killed before it can clear up.
    @Test func temporaryFilesOfACalendarGoWithIt() throws {
        func folders() throws -> [String] {
            let script = #"trap "" TERM; mktemp -d; mktemp -d "$TMPDIR/XXXXXX"; exec sleep 1000"#
            let process = try CalendarProcess(["sh", "-c", script], expected: 1)
            let deadline = ContinuousClock.now + .seconds(60)
            while process.lines.count < 2, ContinuousClock.now < deadline { process.readConsole() }
            #expect(process.lines.allSatisfy { FileManager.default.fileExists(atPath: $0) })
            return process.lines
        }
        let paths = try folders()
        #expect(paths.count == 2)
        #expect(!paths.contains { FileManager.default.fileExists(atPath: $0) }, "\(paths)")
    }

    @Test func oneThatIsRightSurvives() throws {
        let campaign = try Self.campaign("none", runs: 0..<60)
        #expect(campaign.findings.isEmpty, "\(campaign.findings)")
        #expect(campaign.runs == 61)
    }

    /// Who raises an interrupt and then waits, although it has not been taken yet, has the other one run in the midst of taking it. These
    /// are the first plans of 720 that come to that.
    @Test(arguments: [(12, 14), (23, 8), (24, 9), (41, 9), (44, 8), (53, 12), (58, 12)] as [(UInt64, Int)])
    func aHandlerThatIsRunBecauseAnotherErredIsNotTheCalendarsFault(seed: UInt64, position: Int) throws {
        let waits = CalendarPlan.Entry(position: position, fault: .send(TimeTravel.Operation.wait.rawValue, .now))
        let clients = [(seed, []), (seed + 100, []), (seed + 200, [waits])].map {
            CalendarPlan.Client(sharesMemory: false, events: 5, seed: $0, faults: $1)
        }
        let outcome = try CalendarRun.run(CalendarPlan(clients), against: try CalendarProcess(ForeignCalendar.command(), expected: 2))
        #expect(outcome == .survived)
    }

    @Test(arguments: [
        ("two", ["while another client runs"]),
        ("late", ["BUG: run at"]), ("early", ["BUG: run at", "time goes backwards"]),
        // It may also refuse what a client asks for that it has set back.
        ("backwards", ["time goes backwards", "while another client runs", "cut off while it waits for the answer to REQUEST"]),
        ("numbers", ["different seqno"]), ("mute", ["waits for the answer to GET"]), ("starves", ["waits for the answer to START", "waits to be run"]),
        ("tires", ["waits to be run"]), ("dies", ["ended with exit code 7"]), ("crashes", ["signal 11"]),
        // The others may be run, regardless of what it has asked for, before it is seen that one was cut off.
        ("cuts", ["cut off", "a client may run past what another has asked for"]),
        ("deaf", ["a BROADCAST is ACKed"]), ("beyond", ["a client may run past what another has asked for"]),
    ])
    func everyFlawIsFound(flaw: String, parts: [String]) throws {
        let outcome = try Self.campaign(flaw, runs: 0..<200).findings.first?.outcome
        let text = "\(try #require(outcome))"
        #expect(parts.contains { text.contains($0) }, "\(text)")
    }

    /// What is kept is seen again with the same flaw, and not without it.
    @Test(arguments: [
        ("numbers", true), ("deaf", true), ("beyond", true), ("dies", false), ("crashes", false),
    ])
    func aFindingIsKeptAndSeenAgain(flaw: String, keepsRules: Bool) throws {
        let campaign = try Self.campaign(flaw, runs: 0..<200)
        let found = try #require(campaign.findings.first)
        #expect(found.replayed == FuzzCampaign.replays)
        let evidence = try #require(found.evidence)
        let directory = try TemporaryDirectory(prefix: "heddle-finding")
        let finding = campaign.live(found)
        let page = FindingPage(finding, run: evidence).text
        let folder = FindingFolder(finding: finding, run: evidence, explanation: page)
        let read = try FindingFolder(at: folder.write(in: directory.url.path, name: finding.name))
        #expect(read.finding == finding)
        #expect(finding.keepsRules == keepsRules)
        #expect(finding.frequency == "reproduced")
        #expect(page.contains("The calendar was told to wait for 2 clients.") && page.contains("client 2: "))
        let messages = MessageSequence(log: read.log).entries
        #expect(messages.contains { $0.isFromClient && $0.operation == "START" } && messages.contains { !$0.isFromClient })

        #expect(try LiveRun.make(read.finding, command: ForeignCalendar.command(flaw: flaw)).difference == nil)
        #expect(try LiveRun.make(read.finding, command: ForeignCalendar.command()).difference == "survived")
    }

    /// A calendar that goes on because of a client is not to be taken for one that never ends by itself.
    @Test(arguments: [("stays", nil), ("none", "survived"), ("lasts", "it goes on even if no client errs")] as [(String, String?)])
    func whoGoesOnIsSeenToEndFirst(flaw: String, difference: String?) throws {
        let innocent = CalendarPlan.Client(sharesMemory: false, events: 1, seed: 1)
        var guilty = innocent
        guilty.faults = [CalendarPlan.Entry(position: 2, fault: .send(10, .now))]
        let finding = LiveFinding(
            title: "", command: [], version: nil, recipe: .clients(CalendarPlan([innocent, guilty]), expected: 1, endsByItself: true),
            outcome: .ofCalendar(.goesOn), keepsRules: false, seen: 3, runs: 3)
        let command = ForeignCalendar.command(flaw: flaw)
        #expect(try LiveRun.make(finding, command: command, patience: .milliseconds(500)).difference == difference)
    }
}
