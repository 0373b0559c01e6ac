import Testing

@testable import Suites

@Suite struct RunnerTests {
    @Test(arguments: [1, 2, 7])
    func outcomesHaveTheOrderOfTheSuite(jobs: Int) throws {
        let checks = (0..<5).map { "  - {name: c\($0), model: m.pml, states: \($0), expect: holds}\n" }.joined()
        let sample = try Sample("checks:\n" + checks)
        let reviews = SuiteRunner(jobs: jobs, memory: 64 << 20).run(try sample.read().checks)
        #expect(reviews.map(\.check.title) == ["c0", "c1", "c2", "c3", "c4"])
        #expect(reviews.map(\.standing) == [.differs, .differs, .differs, .asExpected, .differs])
    }

    @Test func aWrongModelIsNoReasonToLeaveOutTheOthers() throws {
        let sample = try Sample(
            "checks:\n  - {model: m.pml, property: end-state, expect: holds}\n  - {model: m.pml, defines: x=, expect: holds}\n"
                + "  - {model: m.pml, expect: holds}\n")
        let suite = try sample.read()
        let reviews = SuiteRunner(jobs: 2, memory: 64 << 20).run(suite.checks)
        #expect(reviews.map(\.standing) == [.wrong, .wrong, .asExpected])
        let errors = SuiteReport(suite, reviews, seconds: 0).errorText()
        #expect(errors.hasPrefix("\(sample.path):2:30: error: there is no property `end-state`\n"))
        #expect(errors.contains("/m.pml:1:"))
    }

    @Test func eachCheckGetsItsShareOfTheMemory() throws {
        let sample = try Sample("checks:\n  - {model: m.pml, expect: holds}\n  - {model: m.pml, memory: 1G, expect: holds}\n")
        let reviews = SuiteRunner(jobs: 2, memory: 2).run(try sample.read().checks)
        for review in reviews {
            guard case .finished(let result) = review.outcome else { continue }
            #expect(result.verdict == .inconclusive(.memory(bytes: 1)))
        }
        #expect(reviews.map(\.standing) == [.inconclusive, .inconclusive])
    }

    @Test func anInterruptedSuiteSaysWhatWasNotRun() throws {
        let sample = try Sample(
            "checks:\n" + (0..<3).map { _ in "  - {model: big.pml, expect: holds}\n" }.joined(),
            models: ["big.pml": "int a, b; active [2] proctype P() { do :: a < 1000 -> a++ :: b < 1000 -> b++ :: else -> break od }\n"])
        let reviews = SuiteRunner(jobs: 1, memory: 64 << 20) { _ in false }.run(try sample.read().checks)
        #expect(reviews.map(\.standing) == [.inconclusive, .inconclusive, .inconclusive])
        #expect(SuiteReport(try sample.read(), reviews, seconds: 0).text().contains("not run"))
    }
}
