import Automata
import Exploration
import Promela
import TestSupport
import Testing

/// The number of random programs of each kind; the environment may ask for more.
private let programCount = RandomPrograms.count()

/// Nothing that a reduction leaves out makes a difference to a verdict.
struct ReductionAgreementTests {
    private static let profiles: [GeneratorProfile] = [
        .everything, .data, .channels, .atomicity, .processes,
        .everything.without(.enabledQueries, .programCounters, .lastProcess),
        .processes.without(.enabledQueries, .programCounters, .lastProcess),
        .channels.without(.atomic), .only([.provided, .loops, .run, .bufferedChannels, .rendezvous, .elseBranches, .assertions]),
    ]

    private static func options(
        _ reduction: Reduction, _ order: SearchOptions.Order = .breadth, properties: Set<Property>? = nil
    ) -> SearchOptions {
        var options = SearchOptions(
            order: order, properties: properties, reduction: reduction, memoryLimit: 1 << 28, violationLimit: .max)
        options.surveySize = 40
        options.triesDiagrams = true
        return options
    }

    private static let ways: [(reduction: Reduction, order: SearchOptions.Order)] = [
        (.stubborn, .breadth), (.stubborn, .depth), (.automatic, .breadth),
    ]

    /// Whether there was not memory enough to tell.
    private static func isCutShort(_ result: SearchResult) -> Bool {
        result.verdicts.contains { if case .inconclusive(.memory) = $0.verdict { true } else { false } }
    }

    @Test("deadlocks, assertions and errors are found as in all interleavings", arguments: 0..<profiles.count)
    func safety(kind: Int) throws {
        var (states, reduced) = (0, 0)
        for seed in RandomPrograms.seeds(programCount) {
            let text = ProgramGenerator(seed: seed, profile: Self.profiles[kind]).makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: Self.options(.none)).run()
            for (reduction, order) in Self.ways {
                let some = try Search(system, options: Self.options(reduction, order)).run()
                if Self.isCutShort(full) || Self.isCutShort(some) { continue }
                if full.verdicts.map(\.verdict) != some.verdicts.map(\.verdict) || Checked.findings(full) != Checked.findings(some) {
                    Issue.record(
                        """
                        profile \(kind), seed \(seed), \(reduction), \(order): \(some.verdicts) instead of \(full.verdicts)
                        missing: \(Checked.findings(full).subtracting(Checked.findings(some)))
                        \(text)
                        """)
                }
                if reduction == .stubborn, order == .breadth {
                    states += full.statistics.statesStored
                    reduced += some.statistics.statesStored
                }
            }
        }
        if RandomPrograms.isAskedFor { print("profile \(kind): \(reduced) of \(states) states") }
        #expect(reduced <= states)
    }

    @Test(
        "a failure is found beside processes that never end",
        arguments: [
            """
            active proctype Loops() { byte x; do :: x = 1 - x od }
            active proctype Fails() { byte y; y = 1; assert(false) }
            """,
            """
            active proctype Fails() { byte y; y = 1; assert(false) }
            active proctype Loops() { byte x; do :: x = 1 - x od }
            """,
            """
            byte x, y;
            active proctype Loops() { do :: x = (x + 1) % 5 od }
            active proctype LoopsToo() { do :: y = (y + 1) % 3 :: y = 0 od }
            active proctype Fails() { byte i; do :: i < 4 -> i++ :: else -> break od; i = i / (i - 4) }
            """,
        ], SearchOptions.Order.allCases)
    func endlessCompany(text: String, order: SearchOptions.Order) throws {
        let result = try Checked.search(text, Self.options(.stubborn, order))
        #expect(result.violations.count == 1)
        #expect(result.statistics.reducedStates ?? 0 > 0)
    }

    @Test("claims hold where they hold of all interleavings", arguments: GeneratedClaim.allCases)
    func claims(kind: GeneratedClaim) throws {
        let claim = kind.claim
        var (states, reduced) = (0, 0)
        for seed in RandomPrograms.seeds(programCount * 2) {
            let text = ProgramGenerator(seed: seed, profile: .liveness(kind)).makeProgram()
            let system = try Checked.system(text)
            let property: Set<Property> = [.claim(claim)]
            let full = try Search(system, options: Self.options(.none, properties: property)).run()
            for (reduction, order) in Self.ways {
                let some = try Search(system, options: Self.options(reduction, order, properties: property)).run()
                if Self.isCutShort(full) || Self.isCutShort(some) { continue }
                if full.verdicts.map(\.verdict) != some.verdicts.map(\.verdict) {
                    Issue.record("\(kind), seed \(seed), \(reduction), \(order): \(some.verdicts) instead of \(full.verdicts)\n\(text)")
                }
                if reduction == .stubborn, order == .breadth {
                    states += full.statistics.statesStored
                    reduced += some.statistics.statesStored
                }
            }
        }
        if RandomPrograms.isAskedFor { print("\(kind): \(reduced) of \(states) states") }
    }
}
