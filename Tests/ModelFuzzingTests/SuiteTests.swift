import Automata
import Exploration
import Foundation
import ModelFuzzing
@testable import Suites
import Testing

/// Our own models, of which it is known what holds and what does not.
struct SuiteTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The checks that walks can do, each so many.
    private static func checks(_ expectation: SuiteCheck.Expectation, every stride: Int) throws -> [SuiteCheck] {
        let suite = try Suites.Suite(fileAt: root.appendingPathComponent("Models/suite.yaml").path)
        let own = suite.checks.filter { check in
            check.expectation == expectation && check.engine == ModelCheck.Engine.explicit
        }
        return Swift.stride(from: 0, to: own.count, by: stride).map { own[$0] }
    }

    private static func fuzz(_ check: SuiteCheck, steps: Int) throws -> (found: ModelFuzzingResult, traceCount: Int) {
        let modelCheck = check.modelCheck(memory: 1 << 30)
        let system = try modelCheck.load().system
        var options = Fuzzed.options(steps: steps)
        options.fairness = check.fairness
        options.properties = try modelCheck.properties(of: system.program)
        let found = try Fuzzed.fuzz(system, options)
        return (found, try modelCheck.record(found.result.violations, of: system).count)
    }

    @Test("most of what is violated is found within a hundred thousand steps, and holds up")
    func violated() throws {
        let checks = try Self.checks(.violated, every: 6)
        #expect(checks.count > 50)
        let missed = try checks.filter { check in
            let (found, traceCount) = try Self.fuzz(check, steps: 100_000)
            #expect(traceCount == found.result.violations.count)
            return found.result.violations.isEmpty
        }
        #expect(missed.count * 4 < checks.count, "\(missed.map(\.title))")
    }

    @Test("nothing is found of what holds")
    func holds() throws {
        for check in try Self.checks(.holds, every: 3) {
            let found = try Self.fuzz(check, steps: 50_000).found
            #expect(found.result.violations.isEmpty, "\(check.title)")
        }
    }
}
