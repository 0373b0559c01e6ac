import Testing

@testable import Traces

@Suite struct RenderingTests {
    @Test func deadlockAsText() throws {
        let expected = """
            end-states: nothing can move any more, but not every process has come to an end
              deadlock: nothing can move, and Client(0) and Server(1) have not come to an end
              after 1 step, at models/a.pml:7

            Initially:  everything is 0, false or empty

                             Client(0)               Server(1)
               1   a.pml:6   request!GET(7)          │
                   a.pml:12  └── GET 7 on request ──▶request?GET(from)   Server(1).from: 0 → 7

            Nothing can move:
              Client(0)  a.pml:7   waits for a message on reply, to do `reply?ACK`
              Server(1)  a.pml:13  waits for a message on request, to do `request?GET(from)`

            """
        #expect(TextRenderer().render(try Fixture(Models.deadlock).trace) == expected)
    }

    @Test func assertionAsText() throws {
        let expected = """
            assertions: an assertion fails
              the count is too high
              after 8 steps, at models/a.pml:10

            Initially:  everything is 0, false or empty

                             Worker(0)   Worker(1)
            /  1   a.pml:6   |           count++                count: 0 -> 1
            \\  2   a.pml:6   |           n = count              n: 0 -> 1
               3   a.pml:7   |           select (n : 1 .. 2) = 1
               4   a.pml:8   |           log!n  -> log: 1
               5   a.pml:9   |           log?n  <- log: 1
            /  6   a.pml:6   count++     |                      count: 1 -> 2
            \\  7   a.pml:6   n = count   |                      n: 0 -> 2
               8X  a.pml:10  |           assert(count <= MAX)

            The condition (count <= MAX) does not hold:
              count = 2

            """
        var trace = try Fixture(Models.assertion).trace
        trace.violation.message = "the count is too high"
        #expect(TextRenderer(options: TextOptions(isASCII: true)).render(trace) == expected)
    }

    @Test func newProcessesShowWhatTheyStartWith() throws {
        let text = TextRenderer().render(try Fixture(Models.everything).trace)
        #expect(text.contains("starts Child(2) with id = 1, out = queue[0]\n"))
    }

    @Test func manyProcessesGetAColumn() throws {
        let model = "byte x;\nactive [12] proctype LongWorkerName() { x++; assert(x < 3) }"
        let text = TextRenderer(options: TextOptions(columns: 80)).render(try Fixture(model).trace)
        #expect(text.contains("   1   a.pml:2  LongWorkerName(11)  x++    x: 0 → 1\n"))
    }

    @Test func colorOnlyAddsEscapes() throws {
        for model in Models.all {
            let trace = try Fixture(model).trace
            let plain = TextRenderer().render(trace)
            let colored = TextRenderer(options: TextOptions(usesColor: true)).render(trace)
            #expect(!plain.contains("\u{1b}"))
            #expect(colored.contains("\u{1b}[1m"))
            #expect(colored.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
        }
    }

    @Test func deadlockAsMermaid() throws {
        let expected = """
            sequenceDiagram
                participant P0 as Client(0)
                participant P1 as Server(1)
                P0->>P1: 1. GET 7 on request
                Note over P0,P1: Server(1).from: 0 → 7
                Note over P0,P1: #101;nd-states: blocked<br/>Client(0) waits for a message on reply, to do #96;reply?ACK#96;<br/>Server(1) waits for a message on request, to do #96;request?GET(from)#96;

            """
        var trace = try Fixture(Models.deadlock).trace
        trace.violation.message = "blocked"
        #expect(MermaidRenderer().render(trace) == expected)
    }

    @Test func assertionAsMermaid() throws {
        let expected = """
            sequenceDiagram
                participant P0 as Worker(0)
                participant P1 as Worker(1)
                Note over P1: 1. count++<br/>count: 0 → 1
                Note over P1: 2. n = count<br/>n: 0 → 1
                Note over P1: 3. select (n : 1 .. 2) = 1
                Note over P1: 4. log!n
                P1-)P1: 5. 1 on log, sent in step 4
                Note over P0: 6. count++<br/>count: 1 → 2
                Note over P0: 7. n = count<br/>n: 0 → 2
                Note over P1: 8. assert(count #60;= MAX)
                Note over P0,P1: assertions: too high<br/>count = 2

            """
        var trace = try Fixture(Models.assertion).trace
        trace.violation.message = "too high"
        #expect(MermaidRenderer().render(trace) == expected)
    }

    @Test func mermaidMatchesMessagesToTheirSends() throws {
        let model = """
            chan c = [3] of { byte };
            active proctype A() { c!1; c!2 }
            active proctype B() { byte x; c??2; c?x; assert(x == 2) }
            """
        let text = MermaidRenderer().render(try Fixture(model).trace)
        #expect(text.contains("P0-)P1: 3. 2 on c, sent in step 2"))
        #expect(text.contains("P0-)P1: 4. 1 on c, sent in step 1"))
    }

    @Test func loopIsShown() throws {
        var trace = try Fixture(Models.assertion).trace
        trace.loopStart = 3
        let text = TextRenderer().render(trace)
        #expect(text.contains("┏━▶ cycle: from here on, for ever\n┃  4   a.pml:8 "))
        #expect(text.contains("┗━━ back to the state after step 3\n"))
    }

    /// Whatever a file says, a drawing stays within its columns, and cannot take over a terminal.
    @Test func staysWithinItsColumns() {
        for seed in 0..<300 {
            var generator = TraceGenerator(seed: UInt64(seed))
            let trace = generator.trace()
            for columns in [60, 80, 100, 160] {
                let text = TextRenderer(options: TextOptions(columns: columns)).render(trace)
                for line in text.split(separator: "\n") {
                    #expect(line.count <= columns, "seed \(seed): \(line)")
                    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f })
                }
            }
            let ascii = TextRenderer(options: TextOptions(isASCII: true)).render(trace)
            #expect(ascii.unicodeScalars.allSatisfy { $0.isASCII })
            let mermaid = MermaidRenderer().render(trace)
            #expect(!mermaid.contains("\u{1b}") && !mermaid.contains("<b>"))
        }
    }
}
