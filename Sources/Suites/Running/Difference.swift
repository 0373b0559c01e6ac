import Exploration
import Traces

/// Where a check came to something else than the suite says.
public enum Difference: Hashable, Sendable {
    case verdict(expected: SuiteCheck.Expectation, found: String)
    /// Something else is violated than what was asked for.
    case property(String)
    case states(recorded: Int, found: Int)
    case trace(String)

    /// In one line.
    public var text: String {
        switch self {
        case .verdict(.open, let found): "verdict: open until now, found \(found)"
        case .verdict(let expected, let found): "verdict: expected \(expected.word), found \(found)"
        case .property(let name): "verdict: violated is \(name), which was not asked for"
        case .states(let recorded, let found):
            "states: \(NumberText.grouped(recorded)) -> \(NumberText.grouped(found)) "
                + "(\(found > recorded ? "+" : "")\(NumberText.grouped(found - recorded)))"
        case .trace(let what): "trace: \(what)"
        }
    }
}

/// A check beside what came of it.
public struct CheckReview: Sendable {
    /// Whether a suite is content with it.
    public enum Standing: Sendable {
        case asExpected, differs
        /// A limit was hit where a verdict is expected.
        case inconclusive
        /// The model cannot be checked.
        case wrong
    }

    /// What the suite says.
    public var check: SuiteCheck
    /// What was found.
    public var outcome: CheckOutcome
    /// In the order verdict, trace, states; empty where nothing is different.
    public var differences: [Difference] = []

    /// Compares what came of a check with what the suite says.
    public init(_ check: SuiteCheck, _ outcome: CheckOutcome) {
        self.check = check
        self.outcome = outcome
        guard case .finished(let result) = outcome else { return }
        switch (check.expectation, result.verdict) {
        case (.holds, .violated), (.open, .violated): differences.append(.verdict(expected: check.expectation, found: "violated"))
        case (.violated, .holds), (.open, .holds): differences.append(.verdict(expected: check.expectation, found: "holds"))
        case (.violated, .violated): compareViolation(result)
        case (.holds, .holds), (_, .inconclusive): break
        }
        if let recorded = check.states, result.isComplete, recorded != result.states {
            differences.append(.states(recorded: recorded, found: result.states))
        }
    }

    private mutating func compareViolation(_ result: CheckResult) {
        if !result.isAskedFor { differences.append(.property(result.trace?.violation.property ?? "another property")) }
        guard let kept = result.kept, let path = check.trace else { return }
        switch kept {
        case .missing: differences.append(.trace("there is no `\(path)`"))
        case .unreadable(let reason): differences.append(.trace(reason))
        case .read(_, let property, _, _) where property != result.trace?.violation.property:
            let found = result.trace?.violation.property ?? "another property"
            differences.append(.trace("\(path) is of \(property), found \(found)"))
        case .read(_, _, let variant?, _): differences.append(.trace("\(path) was made with \(variant)"))
        case .read(_, _, _, let replay) where !replay.isReproduced: differences.append(.trace("\(path) \(replay)"))
        case .read(let steps, _, _, _):
            guard let found = result.trace?.stepCount, found != steps else { return }
            differences.append(.trace("\(NumberText.counted(steps, "step")) in \(path), \(NumberText.grouped(found)) now"))
        }
    }

    /// What the check means for the whole suite.
    public var standing: Standing {
        switch outcome {
        case .wrong: return .wrong
        case .notRun: return .inconclusive
        case .finished(let result):
            if !differences.isEmpty { return .differs }
            guard case .inconclusive(let limit) = result.verdict else { return .asExpected }
            if case .open = check.expectation, limit != .interrupted { return .asExpected }
            return .inconclusive
        }
    }
}
