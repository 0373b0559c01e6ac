import Automata
import Exploration
import Promela
import TestSupport
import Testing

@Suite struct TraceAssertionTests {
    /// A model, and what checking its trace assertion must find.
    struct Example: CustomTestStringConvertible {
        var name: String
        var finds: Set<Fault.Kind>
        var text: String

        var testDescription: String { name }

        /// Spin numbers the assertion among the process types, and takes number 0 for process 0, which can then neither offer
        /// nor accept a rendezvous.
        var withAssertionLast: String {
            let lines = text.split(separator: "\n")
            let isAssertion = { (line: Substring) in line.hasPrefix("trace") || line.hasPrefix("notrace") }
            return (lines.filter { !isAssertion($0) } + lines.filter(isAssertion)).joined(separator: "\n")
        }
    }

    static let examples: [Example] = [
        Example(
            name: "every event fits", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { c!1; c?1; c!2 }
                active proctype A() { byte x; c!1; c?x; c!2 }
                """),
        Example(
            name: "another value is sent", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                trace { c!1 }
                active proctype A() { c!2 }
                """),
        Example(
            name: "an event comes after the end", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                trace { c!1 }
                active proctype A() { c!1; c!1 }
                """),
        Example(
            name: "receives are no events where the trace has only sends", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { c!1 }
                active proctype A() { byte x; c!1; c?x }
                """),
        Example(
            name: "sends are no events where the trace has only receives", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                trace { c?1 }
                active proctype A() { byte x; c!5; c!1; c?x; c?x }
                """),
        Example(
            name: "other channels are out of scope", finds: [],
            text: """
                chan c = [2] of { byte };
                chan d = [2] of { byte };
                trace { c!1 }
                active proctype A() { c!1; d!2 }
                """),
        Example(
            name: "a channel is the same under every name", finds: [.traceMismatch],
            text: """
                chan c = [3] of { byte };
                chan d = [3] of { byte };
                trace { c!1; c!2 }
                proctype B(chan q) { chan r = q; r!1; q!3 }
                init { run B(c); run B(d) }
                """),
        Example(
            name: "elements of an array are channels of their own", finds: [],
            text: """
                chan c[2] = [2] of { byte, byte };
                trace { c[1]!1,2; c[0]!1,2 }
                active proctype A() { c[1]!1,2; c[0]!1,2 }
                """),
        Example(
            name: "a variable fits any value, and so does a field that is not there", finds: [],
            text: """
                chan c = [2] of { byte, byte };
                byte n;
                trace { c!n,2; c!1; c?_,2; c?n }
                active proctype A() { byte x; c!1,2; c!1,7; c?x,2; c?_,7 }
                """),
        Example(
            name: "`eval` compares before a receive has stored its last field", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                byte n = 4;
                trace { end: do :: c?eval(n) od }
                active proctype A() { c!3; c!3; c?n; c?n }
                """),
        Example(
            name: "`eval` compares after a receive has stored its other fields", finds: [],
            text: """
                chan c = [2] of { byte, byte };
                byte n = 4;
                trace { end: do :: c?eval(n),_ od }
                active proctype A() { byte x; c!3,3; c!5,3; c?n,x; c?n,x }
                """),
        Example(
            name: "copying and polling a message are no events", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { c?1 }
                active proctype A() { byte x; c!1; c?<x>; c?[1]; c?x }
                """),
        Example(
            name: "a sorted send is judged by the end of the channel", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                trace { c!2; c!1 }
                active proctype A() { c!2; c!!1 }
                """),
        Example(
            name: "a random receive is judged by the front of the channel", finds: [.traceMismatch],
            text: """
                chan c = [2] of { byte };
                trace { c?2; c?1 }
                active proctype A() { c!1; c!2; c??2; c?1 }
                """),
        Example(
            name: "both halves of a rendezvous are events", finds: [],
            text: """
                chan d = [0] of { byte };
                trace { d!1; d?1 }
                active proctype A() { d!1 }
                active proctype B() { byte x; d?x }
                """),
        Example(
            name: "the receive of a rendezvous does not fit", finds: [.traceMismatch],
            text: """
                chan d = [0] of { byte };
                trace { d!1; d!1; d?1 }
                active proctype A() { d!1 }
                active proctype B() { byte x; d?x }
                """),
        Example(
            name: "an offer that nobody takes is an event", finds: [.traceMismatch],
            text: """
                chan d = [0] of { byte };
                byte x;
                trace { end: do :: d!2 od }
                active proctype A() { if :: d!1 :: x = 1 fi }
                """),
        Example(
            name: "events inside atomic and d_step count", finds: [.traceMismatch],
            text: """
                chan c = [4] of { byte };
                trace { c!1; c!2; c!3; c!4; c!5 }
                active proctype A() { byte x; atomic { c!1; c!2 }; d_step { c!3; c?x; c!5; x = 0 } }
                """),
        Example(
            name: "a loop with a choice", finds: [],
            text: """
                chan c = [1] of { bit };
                trace { end: do :: c!0; c?0 :: c!1; c?1 od }
                active proctype A() { bit b; end: do :: c!b; b = 1 - b od }
                active proctype B() { end: do :: c?_ od }
                """),
        Example(
            name: "a break uses up the event that it fits", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { do :: c!1 :: break od; c!2; c!3 }
                active proctype A() { c!2; c!2 }
                """),
        Example(
            name: "two ways on", finds: [.nondeterministicTrace],
            text: """
                chan c = [2] of { byte };
                trace { if :: c!1; c!2 :: c!_; c!3 fi }
                active proctype A() { c!1; c!3 }
                """),
        Example(
            name: "a trace that still waits while a process waits", finds: [.unfinishedTrace],
            text: """
                chan c = [2] of { byte };
                trace { c!1; c?1; c!2 }
                active proctype A() { byte x; c!1; c?x; end: c?x }
                """),
        Example(
            name: "a trace may wait at an end label", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { c!1; c?1; end: c!2 }
                active proctype A() { byte x; c!1; c?x; end: c?x }
                """),
        Example(
            name: "a trace may wait for ever when no process is left", finds: [],
            text: """
                chan c = [2] of { byte };
                trace { c!1; c?1; c!2 }
                active proctype A() { byte x; c!1; c?x }
                """),
        Example(
            name: "what a notrace describes has happened", finds: [.notraceMatched],
            text: """
                chan c = [2] of { byte };
                notrace { c!1; c?1 }
                active proctype A() { byte x; c!1; c?x; c!1 }
                """),
        Example(
            name: "only the first events can be those of a notrace", finds: [],
            text: """
                chan c = [3] of { byte };
                notrace { c!1; c!2 }
                active proctype A() { c!2; c!1; c!2 }
                """),
        Example(
            name: "a notrace waits as a trace does", finds: [.unfinishedTrace],
            text: """
                chan c = [2] of { byte };
                notrace { c!1; c?1; c!2 }
                active proctype A() { byte x; c!1; c?x; end: c?x }
                """),
        Example(
            name: "a mismatch and a failed assertion in one step", finds: [.traceMismatch, .assertionFailed],
            text: """
                chan c = [2] of { byte };
                byte x;
                trace { c!1 }
                active proctype A() { d_step { assert(x); c!2; x = 1 }; c!1 }
                """),
    ]

