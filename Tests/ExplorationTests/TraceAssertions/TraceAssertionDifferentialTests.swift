import Foundation
import TestSupport
import Testing

/// The number of random programs; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 120

@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct TraceAssertionDifferentialTests {
    @Test("random programs with random trace assertions have the same states and verdicts as in Spin")
    func randomPrograms() throws {
        let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1
        var programs: [(seed: UInt64, text: String)] = []
        for offset in 0..<programCount {
            let seed = firstSeed + UInt64(offset)
            var generator = TraceAssertionGenerator(seed: seed)
            let program = ProgramGenerator(seed: seed, profile: .channels).makeProgram()
            if let text = generator.extend(program) { programs.append((seed, text)) }
        }
        let outcomes = try SpinOracle().check(texts: programs.map(\.text))
        var compared = 0
        var found: [String: Int] = [:]
        for ((seed, text), outcome) in zip(programs, outcomes) {
            guard case .result(let spin) = outcome else { continue }
            let expected = TraceFindings(of: spin)
            guard spin.isComplete || expected.isNondeterministic else { continue }
            compared += 1
            do {
                let own = try TraceFindings(ofModel: text)
                if own != expected { Issue.record("seed \(seed): \(own), in Spin \(expected)\n\(text)") }
            } catch {
                Issue.record("seed \(seed): \(error)\n\(text)")
            }
            for (name, holds) in [
                ("mismatch", expected.hasMismatch), ("all matched", expected.hasMatchedAll),
                ("nondeterminism", expected.isNondeterministic),
                ("neither", !expected.hasMismatch && !expected.hasMatchedAll && !expected.isNondeterministic),
            ] where holds { found[name, default: 0] += 1 }
        }
        #expect(compared > programCount / 2, "Spin decided too few of the programs for the comparison to mean anything")
        #expect(found.count == 4 || programCount < 100, "some answers never come up: \(found)")
    }
}
