import Exploration
import Foundation

extension SuiteReport {
    /// The result as JUnit XML, which CI systems show; each check is a test case, its model the class.
    public func junit() -> String {
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        let wrong = count(.wrong)
        let counts =
            #"tests="\#(reviews.count)" failures="\#(count(.differs))" errors="\#(wrong)" skipped="\#(count(.inconclusive))""#
        text += #"<testsuite name="\#(Self.escaped(suite.path))" \#(counts) time="\#(Self.seconds(seconds))">"# + "\n"
        for review in reviews { text += testCase(review) }
        return text + "</testsuite>\n"
    }

    private func testCase(_ review: CheckReview) -> String {
        var time = 0.0
        if case .finished(let result) = review.outcome { time = result.seconds }
        let start = #"  <testcase classname="\#(Self.escaped(review.check.model))" name="\#(Self.escaped(review.check.title))" "#
            + #"time="\#(Self.seconds(time))""#
        let lines = Self.details(of: review)
        let message = Self.escaped(lines.first ?? "not run")
        let details = Self.escaped(lines.joined(separator: "\n"))
        switch review.standing {
        case .asExpected where lines.isEmpty: return start + "/>\n"
        case .asExpected: return start + "><system-out>\(details)</system-out></testcase>\n"
        case .differs: return start + #"><failure message="\#(message)">\#(details)</failure></testcase>"# + "\n"
        case .inconclusive: return start + #"><skipped message="\#(message)"/></testcase>"# + "\n"
        case .wrong:
            guard case .wrong(let error) = review.outcome else { return start + "/>\n" }
            let text = Self.escaped(errorText(of: error, review.check, false))
            return start + #"><error message="the model cannot be checked">\#(text)</error></testcase>"# + "\n"
        }
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.3f", value) }

    /// Text as it may stand in XML, in quotes too; what XML has no way to say is replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
