@testable import Automata
import Testing

/// What can go wrong in a model, and that it is said where and with which values.
struct FaultTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var text: String
        var kind: Fault.Kind
        var message: String
        var testDescription: String { "\(kind)" }

        init(_ kind: Fault.Kind, _ message: String, _ text: String) {
            self.text = text
            self.kind = kind
            self.message = message
        }
    }

    static let examples: [Example] = [
        .init(.assertionFailed, "x < 3", "byte x = 3; active proctype P() { assert(x < 3) }"),
        .init(.indexOutOfBounds, "is 3", "byte a[3], i = 3; active proctype P() { a[i] = 1 }"),
        .init(.indexOutOfBounds, "is -1", "byte a[3]; int i = -1; active proctype P() { a[i] == 0 }"),
        .init(
            .indexOutOfBounds, "`a` has 3 elements",
            "byte a[3]; unsigned i : 64 = 18446744073709551615; active proctype P() { a[i] = 1 }"),
        .init(.indexOutOfBounds, "is 2", "typedef T { byte f[2] } T t[4]; byte i = 2; active proctype P() { t[3].f[i] = 1 }"),
        .init(.divisionByZero, "`y`", "int x, y; active proctype P() { x = 1 / y }"),
        .init(.divisionByZero, "`y`", "int x, y; active proctype P() { x % y == 0 }"),
        .init(.divisionByZero, "`y`", "unsigned x : 64 = 1; unsigned y : 64; active proctype P() { x = x / y }"),
        .init(.uninitializedChannel, "c!1", "chan c; active proctype P() { c!1 }"),
        .init(.uninitializedChannel, "c?x", "chan c; byte x; active proctype P() { c?x }"),
        .init(.uninitializedChannel, "len(c)", "chan c; active proctype P() { len(c) == 0 }"),
        .init(
            .wrongMessageLength, "has 1 field, but the channel's messages have 2",
            "chan two = [1] of { byte, byte }; chan c; active proctype P() { c = two; c!1 }"),
        .init(
            .wrongMessageLength, "has 1 field, but the channel's messages have 2",
            "chan two = [1] of { byte, byte }; chan c; byte x; active proctype P() { two!1,2; c = two; c?x }"),
        .init(
            .blockedDeterministicStep, "x == 2", "byte x; active proctype P() { d_step { x = 1; x == 2; x = 3 } }"),
        .init(
            .blockedDeterministicStep, "blocks", "byte x; active proctype P() { d_step { x = 1; if :: x == 2 :: x == 3 fi } }"),
        .init(
            .rendezvousInDeterministicStep, "c!x", "chan c = [0] of { byte }; byte x; active proctype P() { d_step { x = 1; c!x } }"),
        .init(
            .tooManyProcesses, "255",
            "proctype Q() { false } init { byte i; do :: i < 255 -> i++; run Q() :: else -> break od }"),
        .init(
            .tooManyChannels, "255",
            "proctype Q() { chan a[60] = [1] of { byte }; false } init { run Q(); run Q(); run Q(); run Q(); run Q() }"),
        .init(.priorityOutOfRange, "256", "active proctype P() { set_priority(_pid, 256) }"),
        .init(
            .selectRangeTooLarge, "from 0 to 2000000000",
            "int x; int last = 2000000000; active proctype P() { select (x : 0 .. last) }"),
        .init(
            .remoteReferenceToOtherType, "not a `Q`",
            "byte x; active proctype Q() { byte y; false } active proctype P() { x = Q[1]:y }"),
    ]

    @Test("a fault names what broke it", arguments: examples)
    func fault(example: Example) throws {
        let fault = try Walk(example.text).fault()
        #expect(fault.kind == example.kind)
        #expect(fault.message.contains(example.message), "\(fault.message)")
        #expect(fault.span.end > fault.span.start)
    }

    @Test("an endless d_step is found out")
    func endlessDeterministicStep() throws {
        let walk = try Walk("byte x; active proctype P() { d_step { x = 1; do :: x = 1 - x od } }")
        walk.generator.jumpBudget = 1000
        #expect(try walk.fault().kind == .endlessDeterministicStep)
    }

    @Test("a d_step that ends within its budget is no fault")
    func longDeterministicStep() throws {
        let walk = try Walk("byte x; active proctype P() { d_step { do :: x < 100 -> x++ :: else -> break od } }")
        walk.generator.jumpBudget = 1000
        try walk.step()
        #expect(walk["x"] == .integer(100))
    }

    /// Spin goes on behind a failed assertion, so that states can be compared.
    @Test("only a failed assertion lets the step be taken all the same")
    func whatGoesOn() throws {
        let assertion = try Walk("byte x; active proctype P() { assert(false); x = 1 }")
        assertion.run()
        #expect(assertion["x"] == .integer(1))
        let division = try Walk("byte x; active proctype P() { x = 1 / x; x = 2 }")
        #expect(division.moves.isEmpty)
        #expect(division.faults.map(\.kind) == [.divisionByZero])
    }

    @Test("a failed assertion in a d_step does not hide the fault behind it")
    func assertionBeforeFault() throws {
        let walk = try Walk("byte x; active proctype P() { d_step { assert(x == 1); x = 1 / x; x = 2 } }")
        #expect(walk.moves.isEmpty)
        #expect(walk.faults.map(\.kind) == [.assertionFailed, .divisionByZero])
    }

    @Test("a failed assertion in a d_step does not end it")
    func assertionBeforeRemoteReference() throws {
        let walk = try Walk(
            "byte x, y; proctype Q() { byte v; v = 1 } active proctype P() { d_step { assert(x == 1); y = Q[7]:v; x = 3 } }")
        try walk.step()
        #expect(walk["x"] == .integer(3))
    }

    @Test("a message with 256 fields more than the channel's is one of the wrong length")
    func lengthIsNotCut() throws {
        let fault = try Walk(
            "typedef T { int a[257] } T t; chan c = [1] of { int }; chan d; active proctype P() { d = c; d!t }"
        ).fault()
        #expect(fault.kind == .wrongMessageLength)
    }

    @Test("an index of 64 bits has no sign")
    func wideIndex() throws {
        let fault = try Walk("unsigned w : 64; byte a[3]; active proctype P() { w = w - 1; a[w] = 1 }").fault()
        #expect(fault.message == "`w` is 18446744073709551615, but `a` has 3 elements")
    }

    @Test(
        "a choice in a d_step that starts with itself is refused",
        arguments: ["again: do :: goto again od", "x = 1; again: if :: goto again :: x = 2 fi"])
    func choiceThatStartsWithItself(body: String) throws {
        #expect(throws: SystemError.self) {
            try Walk.system("byte x; active proctype P() { d_step { \(body) } }")
        }
    }

    @Test("a fault in an initial value is found before anything runs")
    func initialValue() throws {
        let system = try Walk.system("byte zero; byte x = 1 / zero; active proctype P() { skip }")
        #expect(SuccessorGenerator(system).initialState().fault?.kind == .divisionByZero)
    }
}
