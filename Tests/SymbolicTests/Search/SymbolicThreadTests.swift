import Exploration
import Promela
import TestSupport
import Testing

@testable import Symbolic

/// How many threads look for successors changes nothing that is found, not even its order.
@Suite struct SymbolicThreadTests {
    /// All that a search finds, but for what it cost.
    private struct Findings: Equatable {
        var verdicts: [String]
        var violations: [String]
        var stored: Int
        var matched: Int
        var subsumed: Int
        var transitions: Int
        var depth: Int
    }

    /// - Returns: nil for a model that the engine does not support.
    private static func find(_ text: String, threads: Int, _ options: SymbolicOptions) throws -> Findings? {
        let program = try #require(ModelReader.read(text: text, path: "model.pml").program)
        var options = options
        options.threads = threads
        do {
            let search = try SymbolicSearch(program, options: options) { $0.statesStored < 5_000 }
            // Small enough that small models are shared out too.
            search.taskSize = threads == 2 ? 1 : 3
            let (result, symbolic) = try search.run()
            let statistics = result.statistics
            return Findings(
                verdicts: result.verdicts.map { "\($0.property) \($0.verdict)" },
                violations: result.violations.map { "\($0.property) \($0.message) \($0.path)" },
                stored: statistics.statesStored, matched: statistics.statesMatched, subsumed: symbolic.subsumed,
                transitions: statistics.transitions, depth: statistics.depthReached)
        } catch is UnsupportedModel {
            return nil
        }
    }

    private static func compare(_ text: String, _ options: SymbolicOptions) throws {
        let alone = try find(text, threads: 1, options)
        for threads in [2, 3] {
            #expect(try find(text, threads: threads, options) == alone, "\(threads) threads: \(text)")
        }
    }

    @Test("random programs, with every number a term", arguments: 1...60)
    func randomPrograms(seed: Int) throws {
        let profiles: [GeneratorProfile] = [.everything, .data, .channels, .atomicity, .processes]
        let text = ProgramGenerator(seed: UInt64(3000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
        var options = SymbolicOptions()
        options.termWidth = 2
        options.properties = Set(Property.ofStates)
        for limit in [1, 5] {
            options.violationLimit = limit
            try Self.compare(text, options)
        }
    }

    @Test("clocks of 64 bits, with an invariant that holds and one that does not", arguments: ["clock <= 900", "clock < 700"])
    func clocks(invariant: String) throws {
        let text = """
            unsigned clock : 64, one : 64, two : 64;
            active [2] proctype P() {
              unsigned mine : 64;
              do
              :: clock < 900 -> select (mine : clock + 1 .. 900); if :: _pid == 0 -> one = mine :: else -> two = mine fi
              :: mine > clock -> clock = mine; mine = 0
              :: clock == 900 -> break
              od
            }
            ltl bounded { [] (\(invariant)) }
            """
        try Self.compare(text, SymbolicOptions())
    }
}
