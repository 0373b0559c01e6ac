@testable import Benchmarks
import ChildProcesses
import Foundation
import TestSupport
import Testing

/// Spin's verifiers are waited for as long as it is worth while.
struct SpinVerifierTests {
    /// A little over 251 * 251 states.
    private static let model = """
        byte x, y;
        active proctype Counter() {
          do
          :: x < 250 -> x++
          :: y < 250 -> y++
          :: atomic { x == 250 && y == 250 -> break }
          od
        }
        """

    private static func verifier(patience: Double, in folder: URL) throws -> SpinVerifier? {
        let spin = try SpinProgram()
        try Data(model.utf8).write(to: folder.appendingPathComponent("model.pml"))
        _ = try spin.generate(model: "model.pml", defines: [], options: [], in: folder)
        return try SpinVerifier(
            spin, .breadth, compilerFlags: ["-DSAFETY", "-DNOREDUCE"], verifierFlags: [], states: 63_002, patience: patience, in: folder)
    }

    @Test("one that has the time it takes is ready to run", .enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
    func enough() throws {
        let folder = try TemporaryDirectory()
        let run = try #require(try Self.verifier(patience: 600, in: folder.url)).run()
        #expect(run.result.statesStored > 251 * 251)
    }

    @Test("one that takes longer is given up", .enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
    func tooLong() throws {
        let folder = try TemporaryDirectory()
        #expect(try Self.verifier(patience: 0.0001, in: folder.url) == nil)
    }
}
