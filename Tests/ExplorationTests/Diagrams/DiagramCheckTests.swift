import Automata
@testable import Exploration
import Promela
import TestSupport
import Testing

/// Decision diagrams have exactly the states that a search one by one finds, and say that something holds only where it does.
struct DiagramCheckTests {
    private static func check(_ system: Automata.System, _ options: SearchOptions = SearchOptions()) throws -> SearchResult {
        try DiagramCheck(system, options: options).run()
    }

    @Test(
        "random programs: the verdicts and the number of states of a search one by one",
        arguments: [GeneratorProfile.everything, .data, .channels, .atomicity, .processes, nil])
    func randomPrograms(profile: GeneratorProfile?) throws {
        var (decided, states) = (0, 0)
        let options = SearchOptions(violationLimit: .max)
        let compared = try RandomPrograms.forEachSmall(profile, count: RandomPrograms.count(), options) { seed, text, system, full in
            let found = try Self.check(system, options)
            let names = { (result: SearchResult) in result.verdicts.map { "\($0.property) \($0.verdict)" } }
            #expect(names(found) == names(full), "seed \(seed): \(text)")
            guard let report = found.statistics.diagrams else {
                Issue.record("seed \(seed): no report")
                return
            }
            if report.obstacle != nil { return }
            decided += 1
            states += full.statistics.statesStored
            #expect(found.statistics.statesStored == full.statistics.statesStored, "seed \(seed): \(text)")
        }
        #expect(compared > 0)
        if profile == nil { #expect(decided > 0 && states > 100) }
        if RandomPrograms.isAskedFor { print("\(decided) of \(compared) programs decided, \(states) states") }
    }

    @Test(
        "random programs: the same comes of little knowledge to begin with, in more rounds",
        arguments: [GeneratorProfile.data, .channels, .atomicity, .processes, nil], [1, 4, 40])
    func littleKnowledge(profile: GeneratorProfile?, sampleSize: Int) throws {
        var (decided, rounds) = (0, 0)
        _ = try RandomPrograms.forEachSmall(profile, count: RandomPrograms.count() / 2, SearchOptions(violationLimit: .max)) { seed, text, system, full in
            for foresight in [0, 1, 500] {
                var effort = DiagramEffort(bytes: 1 << 28, sampleSize: sampleSize)
                effort.foresight = foresight
                let (result, report) = DiagramCheck(system, options: SearchOptions()).runAlone(effort)
                guard let result else { continue }
                decided += 1
                rounds += report.rounds
                #expect(result.statistics.statesStored == full.statistics.statesStored, "seed \(seed), \(foresight): \(text)")
                #expect(full.verdicts.allSatisfy { $0.verdict == .holds }, "seed \(seed), \(foresight): \(text)")
            }
        }
        if profile == nil, sampleSize < 40 { #expect(decided > 0 && rounds > decided * 3 / 2) }
    }

    @Test("what was found out before the values went together is not left out when they do")
    func knownBefore() throws {
        // When x is 1 first, y is not 0; what P does with both is found out all the same, and Q needs no more to bring them together.
        let text = """
            byte x, y, z;
            active proctype P() { end: do :: x == 1 && y == 0 && z == 0 -> z = 1 od }
            active proctype Q() { end: do :: d_step { x == 0 -> x = 1; y = 1 } :: d_step { x == 1 && y == 1 -> y = 0 } od }
            """
        let system = try Checked.system(text)
        let effort = DiagramEffort(bytes: 1 << 28, sampleSize: 1, foresight: 0)
        let (result, report) = DiagramCheck(system, options: SearchOptions()).runAlone(effort)
        #expect(result?.statistics.statesStored == 5 && report.rounds > 2)
        #expect(try Search(system, options: SearchOptions()).run().statistics.statesStored == 5)
    }

    /// What each model is about.
    private static let models: [(name: String, text: String)] = [
        (
            "a queue is shifted, and its messages copied",
            """
            chan c = [3] of { byte, byte };
            active proctype P() { byte i; do :: i < 4 -> c!i,i + 1; i++ :: else -> break od }
            active proctype Q() { byte a, b; end: do :: c?a,b od }
            """
        ),
        (
            "processes come and go, with variables of their own",
            """
            byte n;
            proctype Child(byte me) { byte own = me; own++; n = n + own; n = n - own }
            init { byte i; do :: i < 3 -> run Child(i); i++ :: _nr_pr == 1 -> break od }
            """
        ),
        (
            "a sender meets either of two receivers, and tells by it",
            """
            chan c = [0] of { byte };
            byte got[2];
            active proctype S() { byte i; do :: i < 3 -> c!i; i++ :: else -> break od; end: 0 }
            active [2] proctype R() { byte x; end: do :: c?x -> got[_pid - 1] = x od }
            """
        ),
        (
            "flags share a byte, and numbers have several",
            """
            bool a, b; bit c; short low = -2; int high = 254;
            active proctype P() { do :: a = !a :: b = a || b :: c = 1 - c od }
            active proctype Q() { do :: high < 260 -> high++ :: low < 2 && high == 260 -> low++ :: b -> b = false od }
            """
        ),
    ]

    @Test("what a process does is taken apart exactly", arguments: models.indices)
    func smallModels(index: Int) throws {
        let model = Self.models[index]
        let system = try Checked.system(model.text)
        let full = try Search(system, options: SearchOptions(reduction: .none)).run()
        let found = try Self.check(system)
        #expect(found.verdict == full.verdict, "\(model.name)")
        #expect(found.statistics.diagrams?.obstacle == nil, "\(model.name)")
        #expect(found.statistics.statesStored == full.statistics.statesStored, "\(model.name)")
    }

    @Test("a model with more states than could ever be looked at one by one", arguments: [20, 60, 150])
    func manyStates(count: Int) throws {
        let system = try Checked.system(
            "byte x[\(count)]; active [\(count)] proctype P() { do :: x[_pid] < 2 -> x[_pid]++ :: x[_pid] = 0 od }")
        let report = try #require(try Self.check(system).statistics.diagrams)
        var expected: UInt128? = 1
        for _ in 0..<count {
            // Three where the guard is asked, and two behind it.
            let product = expected?.multipliedReportingOverflow(by: 5)
            expected = product.flatMap { $0.overflow ? nil : $0.partialValue }
        }
        #expect(report.obstacle == nil && report.stateCount == expected)
        #expect(report.nodeCount <= 3 * count)
    }

    @Test(
        "where something goes wrong, it is found one by one, and said why",
        arguments: [
            ("byte x; active proctype P() { x++; assert(x == 0) }", Verdict.violated, "something may go wrong"),
            ("byte x; active proctype P() { x == 1 }", .violated, "there is a deadlock"),
            ("byte x = 255; active proctype P() { x++ }", .holds, "something may go wrong"),
            ("byte a[2]; byte i; active proctype P() { do :: i < 2 -> i++ :: else -> a[i] = 1; break od }", .violated, "something may go wrong"),
            ("byte x; active proctype P() { do :: x = 1 - x :: timeout -> x = 2 od }", .holds, "the model asks for `timeout`"),
            ("byte x; active proctype P() { do :: x = 1 - x od } ltl p { []<>(x == 2) }", .violated, "decision diagrams know states, and no runs"),
        ])
    func obstacles(text: String, verdict: Verdict, reason: String) throws {
        let found = try Self.check(Checked.system(text))
        #expect(found.verdict == verdict)
        #expect(found.statistics.diagrams?.obstacle == reason)
    }

    @Test("the memory limit is kept to, and a search one by one has its turn")
    func memory() throws {
        let system = try Checked.system(
            "byte x[6]; active [6] proctype P() { do :: atomic { x[_pid] < 6 -> x[_pid] = x[(_pid + 3) % 6] + 1 } :: x[_pid] = 0 od }")
        let found = try Self.check(system, SearchOptions(memoryLimit: 1 << 16))
        #expect(found.statistics.diagrams?.obstacle?.hasPrefix("they take more than") == true)
    }

    @Test("an interruption ends both")
    func interruption() throws {
        let system = try Checked.system(
            "byte x[8]; active [8] proctype P() { do :: x[_pid] < 200 -> x[_pid] = x[(_pid + 1) % 8] + 1 :: x[_pid] = x[(_pid + 3) % 8] od }")
        let found = try DiagramCheck(system, options: SearchOptions()) { _ in false }.run()
        #expect(found.verdict == .inconclusive(.interrupted))
    }
}
