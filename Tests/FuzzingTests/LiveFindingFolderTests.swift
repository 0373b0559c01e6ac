import Foundation
import TestSupport
import Testing
import TimeTravel
import Traces

@testable import Fuzzing

@Suite struct SpellingTests {
    @Test(arguments: UInt64(0)..<200) func aPlanIsReadAsItIsSpelled(seed: UInt64) {
        for entry in FaultPlan.random(seed: seed, messages: 20).entries { #expect(FaultPlan.Entry(entry.spelling) == entry) }
    }

    @Test(arguments: [
        "", "1", "run after", "1 run", "1 run later", "-1 close", "1 close 2", "1 split 0", "1 split 16", "1 sequence 4294967296", "1 time 5",
        "x close", "1 broadcast", "1 bark 1",
    ])
    func whatIsNoFaultIsNotRead(spelling: String) { #expect(FaultPlan.Entry(spelling) == nil) }

    @Test(arguments: [
        FuzzOutcome.finished, .failed("BUG: a: b"), .refused("sent: nothing"), .hung, .babbles, .ended(.exited(code: 3)), .ended(.killed(signal: 9)),
    ])
    func anOutcomeIsReadAsItIsSpelled(outcome: FuzzOutcome) { #expect(FuzzOutcome(outcome.spelling) == outcome) }

    @Test(arguments: [
        CalendarOutcome.survived, .wrong("BUG: run at #: not"), .cutOff("while it sleeps"), .starved(""), .ended(.exited(code: 7)),
        .ended(.killed(signal: 11)), .goesOn, .silent,
    ])
    func anOutcomeOfACalendarIsReadAsItIsSpelled(outcome: CalendarOutcome) { #expect(CalendarOutcome(outcome.spelling) == outcome) }

    @Test(arguments: ["", "ended", "exited: x", "failed", "hung: 1", "goes", "silent: yes"]) func whatIsNoOutcomeIsNotRead(spelling: String) {
        #expect(FuzzOutcome(spelling) == nil)
        #expect(CalendarOutcome(spelling) == nil)
    }
}

@Suite struct FindingFolderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(prefix: "heddle-finding") }

    private static func finding(_ recipe: LiveFinding.Recipe) -> LiveFinding {
        LiveFinding(
            title: "A title", command: ["boot", "{socket}"], version: "Linux version 1", recipe: recipe, outcome: .ofClients(.failed("BUG: x")),
            keepsRules: true, seen: 2, runs: 3, trace: "a.itf.json")
    }

    private static let plan = FaultPlan([FaultPlan.Entry(position: 2, fault: .split(5))])
    private static let run = LiveRun(difference: nil, console: ["one", "two"], log: "{}\n")

    @Test func whatIsWrittenIsRead() throws {
        for recipe in [
            LiveFinding.Recipe.plan(Self.plan, clients: 2, sharesMemory: true), .script(try Script(["start 1", "console x"])),
        ] {
            let folder = FindingFolder(finding: Self.finding(recipe), run: Self.run, explanation: "# Why\n")
            let path = try folder.write(in: directory.url.path + "/new", name: "it")
            let read = try FindingFolder(at: path)
            #expect(read.finding == folder.finding)
            #expect(read.log == "{}\n")
            #expect(read.console == "one\ntwo\n")
            #expect(read.explanation == "# Why\n")
            #expect(FindingFolder.exists(at: path))
        }
        // Neither has replaced the other, and nothing else is there.
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.url.path + "/new").sorted()
        #expect(names == ["it", "it-2"])
    }

    @Test func severalThreadsWriteFoldersOfTheirOwn() throws {
        let folder = FindingFolder(finding: Self.finding(.plan(Self.plan, clients: 2, sharesMemory: true)), run: Self.run, explanation: "")
        let parent = directory.url.path + "/many"
        try ParallelRuns.make(jobs: 4) { number in
            guard number < 40 else { return false }
            _ = try folder.write(in: parent, name: "it")
            return true
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: parent)
        #expect(Set(names) == Set(["it"] + (2...40).map { "it-\($0)" }))
    }

    @Test func anUpdateLeavesThePage() throws {
        var folder = FindingFolder(finding: Self.finding(.plan(Self.plan, clients: 1, sharesMemory: false)), run: Self.run, explanation: "old")
        let path = try folder.write(in: directory.url.path, name: "it")
        folder.finding.seen = 3
        folder.take(LiveRun(difference: nil, console: ["three"], log: ""))
        folder.explanation = "new"
        try folder.update(at: path)
        let read = try FindingFolder(at: path)
        #expect(read.finding.frequency == "reproduced")
        #expect(read.console == "three\n")
        #expect(read.explanation == "old")
    }

    private static func calendar(_ plan: String) -> String {
        #"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "goes on", "keeps_rules": true, "seen": 0, "runs": 3, "plan": "#
            + plan + "}"
    }

    @Test(arguments: [
        ("", "finding.json"),
        ("{}", "there is no `format`"),
        (#"{"format": "another"}"#, "this is not `heddle live finding 1`"),
        (#"{"format": 1}"#, "format"),
        (#"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "odd"}"#, "`odd` is no outcome"),
        (#"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "hung", "keeps_rules": true, "seen": 0, "runs": 3, "script": ["go"]}"#, "line 1 of the script, `go`, is no step"),
        (#"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "hung", "keeps_rules": true, "seen": 0, "runs": 3, "faults": ["1 bark"]}"#, "`1 bark` is no fault"),
        (#"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "hung", "keeps_rules": true, "seen": 0, "runs": 3, "faults": [], "clients": 0}"#, "1 to 64 clients"),
        (#"{"format": "heddle live finding 1", "title": "", "command": [], "outcome": "hung", "plan": []}"#, "`hung` is no outcome"),
        (calendar(#"[]"#), "there are no clients"),
        (calendar(#"[{"shared_memory": true, "events": 1, "seed": "x"}]"#), "`x` is no seed"),
        (calendar(#"[{"shared_memory": true, "events": -1, "seed": "1"}]"#), "0 or more events"),
        (calendar(#"[{"shared_memory": true, "events": 1, "seed": "1", "faults": ["1 bark"]}]"#), "`1 bark` is no fault of a client"),
        (calendar(#"[{"shared_memory": true, "events": 1, "seed": "1"}]"#), "there is no `expected_clients`"),
    ])
    func aWrongFileIsExplained(text: String, part: String) throws {
        let file = directory.url.appendingPathComponent("finding.json")
        try Data(text.utf8).write(to: file)
        let error = try #require(throws: FindingFolder.ReadError.self) { try FindingFolder(at: directory.url.path) }
        #expect(error.description.contains(part), "\(error)")
    }

    @Test func aPageSaysWhatWasDoneAndWhatCameOfIt() throws {
        let finding = Self.finding(.plan(Self.plan, clients: 1, sharesMemory: false))
        let misdeed = Misdeed(fault: .split(5), message: Message(.acknowledge, sequence: 1), isFirst: false)
        let log = #"{"event":"received","client":1,"operation":"GET","sequence":1,"time":"18446744073709551615"}"# + "\n"
        let page = FindingPage(finding, misdeeds: [misdeed], run: LiveRun(difference: nil, console: ["BUG: 5"], log: log)).text
        for part in [
            "# A title", "keeps to the protocol", "seen 2 of 3 times", "Linux version 1", "message 2: 5 bytes, then the rest, of ACK",
            "1 ─▶ GET 18446744073709551615", "    BUG: 5", "`-- boot {socket}`",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }
}

@Suite struct MessageSequenceTests {
    private static func sequence(_ operations: String) -> MessageSequence {
        MessageSequence(operations.split(separator: " ").map { word in
            MessageSequence.Entry(client: "1", isFromClient: word.first == "+", operation: String(word.dropFirst()), time: "0")
        })
    }

    private static func text(_ rows: [MessageSequence.Row]) -> [String] {
        rows.map { "\($0.left?.operation ?? "") \($0.right?.operation ?? "")" }
    }

    @Test(arguments: [
        ("", "", []),
        ("+GET", "+GET", ["GET GET"]),
        ("+GET", "-GET", ["GET ", " GET"]),
        ("+GET -ACK", "+GET -RUN +ACK -ACK", ["GET GET", " RUN", " ACK", "ACK ACK"]),
        ("-RUN +GET", "", ["RUN ", "GET "]),
    ])
    func asManyAsPossibleStandBesideOneOfTheirKind(left: String, right: String, rows: [String]) {
        #expect(Self.text(MessageSequence.aligned(Self.sequence(left), Self.sequence(right))) == rows)
    }

    @Test func theMiddleOfLongStretchesIsLeftOut() {
        let rows = MessageSequence.aligned(Self.sequence(""), Self.sequence((0..<20).map { "+A\($0)" }.joined(separator: " ")))
        let text = MessageSequence.text(rows, titles: ("one", "other"), columns: 60)
        #expect(text.split(separator: "\n").count == 1 + 3 + 1 + 3)
        #expect(text.contains("… 14 more") && text.contains("A2 ") && text.contains("A17 ") && !text.contains("A3 ") && !text.contains("A16 "))
    }

    /// The model of each finding that names one has the messages that the finding is about.
    @Test(arguments: LiveCorpus.names) func aFindingIsLikeItsModel(name: String) throws {
        let folder = try FindingFolder(at: LiveCorpus.path(of: name))
        #expect(folder.explanation.hasPrefix("# \(folder.finding.title)\n\n"))
        #expect(folder.finding.frequency == "reproduced")
        #expect(folder.finding.version?.hasPrefix("Linux version 6.12.") == true)
        #expect(!folder.console.isEmpty && !folder.console.contains("/tmp/wt"))
        let live = MessageSequence(log: folder.log)
        #expect(live.entries.count > 3)
        guard let trace = folder.finding.trace else { return }
        let root = URL(fileURLWithPath: LiveCorpus.path(of: name)).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let model = MessageSequence(trace: try TraceFile.read(at: root.appendingPathComponent(trace).path))
        let rows = MessageSequence.aligned(model, live)
        #expect(rows.count { $0.left != nil && $0.right != nil } >= 3)
    }
}
