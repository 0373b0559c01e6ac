import Foundation

/// What Spin 6.5.2 says about the infinite runs of one of its example models.
public struct SpinExampleClaim: Sendable {
    /// Spin's word on a question.
    public enum Verdict: String, Sendable {
        case holds, violated
        /// The search took over two minutes or went over a million steps deep.
        case tooLarge
    }

    /// The path in the directory of examples.
    public let example: String
    /// What was asked.
    public let question: SpinLivenessQuestion
    /// The answer for all runs.
    public let all: Verdict
    /// The answer for runs that are weakly fair.
    public let weaklyFair: Verdict
    /// Why the answers are not to be compared with, if they are not.
    public let caveat: String?
}

extension SpinExamples {
    /// Every question that Spin was asked about whole runs of the examples.
    public static let claims: [SpinExampleClaim] = claimTable.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 5, let all = SpinExampleClaim.Verdict(rawValue: cells[2]),
            let weaklyFair = SpinExampleClaim.Verdict(rawValue: cells[3])
        else { return nil }
        let question: SpinLivenessQuestion =
            switch cells[1] {
            case "never": .claim(name: nil)
            case "acceptance": .acceptance
            case "progress": .progress
            // A formula: the word `ltl` and its name.
            default: .claim(name: String(cells[1].dropFirst(4)))
            }
        return SpinExampleClaim(
            example: cells[0], question: question, all: all, weaklyFair: weaklyFair,
            caveat: cells[4] == "-" ? nil : cells[4])
    }
}
