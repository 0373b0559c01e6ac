import Exploration
import Foundation
import Promela

/// The result of a suite, for people.
public struct SuiteReport: Sendable {
    let suite: Suite
    let reviews: [CheckReview]
    let seconds: Double
    /// What an update has put right, if there was one.
    private let updated: [String]

    public init(_ suite: Suite, _ reviews: [CheckReview], seconds: Double, updated: [String] = []) {
        self.suite = suite
        self.reviews = reviews
        self.seconds = seconds
        self.updated = updated
    }

    /// How many checks stand so.
    public func count(_ standing: CheckReview.Standing) -> Int { reviews.count { $0.standing == standing } }

    /// Whether Heddle itself is at fault: a counterexample could not be replayed.
    public var hasFault: Bool {
        reviews.contains { if case .wrong(.unsound) = $0.outcome { true } else { false } }
    }

    /// The table, what is different, and how many are.
    public func text() -> String {
        var text = "\(suite.path)\n\n" + table() + "\n"
        for review in reviews {
            let lines = Self.details(of: review)
            if !lines.isEmpty { text += "\(review.check.title)\n" + lines.map { "  \($0)\n" }.joined() + "\n" }
        }
        if !updated.isEmpty { text += "Updated:\n" + updated.map { "  \($0)\n" }.joined() + "\n" }
        let parts = [
            (CheckReview.Standing.differs, "different"), (.inconclusive, "inconclusive"), (.wrong, "wrong"),
        ].filter { count($0.0) > 0 }.map { ", \(NumberText.grouped(count($0.0))) \($0.1)" }
        return text + "\(NumberText.counted(reviews.count, "check")): \(NumberText.grouped(count(.asExpected))) as expected"
            + parts.joined() + String(format: "; %.2f s\n", seconds)
    }

    // MARK: Table

    private func table() -> String {
        let header = ["check", "expected", "found", "states", "seconds"]
        let rows = reviews.map { review in
            [review.check.title, review.check.expectation.word] + Self.found(review.outcome)
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ mark: String, _ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                // The last column is ragged, so that a line does not depend on how fast another check was.
                return column == 3 ? space + cell : column == 4 ? cell : cell + space
            }
            return (mark + padded.joined(separator: "  ")).replacing(#/ +$/#, with: "") + "\n"
        }
        return line("  ", header) + zip(reviews, rows).map { line($0.standing == .asExpected ? "  " : "! ", $1) }.joined()
    }

    private static func found(_ outcome: CheckOutcome) -> [String] {
        switch outcome {
        case .wrong: return ["wrong", "", ""]
        case .notRun: return ["not run", "", ""]
        case .finished(let result):
            let word =
                switch result.verdict {
                case .holds: "holds"
                case .violated: "violated"
                case .inconclusive: "inconclusive"
                }
            return [word, NumberText.grouped(result.states), String(format: "%.2f s", result.seconds)]
        }
    }

    // MARK: Details

    static func details(of review: CheckReview) -> [String] {
        guard case .finished(let result) = review.outcome else { return [] }
        var lines = review.differences.map(\.text)
        if let trace = result.trace, !review.differences.isEmpty {
            let steps = NumberText.counted(trace.stepCount, "step")
            lines.append("found \(trace.violation.property) after \(steps): \(trace.violation.message)")
            lines.append("to see it: \(review.check.command)")
        }
        if result.truncations > 0 {
            let places = NumberText.counted(result.truncations, "place")
            lines.append("values did not fit their variables, in \(places): `heddle check` warns of them")
        }
        guard case .inconclusive(let limit) = result.verdict else { return lines }
        if case .open(let reason) = review.check.expectation {
            lines.append("open: \(reason)")
            let states = NumberText.counted(result.states, "state")
            lines.append("no violation in \(states), depth \(result.depth); \(explanation(limit))")
        } else {
            lines.append("inconclusive: \(explanation(limit))")
        }
        return lines
    }

    /// In a suite, limits are not given by options.
    private static func explanation(_ limit: Limit) -> String {
        switch limit {
        case .memory(let bytes):
            "the memory limit of \(ByteCount.text(bytes)) was reached; raise `memory`, or run fewer --jobs"
        case .depth(let depth): "there are states deeper than \(depth)"
        default: limit.explanation
        }
    }

    // MARK: Wrong models

    /// What keeps checks from being run: the diagnostics of their models, or the places in the suite; empty if nothing does.
    public func errorText(usesColor: Bool = false) -> String {
        var text = ""
        var seen: Set<String> = []
        for review in reviews {
            guard case .wrong(let error) = review.outcome else { continue }
            let part = errorText(of: error, review.check, usesColor)
            // Checks of the same wrong model say the same.
            if seen.insert(part).inserted { text += part }
        }
        return text
    }

    func errorText(of error: ModelError, _ check: SuiteCheck, _ usesColor: Bool) -> String {
        let renderer = DiagnosticRenderer(sources: suite.sources, usesColor: usesColor)
        switch error {
        case .wrong(let diagnostics, let sources):
            return DiagnosticRenderer(sources: sources, usesColor: usesColor).render(diagnostics.filter { $0.severity == .error })
        case .unreadable(let reason): return renderer.renderError(reason, at: check.places.model)
        case .unknownProperty(let unknown):
            let names = unknown.known.map { "`\($0)`" }.joined(separator: ", ")
            return renderer.renderError(
                "there is no property `\(unknown.name)`", at: check.places.properties ?? check.places.model,
                hint: "there are \(names)")
        case .outOfAddressSpace(let bytes):
            return renderer.renderError("\(ByteCount.text(bytes)) of memory cannot be reserved", at: check.places.model)
        case .unsupported(let error, let sources):
            return DiagnosticRenderer(sources: sources, usesColor: usesColor).render([error.diagnostic])
        case .unsound(let fault): return renderer.renderError("\(fault)", at: check.places.model)
        }
    }
}
