import Foundation
import Promela
import TestSupport
import Testing

/// The models that come with Spin: Heddle finds in each what Spin finds that runs beside it.
@Suite(.serialized, .enabled(if: SpinOracle.isAvailable && examplesAreAvailable, "Spin or its examples are not installed"))
struct SpinExampleTests {
    /// The most states of a model that is searched in every test run; the environment may ask for more.
    private static let stateLimit = Int(ProcessInfo.processInfo.environment["HEDDLE_EXAMPLE_STATES"] ?? "") ?? 60_000

    static let affordable = SpinExamples.all.filter { ($0.statesWithoutClaim ?? .max) <= stateLimit }.map(\.name)
    static let rejected = SpinExamples.all.filter { $0.verdict == .rejected }.map(\.name)

    @Test(arguments: affordable)
    func `has the same states and verdicts as in Spin`(name: String) throws {
        let file = try Self.file(of: name)
        // Claims are no part of it: there the states are those of the product.
        let spin = try SpinOracle(
            compiler: .quick, timeout: 120, hashBits: 20, compilerFlags: ["-DNOCLAIM"]
        ).check(file: file)
        let expected = try #require(spin.result, "\(spin)")
        try #require(expected.isComplete)
        #expect(try Findings(ofModelAt: file) == Findings(of: expected))
    }

    @Test(arguments: rejected)
    func `refuses what Spin refuses`(name: String) throws {
        let file = try Self.file(of: name)
        guard case .rejected = try SpinOracle().check(file: file) else {
            Issue.record("Spin takes \(name)")
            return
        }
        #expect(try ModelReader.read(fileAt: file.path).program == nil)
    }

    private static func file(of name: String) throws -> URL {
        try #require(try SpinExamples.find()).appendingPathComponent(name)
    }
}

private let examplesAreAvailable = ((try? SpinExamples.find()) ?? nil) != nil
