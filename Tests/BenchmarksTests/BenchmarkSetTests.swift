import Foundation
import Testing

@testable import Benchmarks

/// The set of benchmarks, and how they are measured.
@Suite struct BenchmarkSetTests {
    private static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Models")

    @Test(arguments: Benchmark.all.map(\.name)) func everyModelIsThereWithItsFormula(name: String) throws {
        let benchmark = try #require(Benchmark.all.first { $0.name == name })
        let file = Self.models.appendingPathComponent(benchmark.model)
        #expect(FileManager.default.fileExists(atPath: file.path))
        for size in Benchmark.Size.allCases { #expect(benchmark.defines[size] != nil) }
        guard let formula = benchmark.formula else { return }
        let neighbours = try FileManager.default.contentsOfDirectory(at: file.deletingLastPathComponent(), includingPropertiesForKeys: nil)
        #expect(try neighbours.contains { try String(contentsOf: $0, encoding: .utf8).contains("ltl \(formula.name) ") })
    }

    @Test func theSuiteChecksTheSameModels() throws {
        let suite = try String(contentsOf: Self.models.appendingPathComponent("suite.yaml"), encoding: .utf8)
        for benchmark in Benchmark.all { #expect(suite.contains("model: \(benchmark.model)\n"), "\(benchmark.name)") }
    }

    @Test func namesAreUnique() {
        #expect(Set(Benchmark.all.map(\.name)).count == Benchmark.all.count)
        #expect(Benchmark.all.count >= 12)
    }

    /// One to two places a state, within what pan takes.
    @Test(arguments: [(0, 10), (1000, 10), (1024, 10), (1025, 11), (1_000_000, 20), (1 << 40, 32)])
    func spinsTableHasAPlaceForEachState(states: Int, bits: Int) {
        #expect(SpinVerifier.tableBits(states: states) == bits)
    }

    @Test func reductionsAreTriedAloneAndTogether() {
        #expect(GrowthStudy.combinations([]) == [[]])
        #expect(GrowthStudy.combinations(["--a"]) == [[], ["--a"]])
        #expect(GrowthStudy.combinations(["--a", "--b 1"]) == [[], ["--a"], ["--b 1"], ["--a", "--b 1"]])
    }
}
