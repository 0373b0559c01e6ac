import Automata
import Exploration
import Promela
import Testing

@testable import Traces

@Suite struct RecorderTests {
    private func search(_ model: String) throws -> (system: System, violation: Violation) {
        let system = try Fixture.system(model)
        let violations = try Search(system, options: SearchOptions()).run().violations
        return (system, try #require(violations.first))
    }

    @Test func rejectsAnImpossibleStep() throws {
        var (system, violation) = try search(Models.deadlock)
        violation.path.append(violation.path[0])
        #expect { try Fixture.record(violation, in: system, path: "a.pml") } throws: { error in
            (error as? TraceRecordingError)?.step == violation.path.count
        }
        violation.path = [Step(pid: 0, transition: 10_000)]
        #expect(throws: TraceRecordingError.self) { try Fixture.record(violation, in: system, path: "a.pml") }
    }

    @Test(arguments: Models.all) func rejectsAPathThatIsTooShort(_ model: String) throws {
        var (system, violation) = try search(model)
        violation.path.removeLast()
        #expect(throws: TraceRecordingError.self) { try Fixture.record(violation, in: system, path: "a.pml") }
    }

    @Test func keepsAStepThatFails() throws {
        let trace = try Fixture(Models.outOfBounds).trace
        #expect(trace.steps.map(\.action.text) == ["i++"])
        #expect(trace.violation.failedStep?.action.text == "a[i] = 1")
        #expect(trace.violation.property == "array-bounds")
        #expect(trace.violation.values.contains(Trace.Field("i", .integer(3))))
    }

    @Test func recordsAFaultOfTheInitialization() throws {
        let model = "byte zero; byte x = 3 / zero; active proctype P() { skip }"
        let result = ModelReader.read(text: model, path: "a.pml")
        let system = try System(try #require(result.program))
        let violation = try #require(try Search(system, options: SearchOptions()).run().violations.first)
        let trace = try Fixture.record(violation, in: system, path: "a.pml")
        #expect(trace.steps.isEmpty && trace.states.count == 1)
        #expect(TraceReplayer(system).replay(trace).isReproduced)
        #expect(TextRenderer().render(trace).contains("in the initial state"))
    }

    @Test func recordsMessagesOfDeterministicSteps() throws {
        let trace = try Fixture(Models.everything).trace
        let step = try #require(trace.steps.first { $0.action.text.hasPrefix("d_step") })
        #expect(step.messages == [
            Trace.Message(channel: "queue[0]", values: [.name("GET"), .integer(-3)], direction: .received)
        ])
        #expect(trace.steps.contains { $0.isTimeout })
        #expect(trace.steps.contains { $0.output == "child \"1\" is done\n" })
    }

    @Test func keepsMacrosAsWritten() throws {
        let model = """
            #define LIMIT 3
            #define FULL (x == LIMIT)
            byte x;
            inline raise(v) { v = v + 1 }
            active proctype P() {
                x = LIMIT - 1;
                raise(x);
                FULL;
                x = x + LIMIT;
                assert(!(x == 2 * LIMIT))
            }
            """
        let trace = try Fixture(model).trace
        #expect(trace.steps.map(\.action.text) == [
            "x = LIMIT - 1", "x = x + 1", "FULL", "x = x + LIMIT", "assert(!(x == 2 * LIMIT))",
        ])
        #expect(trace.steps.map(\.action.location.line) == [6, 7, 8, 9, 10])
        #expect(TraceReplayer(try Fixture.system(model)).replay(trace).isReproduced)
    }

    @Test func namesTheEndOfALoop() throws {
        let model = """
            byte x;
            active proctype P() {
                if
                :: x == 0 ->
                    do
                    :: x < 1 -> x++
                    :: else -> break
                    od
                fi;
                assert(x == 0)
            }
            """
        let trace = try Fixture(model).trace
        let ends = trace.steps.filter { ["fi", "od"].contains($0.action.text) }
        for step in ends { #expect(step.action.location.line == (step.action.text == "od" ? 8 : 9)) }
        #expect(!trace.steps.contains { $0.action.text.hasPrefix("do") || $0.action.text.hasPrefix("if") })
    }

    @Test func explainsWhatIsWaitedFor() throws {
        let model = """
            chan narrow = [1] of { byte };
            chan none = [1] of { byte };
            byte a = 2;
            active proctype Sender() { narrow!1; narrow!2 }
            active proctype Receiver() { byte x; none?x }
            active proctype Waiter() { if :: a > 3 -> skip :: none?7 -> skip fi }
            active proctype Other() { none!5; false }
            active proctype Barred() provided (a == 1) { skip }
            """
        let trace = try Fixture(model).trace
        let waits = Dictionary(uniqueKeysWithValues: trace.violation.waiting.map { ($0.process, $0.reasons) })
        #expect(waits["Sender"] == ["waits for room in narrow, to do `narrow!2`: it is full, [1]"])
        #expect(waits["Receiver"] == ["waits for a message on none, to do `none?x`"] || waits["Receiver"] == nil)
        #expect(waits["Waiter"]?.first == "waits for condition (a > 3): a is 2")
        #expect(waits["Barred"]?.first == "may only move while provided (a == 1): a is 2")
    }
}
