import Conformance
import Promela
import Testing

/// What a model says about logs, and what is said where it is wrong.
@Suite struct ObservationRulesTests {
    private static let model = """
        mtype = { ASK, TELL };
        typedef Part { byte value }
        byte level; Part part[2];
        chan wire[2] = [1] of { mtype, byte };
        chan meet = [0] of { byte };
        active proctype P() { byte i; level = 3; part[1].value = 7; wire[1]!ASK(5); wire[1]?TELL(i) }
        """

    private static func read(_ rules: String) throws -> Program {
        let text = "/* observe\n\(rules) */\n" + model
        return try #require(ModelReader.read(text: text, path: "m.pml").program)
    }

    private static func log(_ lines: String...) throws -> EventLog {
        try EventLog(path: "l.log", bytes: Array(lines.joined(separator: "\n").utf8))
    }

    @Test(arguments: [
        ("put: nowhere!operation(time)", "m.pml:2:6: there is no global channel `nowhere`"),
        ("put: wires[slot]!operation(time)", "m.pml:2:6: there is no global channel `wires`"),
        ("put: wire!operation(time)", "m.pml:2:6: `wire` is 2 channels, and the rule does not say which"),
        ("put: wire[slot]!operation", "m.pml:2:6: messages of `wire` have 2 fields, and the rule names 1"),
        ("put: meet!time", "m.pml:2:6: `meet` has no room for messages, and only sends and receives apart from each other are observed"),
        ("put: wire[slot]!operation(tiem)", "m.pml:2:27: `tiem` is neither a member of the log's lines nor a name of the model"),
        ("put: wire[slot] operation", "m.pml:2:17: `?` should stand here, not `operation`"),
        ("put wire", "m.pml:2:10: an operation, or `:` should stand here, not the end of the line"),
        ("put: wire[slot]!operation(time) now", "m.pml:2:33: the end of the line should stand here, not `now`"),
        ("put: nothing\n field a.b: level.x", "m.pml:3:19: there is no member of `level` `x`"),
        ("put: nothing\n field a.b: levels", "m.pml:3:13: there is no global variable `levels`"),
        ("put: nothing\n field a.b: part[2].value", "m.pml:3:18: there is no `part[2]`: it has 2 elements"),
        ("put: nothing\n field a.b: part", "m.pml:3:13: `part` is no single number here"),
        ("take: nothing", "l.log:1: the model's rules say nothing of `put ASK`"),
        ("put: wire[time]!operation(slot)", "l.log:1: there is no `wire[5]`: it has 2 elements"),
        ("put: wire[slot]!event_name(time)", "l.log:1: the model has no name `put` for this event_name"),
    ])
    func whatTheUserHasToMend(rules: String, message: String) throws {
        let log = try Self.log(#"{"event":"put","operation":"ASK","time":5,"slot":1,"a":{"b":1},"event_name":"put"}"#)
        let error = try #require(throws: ConformanceError.self) { try ConformanceCheck(try Self.read(rules), log) }
        #expect(error.description == message)
    }

    @Test func aModelWithoutRules() throws {
        let program = try #require(ModelReader.read(text: Self.model, path: "m.pml").program)
        let error = try #require(throws: ConformanceError.self) { try ConformanceCheck(program, try Self.log()) }
        #expect(error.description == "m.pml: the model does not say which of its messages are which lines of a log")
    }

    @Test(arguments: [
        ("{", "l.log:1: this is no line of JSON: "), ("[]", "l.log:1: a line of a log is an object, `{...}`"),
    ])
    func linesThatAreNone(line: String, message: String) throws {
        let error = try #require(throws: ConformanceError.self) { try Self.log(line) }
        #expect(error.description.hasPrefix(message))
    }

    /// The first rule that fits counts; names, numbers and `_` stand for what is always the same, and for what is not compared.
    @Test(arguments: [
        ("put ASK: wire[1]!ASK(_)\n put: nothing", true), ("put TELL: nothing\n put: wire[slot]!operation(time)", true),
        ("put: wire[slot]!operation(5)", true), ("put: wire[slot]!operation(6)", false), ("put: wire[0]!operation(time)", false),
        ("put: wire[slot]!TELL(time)", false), ("put: wire[slot]?operation(time)", false), ("put: nothing", true),
        ("put: wire[slot]!operation(time)\n field a.b: level", true), ("put: wire[slot]!operation(time)\n field a.c: level", false),
        ("put: wire[slot]!operation(time)\n field p[i].v: part[i].value", true),
        ("put: wire[slot]!operation(time)\n field p[i].w: part[i].value", false),
    ])
    func whatRulesMean(rules: String, conforms: Bool) throws {
        let log = try Self.log(
            #"{"header":1}"#,
            #"{"event":"put","operation":"ASK","time":"5","slot":1,"a":{"b":3,"c":4},"p":[{"id":1,"v":7,"w":8}]}"#)
        #expect(try ConformanceCheck.firstWrongLine(try Self.read(rules), log) == (conforms ? nil : 2))
    }

    /// A calendar numbers a client when it admits it; what was recorded before is that client's too.
    @Test func aClientHasItsNumberFromTheBeginning() throws {
        let log = try Self.log(
            #"{"event":"put","client":7,"slot":0}"#, #"{"event":"put","client":8,"slot":0}"#, #"{"event":"put","client":7,"slot":1}"#)
        #expect(log.lines.map { $0.values["slot"] } == [.number(1), nil, .number(1)])
    }

    /// One that goes before it has a number was never a client.
    @Test(arguments: ["disconnected", "refused"]) func aClientThatGoesWithoutANumberIsLeftOut(end: String) throws {
        let log = try Self.log(
            #"{"event":"put","client":7,"slot":0}"#, #"{"event":"put","client":8,"slot":0}"#,
            #"{"event":"\#(end)","client":7,"slot":0}"#, #"{"event":"put","client":8,"slot":1}"#)
        #expect(log.lines.map(\.number) == [2, 4])
    }
}