    @Test("the assertion decides what it should", arguments: examples)
    func decides(_ example: Example) throws {
        let result = try Self.search(example.text)
        #expect(Set(result.violations.compactMap { $0.fault?.kind }) == example.finds, "\(result.violations.map(\.message))")
    }

    @Test(
        "Spin decides the same, with as many states", .enabled(if: SpinOracle.isAvailable, "Spin is not installed"),
        arguments: examples)
    func agreesWithSpin(_ example: Example) throws {
        guard case .result(let spin) = try SpinOracle().check(text: example.withAssertionLast) else {
            Issue.record("Spin rejects this")
            return
        }
        #expect(try TraceFindings(ofModel: example.text) == TraceFindings(of: spin), "\(spin.output)")
    }

    @Test("a system that was not built for it has the states that it has without the assertion")
    func untraced() throws {
        let example = try #require(Self.examples.first { $0.name == "a loop with a choice" })
        let lines = example.text.split(separator: "\n")
        let without = lines.filter { !$0.hasPrefix("trace") }.joined(separator: "\n")
        let plain = try Checked.search(example.text)
        #expect(plain.verdict == .holds)
        #expect(plain.statistics.statesStored == (try Checked.search(without)).statistics.statesStored)
    }

    @Test("a fault says what was waited for")
    func message() throws {
        let result = try Self.search(
            """
            mtype = { request, reply };
            chan c = [2] of { mtype, byte };
            trace { if :: c!request,_ :: c!reply(2) fi }
            active proctype A() { byte x = 3; c!reply,x }
            """)
        #expect(
            result.violations.map(\.message) == [
                "`c!reply,x` (with 1, 3) does not fit the `trace`, which waits for `c!request,_` or `c!reply(2)`"
            ])
    }

    static func search(_ text: String) throws -> SearchResult {
        let result = ModelReader.read(text: text, path: "model.pml")
        let program = try #require(result.program, "\(result.diagnostics.map(\.message))")
        return try Search(System(program, tracing: 0), options: SearchOptions(violationLimit: .max)).run()
    }
}
