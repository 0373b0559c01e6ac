import Foundation
import Testing

/// `heddle test`, from the file to the exit code.
@Suite struct SuiteTests {
    private static let counter = """
        #ifndef TOP
        #define TOP 5
        #endif
        byte x;
        active proctype P() { do :: x < TOP -> x++ :: else -> break od; assert(x != BAD) }
        """

    private static func place(_ checks: String) throws -> Workplace {
        try Workplace(["Models/counter.pml": counter, "Models/suite.yaml": "# What must hold.\nchecks:\n\(checks)"])
    }

    /// The output after the table.
    private static func details(_ outcome: HeddleCommand.Outcome) -> [String] {
        let parts = Normalized.text(outcome.output).components(separatedBy: "\n\n")
        return parts.dropFirst(2).joined(separator: "\n\n").split(separator: "\n").map(String.init)
    }

    @Test func everyDifferenceIsShown() throws {
        let place = try Self.place(
            """
              - {name: as expected, model: counter.pml, defines: BAD=6, expect: holds, states: 14}
              - {name: states, model: counter.pml, defines: BAD=6, expect: holds, states: 15}
              - {name: holds no more, model: counter.pml, defines: BAD=5, expect: holds}
              - {name: violated no more, model: counter.pml, defines: BAD=6, expect: violated}
              - {name: trace, model: counter.pml, defines: BAD=5, expect: violated, trace: ../t.itf.json}
              - {name: decided, model: counter.pml, defines: BAD=6, expect: open, reason: it was large}
              - {name: open, model: counter.pml, defines: BAD=6, depth: 3, expect: open, reason: nobody knows}
              - {name: limit, model: counter.pml, defines: BAD=6, depth: 3, expect: holds}

            """)
        let outcome = try place.heddle("test", "--jobs", "3")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.isEmpty)
        #expect(
            Normalized.text(outcome.output).components(separatedBy: "\n\n")[1] == """
                  check             expected  found         states  seconds
                  as expected       holds     holds             14  0.00 s
                ! states            holds     holds             14  0.00 s
                ! holds no more     holds     violated          13  0.00 s
                ! violated no more  violated  holds             14  0.00 s
                ! trace             violated  violated          13  0.00 s
                ! decided           open      holds             14  0.00 s
                  open              open      inconclusive       4  0.00 s
                ! limit             holds     inconclusive       4  0.00 s
                """)
        #expect(
            Self.details(outcome) == [
                "states", "  states: 15 -> 14 (-1)",
                "holds no more", "  verdict: expected holds, found violated",
                "  found assertions after 12 steps: the assertion `(x != BAD)` fails",
                "  to see it: heddle check Models/counter.pml -DBAD=5",
                "violated no more", "  verdict: expected violated, found holds",
                "trace", "  trace: there is no `t.itf.json`",
                "  found assertions after 12 steps: the assertion `(x != BAD)` fails",
                "  to see it: heddle check Models/counter.pml -DBAD=5",
                "decided", "  verdict: open until now, found holds",
                "open", "  open: nobody knows", "  no violation in 4 states, depth 3; there are states deeper than 3",
                "limit", "  inconclusive: there are states deeper than 3",
                "8 checks: 2 as expected, 5 different, 1 inconclusive; 0.00 s",
            ])
    }

    @Test(arguments: [
        ("defines: BAD=6, expect: holds", 0), ("defines: BAD=5, expect: violated", 0),
        ("defines: BAD=6, depth: 3, expect: open, reason: why", 0), ("defines: BAD=5, expect: holds", 1),
        ("defines: BAD=6, expect: holds, states: 1", 1), ("expect: holds", 2), ("defines: BAD=6, property: end, expect: holds", 2),
        ("defines: BAD=6, expect: hold", 2), ("defines: BAD=6, engine: other, expect: holds", 2),
        ("defines: BAD=6, depth: 3, expect: holds", 3), ("defines: BAD=6, depth: 3, expect: violated", 3),
    ] as [(String, Int32)])
    func theExitCodeSaysWhatCameOfIt(check: String, exitCode: Int32) throws {
        let outcome = try Self.place("  - {model: counter.pml, \(check)}\n").heddle("test")
        #expect(outcome.exitCode == exitCode, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.errors.isEmpty == (exitCode != 2))
    }

    @Test func aWrongSuiteIsShownWithItsLine() throws {
        let outcome = try Self.place("  - model: counter.pml\n    expect: holds\n    engine: magic\n").heddle("test")
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errors == """
                Models/suite.yaml:5:13: error: there is no engine `magic`
                    5 |     engine: magic
                      |             ^~~~~
                   hint: there are `explicit`, `diagrams`, `symbolic`, `bounded`, `horn`, `portfolio`

                """)
    }

    @Test func aTraceIsFollowedThroughAnEditOfTheModel() throws {
        let checks = "  - {model: counter.pml, defines: BAD=5, expect: violated, trace: ../Corpus/t.itf.json, states: 99}\n"
        let place = try Self.place(checks)
        try place.write("", to: "Corpus/other")
        let first = try place.heddle("test", "--update")
        #expect(first.exitCode == 0)
        #expect(first.output.contains("Updated:\n  counter.pml BAD=5: trace: there is no `Corpus/t.itf.json`\n"))
        #expect(try place.heddle("replay", "Corpus/t.itf.json").exitCode == 0)
        #expect(try place.heddle("test").exitCode == 0)

        let told = try place.text(of: "Corpus/t.itf.json").replacing("\"version\": 1,", with: "\"version\": 1, \"story\": [\"It counts to 5.\"],")
        try place.write(told, to: "Corpus/t.itf.json")

        // One statement fewer on the way.
        try place.write(Self.counter.replacing("byte x;", with: "byte x = 1;"), to: "Models/counter.pml")
        let edited = try place.heddle("test")
        #expect(edited.exitCode == 1)
        #expect(edited.output.contains("\n  trace: Corpus/t.itf.json diverged at step "))
        #expect(try place.heddle("test", "--update").exitCode == 0)
        #expect(try place.heddle("test").exitCode == 0)
        #expect(try place.heddle("replay", "Corpus/t.itf.json").output == "Corpus/t.itf.json: reproduced\n  It counts to 5.\n")
        // The search stopped at the violation: the number of states says nothing, and stays.
        #expect(try place.text(of: "Models/suite.yaml") == "# What must hold.\nchecks:\n" + checks)
    }

    @Test func aLongerTraceThanNeededIsADifference() throws {
        let checks = "  - {model: counter.pml, defines: BAD=5, expect: violated, trace: ../t.itf.json}\n"
        let place = try Self.place(checks)
        let model = "byte x; active proctype P() { do :: x < 5 -> x++ :: x == 0 -> x = 4 :: else -> break od; assert(x != BAD) }\n"
        try place.write(model.replacing(":: x == 0 -> x = 4 ", with: ""), to: "Models/counter.pml")
        #expect(try place.heddle("test", "--update").exitCode == 0)
        try place.write(model, to: "Models/counter.pml")
        let outcome = try place.heddle("test")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("\n  trace: 12 steps in t.itf.json, 6 now\n"))
    }

    @Test func aFilterThatFitsNothingIsAMistake() throws {
        let place = try Self.place("  - {model: counter.pml, defines: BAD=6, expect: holds}\n")
        let outcome = try place.heddle("test", "--filter", "other")
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("heddle: error: no check of `Models/suite.yaml` matches `other`\n"))
        #expect(try place.heddle("test", "--filter", "bad=6").exitCode == 0)
        #expect(try place.heddle("test", "--jobs", "0").exitCode == 2)
        #expect(try place.heddle("test", "other.yaml").exitCode == 2)
    }

    @Test func theResultsAsJUnit() throws {
        let place = try Self.place(
            """
              - {name: 'a < "b" & c', model: counter.pml, defines: BAD=6, expect: holds}
              - {name: different, model: counter.pml, defines: BAD=6, expect: holds, states: 15}
              - {name: limit, model: counter.pml, defines: BAD=6, depth: 3, expect: holds}
              - {name: wrong, model: counter.pml, defines: BAD=6, property: end, expect: holds}
              - {name: narrow, model: narrow.pml, expect: holds}

            """)
        try place.write("byte x; active proctype P() { x = 300 }\n", to: "Models/narrow.pml")
        try place.write("old", to: "junit.xml")
        let plain = try place.heddle("test")
        let outcome = try place.heddle("test", "--junit", "junit.xml")
        #expect(Normalized.text(outcome.output) == Normalized.text(plain.output))
        #expect(outcome.errors == plain.errors)
        #expect(outcome.exitCode == 2)
        let text = try place.text(of: "junit.xml").replacing(#/time="\d+\.\d{3}"/#, with: #"time="0""#)
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="Models/suite.yaml" tests="5" failures="1" errors="1" skipped="1" time="0">
                  <testcase classname="Models/counter.pml" name="a &lt; &quot;b&quot; &amp; c" time="0"/>
                  <testcase classname="Models/counter.pml" name="different" time="0"><failure message="states: 15 -&gt; 14 (-1)">states: 15 -&gt; 14 (-1)</failure></testcase>
                  <testcase classname="Models/counter.pml" name="limit" time="0"><skipped message="inconclusive: there are states deeper than 3"/></testcase>
                  <testcase classname="Models/counter.pml" name="wrong" time="0"><error message="the model cannot be checked">\(Self.escaped(plain.errors))</error></testcase>
                  <testcase classname="Models/narrow.pml" name="narrow" time="0"><system-out>values did not fit their variables, in 1 place: `heddle check` warns of them</system-out></testcase>
                </testsuite>

                """)
        #expect(try place.heddle("test", "--junit", "no/such/folder.xml").exitCode == 2)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Half a minute, and two gigabytes.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HEDDLE_LARGE_MODELS"] != nil, "HEDDLE_LARGE_MODELS is not set"))
    func ourOwnSuiteIsAsExpected() throws {
        var command = HeddleCommand(arguments: ["test"], directory: Repository.root)
        command.timeout = 1200
        let outcome = try command.start().outcome()
        #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains(" as expected; "))
    }
}
