import Foundation
import Testing
import Traces

@testable import Suites

@Suite struct UpdateTests {
    /// The text after an update, and what it says it has changed.
    private func updated(_ text: String) throws -> (text: String, changes: [String]) {
        let sample = try Sample(text)
        let suite = try sample.read()
        var reviews = SuiteRunner(jobs: 1, memory: 64 << 20).run(suite.checks)
        let update = SuiteUpdate(suite, &reviews)
        try update.write(to: sample.path)
        #expect(update.failures.isEmpty)
        return (try String(contentsOfFile: sample.path, encoding: .utf8), update.changes)
    }

    /// The model has three states: before and after the step, and after the end of the process.
    @Test func onlyTheNumbersChange() throws {
        let (text, changes) = try updated(
            """
            # Käse first,

            checks:   # then this
              - name: "größer"   # quoted
                states:   1_999    # recorded
                model: m.pml
                expect:   holds   # always

              - { model: m.pml, states: 7, expect: holds }   # in braces
            # the end

            """)
        #expect(
            text == """
                # Käse first,

                checks:   # then this
                  - name: "größer"   # quoted
                    states:   3    # recorded
                    model: m.pml
                    expect:   holds   # always

                  - { model: m.pml, states: 3, expect: holds }   # in braces
                # the end

                """)
        #expect(changes == ["größer: states: 1,999 -> 3 (-1,996)", "m.pml: states: 7 -> 3 (-4)"])
    }

    @Test func aNumberThatWasNotRecordedIsAdded() throws {
        let (text, changes) = try updated(
            "checks:\r\n  - model: m.pml\r\n    expect: holds # always\r\n    fairness: weak\r\n  - {model: m.pml, expect: 'holds'}\r\n  - model: m.pml\r\n    expect: holds")
        #expect(
            text
                == "checks:\r\n  - model: m.pml\r\n    expect: holds # always\r\n    states: 3\r\n    fairness: weak\r\n  - {model: m.pml, expect: 'holds', states: 3}\r\n  - model: m.pml\r\n    expect: holds\n    states: 3"
        )
        #expect(changes.count == 3)
    }

    @Test(arguments: [
        "checks: [{model: m.pml, expect: holds, states: 3}]\n",
        "checks: [{model: m.pml, expect: violated, states: 4}]\n",
        "checks: [{model: m.pml, ltl: '[] (x == 0)', expect: holds, states: 4}]\n",
        "checks: [{model: m.pml, depth: 1, expect: holds, states: 4}]\n",
        "checks: [{model: m.pml, expect: open, reason: why, states: 4}]\n",
    ])
    func nothingIsWrittenWhereTheVerdictIsNotTheExpectedOneOrNothingIsDifferent(text: String) throws {
        let (after, changes) = try updated(text)
        #expect(after == text)
        #expect(changes.isEmpty)
    }

    @Test func aFileThatWasChangedInTheMeantimeIsLeftAlone() throws {
        let sample = try Sample("checks: [{model: m.pml, expect: holds, states: 4}]\n")
        let suite = try sample.read()
        var reviews = SuiteRunner(jobs: 1, memory: 64 << 20).run(suite.checks)
        let update = SuiteUpdate(suite, &reviews)
        try Data("# mine\n".utf8).write(to: URL(fileURLWithPath: sample.path))
        #expect(throws: TraceFileError.self) { try update.write(to: sample.path) }
        #expect(try String(contentsOfFile: sample.path, encoding: .utf8) == "# mine\n")
    }

    @Test func aSuiteThatTheEditsWouldBreakIsLeftAlone() throws {
        // The value is longer in the text than what it says.
        let text = "checks: [{model: m.pml, expect: !!str holds}]\n"
        let sample = try Sample(text)
        let suite = try sample.read()
        var reviews = SuiteRunner(jobs: 1, memory: 64 << 20).run(suite.checks)
        let update = SuiteUpdate(suite, &reviews)
        #expect(throws: TraceFileError.self) { try update.write(to: sample.path) }
        #expect(try String(contentsOfFile: sample.path, encoding: .utf8) == text)
    }

    /// A trace names its model from above itself; from elsewhere that name would be of no use.
    @Test func aTraceIsNotWrittenWithAPathOfThisMachine() throws {
        let sample = try Sample("checks: [{model: m.pml, ltl: '[] (x == 0)', expect: violated, trace: t.itf.json}]\n")
        let suite = try sample.read()
        var reviews = SuiteRunner(jobs: 1, memory: 64 << 20).run(suite.checks)
        let update = SuiteUpdate(suite, &reviews)
        #expect(update.changes.filter { $0.contains("trace") }.isEmpty)
        #expect(update.failures.count == 1)
        #expect(!FileManager.default.fileExists(atPath: sample.directory.url.appendingPathComponent("t.itf.json").path))
    }
}
