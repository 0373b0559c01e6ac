import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// The models that come with Spin: what is claimed of whole runs holds where Spin says so.
@Suite(.enabled(if: SpinOracle.isAvailable && examplesAreAvailable, "Spin or its examples are not installed"))
struct SpinExampleClaimTests {
    /// The most states of a model that is searched in every test run; the environment may ask for more.
    private static let stateLimit = Int(ProcessInfo.processInfo.environment["HEDDLE_EXAMPLE_STATES"] ?? "") ?? 50_000
    /// Spin is asked again about models that have no more states than that, so that the table stays true.
    private static let statesToAskAgain = 500

    /// Positions in the table, so that a test's name stays short.
    static let affordable = SpinExamples.claims.indices.filter { index in
        let claim = SpinExamples.claims[index]
        return claim.caveat == nil && claim.all != .tooLarge && states(of: claim) <= stateLimit
    }

    @Test("a claim holds where it holds in Spin, with and without weak fairness", arguments: affordable)
    func example(index: Int) throws {
        let recorded = SpinExamples.claims[index]
        let file = try #require(try SpinExamples.find()).appendingPathComponent(recorded.example)
        if Self.states(of: recorded) <= Self.statesToAskAgain {
            let spin = try SpinOracle().check(file: file, recorded.question)
            for (outcome, verdict) in [(spin.all, recorded.all), (spin.weaklyFair, recorded.weaklyFair)] {
                let holds = outcome.result?.answer(to: recorded.question)
                #expect(holds == (verdict == .holds), "the table is out of date: \(recorded)")
            }
        }
        let options = ReadOptions(expandsSelect: true)
        let program = try #require(try ModelReader.read(fileAt: file.path, options: options).program)
        let claim = try #require(Self.claim(recorded.question, of: program))
        let own = try ClaimFindings(of: System(program), claim)
        #expect(own.all == (recorded.all == .holds), "\(recorded)")
        if recorded.weaklyFair != .tooLarge {
            #expect(own.weaklyFair == (recorded.weaklyFair == .holds), "with weak fairness: \(recorded)")
        }
    }

    private static func claim(_ question: SpinLivenessQuestion, of program: Program) -> Claim? {
        switch question {
        case .claim(nil): .neverClaim(0)
        case .claim(let name): program.formulas.indices.first { program.formulaName($0) == name }.map { .formula($0) }
        case .acceptance: .acceptance
        case .progress: .progress
        }
    }

    private static func states(of claim: SpinExampleClaim) -> Int {
        SpinExamples.all.first { $0.name == claim.example }?.statesWithoutClaim ?? .max
    }
}

private let examplesAreAvailable = ((try? SpinExamples.find()) ?? nil) != nil
