import Automata
import Exploration
import Promela
import Testing

@testable import Traces

/// A violated `trace` or `notrace` is recorded, replayed and rendered as any other violation.
@Suite struct TraceAssertionTraceTests {
    struct Example: CustomTestStringConvertible {
        var cause: Trace.Cause
        var text: String
        var testDescription: String { cause.rawValue }
    }

    static let examples = [
        Example(
            cause: .traceMismatch,
            text: """
                chan c = [2] of { byte };
                trace { c!1; c!1 }
                active proctype A() { byte x = 1; c!x; x = 2; c!x }
                """),
        Example(
            cause: .traceMismatch,
            text: """
                chan d = [0] of { byte };
                trace { end: do :: d!2 od }
                active proctype A() { byte x; x = 1; end: d!1 }
                """),
        Example(
            cause: .notraceMatched,
            text: """
                chan c = [2] of { byte };
                notrace { c!1; c?1 }
                active proctype A() { c!1 }
                active proctype B() { atomic { c?_; skip } }
                """),
        Example(
            cause: .unfinishedTrace,
            text: """
                chan c = [2] of { byte };
                trace { c!1; c!2 }
                active proctype A() { c!1; end: false }
                """),
        Example(
            cause: .nondeterministicTrace,
            text: """
                chan c = [2] of { byte };
                trace { if :: c!1; c!2 :: c!_; c!3 fi }
                active proctype A() { skip; c!1 }
                """),
    ]

    private func recorded(_ text: String) throws -> (system: System, trace: Trace) {
        let result = ModelReader.read(text: text, path: "a.pml")
        let system = try System(try #require(result.program), tracing: 0)
        let violation = try #require(try Search(system, options: SearchOptions()).run().violations.first)
        return (system, try Fixture.record(violation, in: system, path: "a.pml"))
    }

    @Test(arguments: examples) func isReproduced(_ example: Example) throws {
        let (system, trace) = try recorded(example.text)
        #expect(trace.violation.cause == example.cause)
        #expect(TraceReplayer(system).replay(trace).isReproduced)
        #expect(TextRenderer().render(trace).contains(trace.violation.message))
    }

    @Test(arguments: examples) func isNotReproducedWithoutTheAssertion(_ example: Example) throws {
        let (system, trace) = try recorded(example.text)
        let untraced = try System(system.program)
        #expect(!TraceReplayer(untraced).replay(trace).isReproduced)
    }

    @Test func tellsWhatIsWaitedForAtTheEnd() throws {
        let example = try #require(Self.examples.first { $0.cause == .unfinishedTrace })
        let trace = try recorded(example.text).trace
        #expect(trace.violation.message == "nothing can move, but the `trace` still waits for `c!2`")
        #expect(trace.violation.location?.line == 2)
    }
}
