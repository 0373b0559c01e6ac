import Automata
@testable import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// How many threads look for successors changes nothing that is found, not even its order; nor does how states are stored.
struct ThreadTests {
    /// All that a search finds, but for what it cost.
    private struct Findings: Equatable {
        var verdicts: [String]
        var violations: [String]
        var truncations: [Truncation]
        var stored: Int
        var matched: Int
        var transitions: Int
        var depth: Int
        var product: Int

        init(_ result: SearchResult) {
            verdicts = result.verdicts.map { "\($0.property) \($0.verdict)" }
            violations = result.violations.map { "\($0.property) \($0.message) \($0.path) \(String(describing: $0.loopStart))" }
            truncations = result.truncations
            let statistics = result.statistics
            (stored, matched) = (statistics.statesStored, statistics.statesMatched)
            (transitions, depth) = (statistics.transitions, statistics.depthReached)
            product = statistics.productStates
        }
    }

    /// - Parameter packing: from how many states on they are packed.
    private static func find(
        _ system: Automata.System, _ options: SearchOptions, threads: Int, packing: Int = .max
    ) throws -> Findings {
        var options = options
        options.threads = threads
        let search = try Search(system, options: options)
        // Small enough that small models are shared out too.
        search.taskSizes = 1...(threads == 2 ? 1 : 7)
        search.packingThreshold = packing
        search.reportDistance = 8
        search.sleepThreshold = 10
        return Findings(search.run())
    }

    private static func compare(_ system: Automata.System, _ options: SearchOptions, _ name: String) throws {
        let alone = try find(system, options, threads: 1)
        for threads in [2, 3] {
            #expect(try find(system, options, threads: threads) == alone, "\(threads) threads: \(name)")
        }
        for (threads, packing) in [(1, 1), (1, 30), (2, 1), (3, 100)] {
            let packed = try find(system, options, threads: threads, packing: packing)
            #expect(packed == alone, "\(threads) threads, packed from \(packing) states: \(name)")
        }
    }

    @Test("random programs: states, verdicts, violations and their paths, values that did not fit", arguments: 1...60)
    func randomPrograms(seed: Int) throws {
        let profiles: [GeneratorProfile] = [.everything, .data, .channels, .atomicity, .processes]
        let text = ProgramGenerator(seed: UInt64(2000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
        let system = try Checked.system(text)
        for limit in [1, 5] {
            try Self.compare(system, SearchOptions(memoryLimit: 1 << 28, violationLimit: limit), text)
        }
        try Self.compare(system, SearchOptions(depthLimit: 4, memoryLimit: 1 << 28, violationLimit: 3), text)
        for reduction in [Reduction.stubborn, .sleep] {
            try Self.compare(system, SearchOptions(reduction: reduction, memoryLimit: 1 << 28, violationLimit: 3), text)
        }
    }

    @Test("claims about whole runs, under each fairness", arguments: [Fairness.none, .weak, .strong])
    func claims(fairness: Fairness) throws {
        let system = try Checked.system(
            """
            byte turn, served[3]; bool wants[3];
            chan asked = [2] of { byte };
            active [3] proctype Client() {
              do
              :: wants[_pid] = true; asked!_pid; !wants[_pid]
              :: skip
              od
            }
            active proctype Server() {
              byte who;
              do :: asked?who -> served[who] = (served[who] + 1) % 3; wants[who] = false od
            }
            ltl answered { [] (wants[0] -> <> !wants[0]) }
            ltl often { [] <> (served[1] == 2) }
            ltl bounded { [] (served[2] < 3) }
            """)
        try Self.compare(system, SearchOptions(fairness: fairness, violationLimit: .max), "\(fairness)")
    }

    @Test("a search that ends early has stored the same states", arguments: [10, 100, 1000])
    func endsEarly(states: Int) throws {
        let text = "byte x, y, z; active [2] proctype P() { do :: x++ :: y++ :: z++; assert(x + y + z < \(states / 10 + 5)) od }"
        try Self.compare(try Checked.system(text), SearchOptions(properties: [.assertions]), "\(states)")
    }

    @Test("a monitor that has seen enough ends all threads")
    func interrupted() throws {
        let text = "byte x, y, z; active [2] proctype P() { do :: x++ :: y++ :: z++ od }"
        let search = try Search(Checked.system(text), options: SearchOptions(threads: 3)) { $0.statesStored < 10_000 }
        let result = search.run()
        #expect(result.verdicts.allSatisfy { $0.verdict == .inconclusive(.interrupted) })
        #expect(result.statistics.statesStored < 100_000)
    }
}
