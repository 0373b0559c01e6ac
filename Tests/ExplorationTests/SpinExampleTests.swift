import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// The models that come with Spin: Heddle finds in each what Spin finds that runs beside it.
@Suite(.serialized, .enabled(if: SpinOracle.isAvailable && examplesAreAvailable, "Spin or its examples are not installed"))
struct SpinExampleTests {
    /// The most states of a model that is searched in every test run; the environment may ask for more.
    private static let stateLimit = Int(ProcessInfo.processInfo.environment["HEDDLE_EXAMPLE_STATES"] ?? "") ?? 700_000
    /// From so many states on, the time to optimize Spin's verifier is well spent.
    private static let statesWorthOptimizing = 100_000

    static let affordable = SpinExamples.all.filter { ($0.statesWithoutClaim ?? .max) <= stateLimit }.map(\.name)
    static let rejected = SpinExamples.all.filter { $0.verdict == .rejected }.map(\.name)

    @Test(arguments: affordable)
    func `has the same states and verdicts as in Spin`(name: String) throws {
        let file = try Self.file(of: name)
        let recorded = try #require(SpinExamples.all.first { $0.name == name }?.statesWithoutClaim)
        // Claims are no part of it: there the states are those of the product.
        let oracle = SpinOracle(
            compiler: recorded < Self.statesWorthOptimizing ? .quick : .optimizing, timeout: 300, hashBits: 20,
            compilerFlags: ["-DNOCLAIM"])
        let outcome = try oracle.check(file: file)
        let spin = try #require(outcome.result, "\(outcome)")
        try #require(spin.isComplete)
        #expect(spin.statesStored == recorded, "the table of the examples is out of date")
        #expect(try Findings(ofModelAt: file) == Findings(of: spin))
    }

    /// Its only process receives from a channel that is never created.
    @Test func `reports the missing channel of the word counter`() throws {
        let file = try Self.file(of: "wordcount.pml")
        let outcome = try SpinOracle(compilerFlags: ["-DNOCLAIM"]).check(file: file)
        #expect("\(outcome)".contains("uninitialized chan"))
        let program = try #require(try ModelReader.read(fileAt: file.path).program)
        let found = try Search(System(program), options: SearchOptions(violationLimit: .max)).run()
        #expect(found.violations.map(\.fault?.kind) == [.uninitializedChannel])
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
