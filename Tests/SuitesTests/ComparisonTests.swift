import Exploration
import Promela
import Testing
import Traces

@testable import Suites

@Suite struct ComparisonTests {
    private static func check(_ expectation: SuiteCheck.Expectation, states: Int? = nil, trace: String? = nil) -> SuiteCheck {
        let span = Span(file: FileID(0), start: 0, end: 0)
        return SuiteCheck(
            model: "m.pml", defines: [], formulas: [], properties: [], fairness: .none, expectation: expectation, trace: trace,
            states: states, places: SuiteCheck.Places(model: span, expectation: span))
    }

    private static func result(_ verdict: Verdict, states: Int = 10, isComplete: Bool = true, steps: Int = 0) -> CheckResult {
        var trace: Trace?
        if verdict == .violated {
            let step = Trace.Step(
                action: Trace.Action(
                    pid: 0, process: "P", text: "x++", location: SourceLocation(path: "m.pml", line: 1, column: 1)))
            trace = Trace(
                model: ModelReference(path: "m.pml"),
                violation: Trace.Violation(property: "assertions", message: "fails", cause: .assertionFailed), states: [],
                steps: Array(repeating: step, count: steps))
        }
        return CheckResult(verdict: verdict, trace: trace, states: states, depth: 3, isComplete: isComplete, seconds: 0)
    }

    private static let open = SuiteCheck.Expectation.open(reason: "nobody knows")

    @Test(arguments: [
        (.holds, .holds, .asExpected, []),
        (.holds, .violated, .differs, ["verdict: expected holds, found violated"]),
        (.holds, .inconclusive(.depth(3)), .inconclusive, []),
        (.violated, .violated, .asExpected, []),
        (.violated, .holds, .differs, ["verdict: expected violated, found holds"]),
        (.violated, .inconclusive(.depth(3)), .inconclusive, []),
        (open, .inconclusive(.depth(3)), .asExpected, []),
        (open, .inconclusive(.interrupted), .inconclusive, []),
        (open, .violated, .differs, ["verdict: open until now, found violated"]),
        (open, .holds, .differs, ["verdict: open until now, found holds"]),
    ] as [(SuiteCheck.Expectation, Verdict, CheckReview.Standing, [String])])
    func verdicts(expected: SuiteCheck.Expectation, found: Verdict, standing: CheckReview.Standing, differences: [String]) {
        let review = CheckReview(Self.check(expected), .finished(Self.result(found)))
        #expect(review.standing == standing)
        #expect(review.differences.map(\.text) == differences)
    }

    @Test(arguments: [
        (10, 10, true, []), (229_556, 229_560, true, ["states: 229,556 -> 229,560 (+4)"]),
        (1010, 10, true, ["states: 1,010 -> 10 (-1,000)"]), (11, 10, false, []), (nil, 10, true, []),
    ] as [(Int?, Int, Bool, [String])])
    func statesAreComparedWhereAllWereSearched(recorded: Int?, found: Int, isComplete: Bool, differences: [String]) {
        let review = CheckReview(
            Self.check(.holds, states: recorded), .finished(Self.result(.holds, states: found, isComplete: isComplete)))
        #expect(review.differences.map(\.text) == differences)
    }

    @Test(arguments: [
        (.read(steps: 52, property: "assertions", variant: nil, replay: Replay(outcome: .reproduced)), []),
        (.read(steps: 55, property: "assertions", variant: nil, replay: Replay(outcome: .reproduced)), ["trace: 55 steps in t.json, 52 now"]),
        (.read(steps: 52, property: "end-states", variant: nil, replay: Replay(outcome: .reproduced)), ["trace: t.json is of end-states, found assertions"]),
        (.read(steps: 52, property: "assertions", variant: "N=1", replay: Replay(outcome: .reproduced)), ["trace: t.json was made with N=1"]),
        (.read(steps: 52, property: "assertions", variant: nil, replay: Replay(outcome: .diverged(step: 3, reason: "why"))), ["trace: t.json diverged at step 3: why"]),
        (.missing, ["trace: there is no `t.json`"]), (.unreadable("t.json: broken"), ["trace: t.json: broken"]),
    ] as [(KeptTrace, [String])])
    func keptTraces(kept: KeptTrace, differences: [String]) {
        var result = Self.result(.violated, steps: 52)
        result.kept = kept
        let review = CheckReview(Self.check(.violated, trace: "t.json"), .finished(result))
        #expect(review.differences.map(\.text) == differences)
    }

    @Test func aViolationOfSomethingElseIsNotTheExpectedOne() {
        var result = Self.result(.violated)
        result.isAskedFor = false
        let review = CheckReview(Self.check(.violated), .finished(result))
        #expect(review.differences.map(\.text) == ["verdict: violated is assertions, which was not asked for"])
    }

    @Test func whatWasNotRunIsInconclusive() {
        #expect(CheckReview(Self.check(.holds), .notRun).standing == .inconclusive)
        #expect(CheckReview(Self.check(.holds), .wrong(.unreadable("gone"))).standing == .wrong)
    }
}
