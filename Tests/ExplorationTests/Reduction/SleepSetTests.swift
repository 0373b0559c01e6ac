import Automata
@testable import Exploration
import TestSupport
import Testing

/// Processes that sleep leave out steps, but no state, and nothing that goes wrong.
struct SleepSetTests {
    /// All that a search finds but the order, and what it cost.
    private struct Findings: Equatable {
        var states: Set<[UInt8]>
        var depth: Int
        var verdicts: [String]
        var violations: Set<String>
        var truncations: Set<String>
    }

    private static func find(
        _ system: Automata.System, _ reduction: Reduction, from threshold: Int, depthLimit: Int? = nil, merges: Bool = false
    ) throws -> (findings: Findings, transitions: Int) {
        let options = SearchOptions(
            reduction: reduction, mergesLocalSteps: merges, depthLimit: depthLimit, memoryLimit: 1 << 28, violationLimit: .max)
        let search = try Search(system, options: options)
        search.sleepThreshold = threshold
        let result = search.run()
        let findings = Findings(
            states: Set((0..<search.store.count).map { Array(search.store.state($0)) }), depth: result.statistics.depthReached,
            verdicts: result.verdicts.map { "\($0.property) \($0.verdict)" },
            violations: Set(result.violations.map { "\($0.property) \($0.span) \($0.fault.map { "\($0.kind)" } ?? $0.message)" }),
            truncations: Set(result.truncations.map { "\($0.span)" }))
        #expect(findings.states.count == search.store.count)
        return (findings, result.statistics.transitions)
    }

    @Test(
        "random programs: the same states, at the same depths, and the same violations",
        arguments: [GeneratorProfile.everything, .data, .channels, .atomicity, .processes, nil])
    func randomPrograms(profile: GeneratorProfile?) throws {
        var (left, all) = (0, 0)
        let compared = try RandomPrograms.forEachSmall(profile, count: RandomPrograms.count(), SearchOptions(violationLimit: .max)) {
            seed, text, system, full in
            for (depthLimit, merges) in [(nil, false), (full.statistics.depthReached / 2, false), (nil, true)] {
                let expected = try Self.find(system, .none, from: .max, depthLimit: depthLimit, merges: merges)
                all += expected.transitions
                for threshold in [1, 40] {
                    let found = try Self.find(system, .sleep, from: threshold, depthLimit: depthLimit, merges: merges)
                    let name = "seed \(seed), from \(threshold) states, to \(depthLimit.map { "depth \($0)" } ?? "the end"), merging \(merges): \(text)"
                    let (own, full) = (found.findings, expected.findings)
                    #expect(own.states == full.states && own.depth == full.depth, "\(name)")
                    #expect(own.verdicts == full.verdicts && own.violations == full.violations, "\(name)")
                    #expect(own.truncations == full.truncations, "\(name)")
                    left += found.transitions
                }
            }
        }
        #expect(compared > 0)
        #expect(left < 2 * all)
        if RandomPrograms.isAskedFor { print("\(compared) programs, \(left / 2) of \(all) transitions") }
    }

    /// Processes that mind each other in one place only, with a parameter, an array and channels that no other has.
    private static let rings = """
        chan c[3] = [1] of { byte }; byte count[3], all;
        proctype P(byte me) {
          byte i;
          do
          :: count[me] < 3 -> count[me]++
          :: c[me]!i; i = 1 - i; c[me]?_
          :: count[me] == 3 -> d_step { all = (all + 1) % 5; count[me] = 0 }
          od
        }
        init { atomic { run P(0); run P(1); run P(2) } }
        """

    @Test("where much commutes, few steps are taken: one for each state, at best")
    func fewSteps() throws {
        let system = try Checked.system(Self.rings)
        let all = try Self.find(system, .none, from: .max)
        let few = try Self.find(system, .sleep, from: 1)
        #expect(few.findings == all.findings)
        #expect(few.transitions * 10 < all.transitions * 7)
        let counters = try Checked.system(
            "byte i[5]; active [5] proctype P() { do :: i[_pid] < 4 -> i[_pid]++ :: else -> break od; end: i[_pid] > 9 }")
        let free = try Self.find(counters, .sleep, from: 1)
        #expect(free.findings == (try Self.find(counters, .none, from: .max)).findings)
        // Nothing sleeps in the first two levels.
        #expect(free.transitions < free.findings.states.count + 10)
    }

    @Test("what asks for the order of steps, or for all that can move, lets nobody sleep", arguments: [
        "byte x[2]; active [2] proctype P() { do :: x[_pid] < 9 -> x[_pid]++ :: timeout -> break od }",
        "byte x[2], y; active [2] proctype P() { do :: x[_pid] < 9 -> x[_pid]++; y = _last od }",
        "byte x[2]; active [2] proctype P() priority 2 { do :: x[_pid] < 9 -> x[_pid]++ od }",
    ])
    func obstacles(text: String) throws {
        let system = try Checked.system(text)
        let expected = try Self.find(system, .none, from: .max)
        let found = try Self.find(system, .sleep, from: 1)
        #expect(found.findings == expected.findings)
        #expect(found.transitions == expected.transitions)
    }
}
