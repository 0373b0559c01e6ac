import Automata
import Exploration
import Promela
import TestSupport
import Testing
import Traces

/// The number of random programs of each kind; the environment may ask for more. What is wrong is wrong of few of them.
private let programCount = RandomPrograms.count(usually: 240)

/// Processes that go on at once where nobody minds.
struct LocalStepTests {
    /// A way to search.
    struct Way: Sendable, CustomStringConvertible {
        var order = SearchOptions.Order.breadth
        var reduction = Reduction.none
        var threads = 1
        var usesSymmetry = false
        var resetsDeadVariables = false
        var merges = true
        var description: String { "\(order), \(reduction), \(threads), \(usesSymmetry), \(resetsDeadVariables)" }

        func options(_ properties: Set<Property>? = nil, fairness: Fairness = .none) -> SearchOptions {
            SearchOptions(
                order: order, properties: properties, fairness: fairness, reduction: reduction, usesSymmetry: usesSymmetry,
                resetsDeadVariables: resetsDeadVariables, mergesLocalSteps: merges, memoryLimit: 1 << 28, violationLimit: .max,
                threads: threads)
        }
    }

    private static let ways = [
        Way(), Way(threads: 2), Way(order: .depth), Way(reduction: .stubborn), Way(resetsDeadVariables: true),
        Way(reduction: .stubborn, usesSymmetry: true, resetsDeadVariables: true),
    ]

    @Test(
        "each verdict stays, and so does each failing statement and each deadlock",
        arguments: [nil, GeneratorProfile.everything, .data, .channels, .atomicity, .processes])
    func randomPrograms(profile: GeneratorProfile?) throws {
        var (states, left) = (0, 0)
        let compared = try RandomPrograms.forEachSmall(profile, count: programCount, Way(merges: false).options()) { seed, text, system, full in
            for way in Self.ways {
                let some = try Search(system, options: way.options()).run()
                #expect(some.verdicts.map(\.verdict) == full.verdicts.map(\.verdict), "seed \(seed), \(way)\n\(text)")
                if !way.usesSymmetry { #expect(Checked.findings(some) == Checked.findings(full), "seed \(seed), \(way)\n\(text)") }
                #expect(some.statistics.statesStored <= full.statistics.statesStored, "seed \(seed), \(way)\n\(text)")
                if way.reduction == .none, way.order == .breadth, !way.resetsDeadVariables { left += some.statistics.statesStored }
                for violation in some.violations { try Checked.expectIsReal(violation, in: system) }
            }
            states += full.statistics.statesStored * 2
        }
        if RandomPrograms.isAskedFor { print("\(compared) programs: \(left) of \(states) states") }
        #expect(left < states)
        #expect(compared > programCount / 3)
    }

    @Test("claims hold where they hold of all states, and what breaks them is a run", arguments: GeneratedClaim.allCases, Fairness.allCases)
    func claims(kind: GeneratedClaim, fairness: Fairness) throws {
        let claim = kind.claim
        let property = Property.claim(claim)
        var (states, left) = (0, 0)
        for seed in RandomPrograms.seeds(programCount) {
            let text = ProgramGenerator(seed: seed, profile: .liveness(kind)).makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: Way(merges: false).options([property], fairness: fairness)) {
                $0.statesStored < 2000
            }.run()
            guard full.statistics.statesStored < 2000 else { continue }
            for way in Self.ways where way.order == .breadth || fairness != .strong {
                let some = try Search(system, options: way.options([property], fairness: fairness)).run()
                #expect(
                    Checked.verdict(property, in: some) == Checked.verdict(property, in: full), "\(kind), seed \(seed), \(way)\n\(text)")
                states += full.statistics.statesStored
                left += some.statistics.statesStored
                for violation in some.violations where violation.property == property {
                    #expect(throws: Never.self, "\(kind), seed \(seed), \(way)\n\(text)") {
                        _ = try TraceRecorder(system, model: ModelReference(path: "model.pml")).record(
                            violation.path, finding: .claim(claim, loopStart: violation.loopStart, fairness: fairness),
                            property: property.name(in: system.program), message: violation.message)
                    }
                }
            }
        }
        #expect(left < states)
    }

    @Test(
        "a process goes on where all it can do is local, cannot fail, and is not seen",
        arguments: [
            ("active proctype P() { byte x; g = 1; x = 2; x++; g = x }", 2),
            ("active proctype P() { byte x; g = 1; if :: x == 0 -> x = 1 :: else -> x = 2 fi; g = x }", 3),
            // A loop of local steps is stored once on each way round.
            ("active proctype P() { byte x; g = 1; do :: x < 9 -> x++ :: else -> break od; g = x }", 1),
            ("active proctype P() { byte x; do :: x++ od }", 0),
            ("active proctype P() { byte x = 1; g = 1; x = 2 / x; g = x }", 0),
            ("active proctype P() { byte x; g = 1; x = 6 / 2; g = x }", 1),
            ("active proctype P() { byte x; g = 1; assert(x == 0); g = x }", 0),
            ("active proctype P() { byte x[2]; g = 1; x[1] = 1; g = x[0] }", 1),
            ("active proctype P() { byte x[2]; g = 1; x[2] = 1; g = x[0] }", 0),
            ("active proctype P() { byte x[2], i; i = 3; g = 1; x[i] = 1; g = x[0] }", 0),
            ("typedef R { byte a[2] } active proctype P() { R r[2]; g = 1; r[1].a[0] = 1; g = 2 }", 1),
            ("typedef R { byte a[2] } active proctype P() { R r[3]; g = 1; r[2].a[2] = 1; g = 2 }", 0),
            ("active proctype P() { byte x; g = 1; select (x : 1 .. 2); g = x }", 0),
            ("active proctype P() { byte x; g = 1; x = 1; timeout; g = x }", 1),
            ("active proctype P() { byte x; g = 1; x = _nr_pr; g = x }", 0),
            ("active proctype P() { byte x; g = 1; x = _pid; g = x }", 1),
            ("active proctype P() provided (g < 2) { byte x; g = 1; x = 1; g = x }", 0),
            ("active proctype P() { byte x; g = 1; x = 1; g = x } active proctype Q() { g = P:x }", 0),
            ("active proctype P() { byte x; g = 1; x = 1; g = x } ltl { [] (P:x < 2) }", 0),
            ("active proctype P() { byte x; g = 1; here: x = 1; g = x } active proctype Q() { g = P@here }", 0),
            ("active proctype P() { byte x; g = 1; x = 1; here: g = x } ltl { [] !P@here }", 0),
            ("active proctype P() { byte x; g = 1; x = 1; g = x } ltl { [] (g < 9) }", 1),
            ("active proctype P() { byte x; { g = 1; x = 1; g = x } unless { g == 3; g = 4 } }", 0),
            ("active proctype P() { byte x; g = 1; d_step { x = 1; x = 2 }; g = x }", 0),
            ("active proctype P() { byte x; g = 1; atomic { x = 1; g = x } }", 0),
            ("active proctype P() { byte x; atomic { g = 1; g = 2 }; x = 2; g = x }", 1),
            ("chan c = [1] of { byte }; active proctype P() { byte x; c!1; x = 1; c?x; x = 2; g = x }", 2),
            ("chan c = [1] of { byte }; active proctype P() { byte x; g = 1; x = len(c); g = x }", 0),
            ("active proctype P() { byte x; g = 1; printf(\"%d\", x); g = 2 }", 1),
        ])
    func places(model: String, count: Int) throws {
        let text = "byte g; " + model
        let result = try Checked.search(text, Way().options([.endStates]))
        let full = try Checked.search(text, Way(merges: false).options([.endStates]))
        #expect(result.statistics.merging?.locationCount == count)
        #expect(result.statistics.merging?.obstacle == nil)
        #expect(full.statistics.merging == nil)
        let isSmaller = result.statistics.statesStored < full.statistics.statesStored
        #expect(isSmaller == (count > 0))
    }

    @Test("a label that a claim asks for is seen to")
    func labels() throws {
        let text = "byte g; active proctype P() { byte x; do :: g = 1; x = 1; progress: g = 2; x = 2; x = 3 od }"
        let merged = try Checked.search(text, Way().options([.claim(.progress)]))
        #expect(merged.statistics.merging?.locationCount == 2)
        #expect(Checked.verdict(.claim(.progress), in: merged) == .holds)
    }

    @Test(
        "where steps count, none are merged",
        arguments: [
            ("byte g; active proctype P() { byte x; g = 1; x = 1; g = x } ltl { X (g == 1) }", "a formula with `X` counts steps"),
            ("byte g; active proctype P() { byte x; g = 1; x = 1; g = x } never { do :: true od }", "a never claim may count steps"),
            ("byte g; active proctype P() priority 2 { byte x; g = 1; x = 1; g = x }", "processes have priorities"),
        ])
    func obstacles(text: String, obstacle: String) throws {
        let result = try Checked.search(text, Way().options())
        #expect(result.statistics.merging?.obstacle == obstacle)
        #expect(result.statistics.statesStored == (try Checked.search(text, Way(merges: false).options()).statistics.statesStored))
    }

    /// A process that goes round is there for a rendezvous, or in the way of a timeout, at every other step, so that the other one
    /// need not be served. If it went on at once, the other one could move all the time, and fairness would want it to.
    @Test(
        "fairness sees who could move in between",
        arguments: [
            """
            chan c = [0] of { bit };
            active proctype P() { c!1; progress: do :: skip od }
            active proctype Q() { byte x; do :: c?x :: true -> x = 0 od }
            """,
            """
            active proctype P() { timeout; progress: do :: skip od }
            active proctype Q() { byte x; do :: timeout -> x = 0 od }
            """,
        ], Fairness.allCases)
    func fairness(text: String, fairness: Fairness) throws {
        let result = try Checked.search(text, Way().options([.claim(.progress)], fairness: fairness))
        #expect(result.statistics.merging?.obstacle == (fairness == .none ? nil : "fairness asks who could have moved"))
        #expect(Checked.verdict(.claim(.progress), in: result) == (fairness == .strong ? .holds : .violated))
    }

    /// The receiver is away for a step, in which alone the sender can do something else.
    @Test("what is done for want of a partner is done in between", arguments: ["if :: c!1 :: else fi", "{ skip } unless { c!1 }"])
    func absence(step: String) throws {
        let text = """
            chan c = [0] of { bit };
            bool met;
            active proctype P() { \(step); assert(met) }
            active proctype Q() { byte x; met = true; met = false; x = 1; c?_; met = true }
            """
        let violated = try Checked.search(text, Way().options([.assertions]))
        #expect(Checked.verdict(.assertions, in: violated) == .violated)
        #expect(violated.statistics.merging?.locationCount == 0)
    }

    @Test("a limit of the depth, and values that are cut to size, are for all states")
    func limits() throws {
        let text = "byte g; active proctype P() { byte x; g = 1; x = 1; g = x }"
        var options = Way().options()
        options.depthLimit = 2
        #expect(try Checked.search(text, options).statistics.merging?.obstacle == "steps count where the depth is limited")
        let result = try Checked.search(text, Way().options([.wrapAround]))
        #expect(result.statistics.merging?.obstacle == "values that are cut to size are looked for in every state")
    }
}
