import Automata
@testable import Exploration
import Foundation
@testable import NativeCode
import Promela
import TestSupport
import Testing

/// The number of random programs in each profile; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_NATIVE_PROGRAMS"] ?? "") ?? 40
private let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1

@Suite(.enabled(if: CompilerProcess.path != nil, "there is no C compiler"))
struct DifferentialTests {
    static let profiles: [(name: String, profile: GeneratorProfile)] = [
        ("everything", .everything), ("data", .data), ("channels", .channels), ("atomicity", .atomicity),
        ("processes", .processes),
    ]

    @Test("machine code finds what the interpreter finds, state by state, in random programs", arguments: profiles.indices)
    func randomPrograms(profile index: Int) throws {
        let (name, profile) = Self.profiles[index]
        var (states, compiledStates) = (0, 0)
        for seed in firstSeed..<firstSeed + UInt64(programCount) {
            let text = ProgramGenerator(seed: seed, profile: profile).makeProgram()
            let system = try Model.system(text)
            guard SystemTranslator.translate(system) != nil else { continue }
            // Every other text is short.
            let compiler = NativeCompiler(cache: nil, longTextLimit: seed.isMultiple(of: 2) ? .max : 0)
            let expansion = try compiler.compile(system)
            let compared = Comparison(system, expansion, limit: 5000)
            #expect(compared.difference == nil, "profile \(name), seed \(seed)\n\(text)")
            try compareSearches(system, Ready(expansion), "profile \(name), seed \(seed)\n\(text)")
            try compareGraphs(system, Ready(expansion), "profile \(name), seed \(seed)\n\(text)")
            states += compared.states
            compiledStates += compared.compiledStates
        }
        #expect(compiledStates * 2 > states, "\(compiledStates) of \(states) states of profile \(name)")
    }

    /// Machine code that packs successors at once, on several threads, and the interpreter.
    private func compareSearches(_ system: Automata.System, _ ready: Ready, _ name: String) throws {
        for (depthLimit, reduction) in [(nil, Reduction.none), (5, .none), (nil, .sleep)] {
            func find(_ compiler: (any SuccessorCompiler)?, threads: Int, packing: Int) throws -> String {
                let search = try Search(
                    system,
                    options: SearchOptions(
                        reduction: reduction, depthLimit: depthLimit, memoryLimit: 1 << 28, violationLimit: 3, threads: threads, compiler: compiler)
                ) { $0.statesStored < 20_000 }
                (search.packingThreshold, search.reportDistance, search.taskSizes) = (packing, 8, 1...7)
                search.sleepThreshold = 20
                let result = search.run()
                var statistics = result.statistics
                (statistics.seconds, statistics.bytes, statistics.compiledFrom) = (0, 0, nil)
                return "\(statistics) \(result.verdicts) \(result.violations) \(result.truncations)"
            }
            let expected = try find(nil, threads: 1, packing: .max)
            #expect(try find(ready, threads: 1, packing: 1) == expected, "\(name)")
            let found = try find(ready, threads: 2, packing: 50)
            #expect(found == expected, "\(reduction): \(name)")
        }
    }

    /// Who moves, and who can, as fairness asks for it.
    private func compareGraphs(_ system: Automata.System, _ ready: Ready, _ name: String) throws {
        func find(_ compiler: (any SuccessorCompiler)?, threads: Int, packing: Int) throws -> [String] {
            let search = try Search(
                system,
                options: SearchOptions(
                    properties: [.claim(.acceptance)], fairness: .weak, memoryLimit: 1 << 28, threads: threads,
                    compiler: compiler)
            ) { $0.statesStored < 20_000 }
            (search.packingThreshold, search.reportDistance, search.taskSizes) = (packing, 8, 1...7)
            let verdicts = search.run().verdicts
            let graph = try #require(search.graph)
            return ["\(verdicts)"] + (0..<graph.expandedCount).map { state in
                let moves = graph.edges(of: state).map { "\(graph.target(of: $0)) by \(graph.processSet(graph.movers(of: $0)).pids)" }
                return "\(graph.marks(of: state)) \(graph.processSet(graph.enabled(in: state)).pids) \(moves)"
            }
        }
        let expected = try find(nil, threads: 1, packing: .max)
        #expect(try find(ready, threads: 1, packing: 1) == expected, "\(name)")
        #expect(try find(ready, threads: 2, packing: 50) == expected, "\(name)")
    }

    @Test("who moves is known of more processes than there are bits")
    func manyProcesses() throws {
        let system = try Model.system("byte turn; active [66] proctype A() { do :: turn == _pid -> turn = (turn + 1) % 66 od }")
        try compareGraphs(system, Ready(system), "66 processes")
    }

    /// Random programs rarely count this far, nor do they meet so often.
    @Test(
        "machine code finds what the interpreter finds where it has to look twice",
        arguments: [
            "an escape that only some of the options belong to, and a rendezvous that finds nobody":
                """
                chan c = [0] of { byte, short }; byte x;
                active proctype A() { { do :: x < 9 -> x++ :: c!x,-3 od } unless { if :: x == 4 -> x = 100 :: c!1,2 fi } }
                active proctype B() provided (x != 2) { short s; byte b; do :: atomic { c?b,s -> x = x + b } :: x > 90 -> break od }
                active proctype C() { do :: d_step { c?x,eval(-3) -> x++ } :: timeout -> break od }
                """,
            "64-bit numbers, with and without a sign, and a select over them":
                """
                unsigned t : 64; unsigned u : 33; int i; short s; bit b;
                active proctype A() {
                    t = t - 1; u = t >> 3; i = t; s = i * 7 - 70000; b = s;
                    select (t : 18446744073709551613 .. 18446744073709551615);
                    if :: t > 18446744073709551614 -> i = (t / 10) % 1000 :: else -> i = -7 / 2 + (-7 % 3) + (i << 33) + (i >> 2) fi;
                    t = (t * t) << 5; u = ~t ^ (t | 5) & 12345678901
                }
                """,
            "messages that are sorted, taken from the middle, copied and looked at":
                """
                mtype = { one, two }; chan c = [4] of { mtype, short, bit }; chan d[2] = [1] of { chan }; short k;
                active proctype A() { c!!one,300,1; c!!two,-300,0; c!!one,-5,1; d[1]!c; if :: nfull(c) -> c!two,k,0 :: full(c) fi }
                active [2] proctype B() {
                    chan e; bit b; mtype m;
                    d[1]?e; do :: e??one,k,b :: e?<m,k,b> -> k = k + len(e) :: e??[two,_,eval(_pid - 1)] -> e??two,k,b
                        :: empty(e) -> break od;
                    d[_pid - 1]!e
                }
                """,
            "hidden variables, the last process, and processes that look at each other":
                """
                hidden int h = 5; byte n;
                active proctype A() { byte mine = 3; do :: n < 3 -> h = h + n; n++; P: mine = h :: _last == 1 -> break od }
                active proctype B() { do :: A[0]@P -> n = A[0]:mine :: pc_value(0) > 2 && _nr_pr == 2 -> break od }
                """,
            "more values than fit in one go":
                "int x, y; active proctype A() { select (x : 1 .. 30000); y = x % 3 }",
            "atomic sequences that branch, meet and block":
                """
                byte x, y; chan c = [0] of { byte };
                active [2] proctype A() {
                    do :: atomic { if :: x++ :: x = x + 2 :: skip fi; if :: y < 2 -> y++ :: y > 0 -> y-- fi; x < 4; c!x; y = 1 }
                       :: atomic { c?y -> x = y; y < 3 } od
                }
                """,
            "processes that start others, with values that are cut, and end":
                """
                int sum; bool odd; unsigned t : 40 = 3000000000;
                proctype P(byte n; bool b; short s; unsigned w : 40; bit c) {
                    byte own = n + 1; int twice = s * 2; bool list[3] = b;
                    sum = sum + own + twice % 7 + list[2]; odd = odd ^ (w > 5) ^ c;
                    if :: n < 2 -> run P(n + 1, !b, s - 40000, w + t, n) :: n == 250 -> atomic { run Q(); run Q(); sum = 0 } :: else fi
                }
                proctype Q() { byte p; atomic { p = run R(300); sum = (sum + p) % 5; assert(p > 0) } }
                proctype R(byte n) { atomic { odd; sum = n } }
                init { byte k; do :: k < 2 -> atomic { sum = run P(248 + k + k * 10, k, 70000, t + t, 2); k++ } :: else -> break od }
                """,
            "atomic sequences in which more changes than states ever have, and they meet again":
                """
                byte a[24], n, x;
                active [2] proctype A() {
                    byte k;
                    do :: atomic {
                        n < 40;
                        do :: k < 24 -> if :: a[k] = 1 :: a[k] = 2 :: k > 2 -> a[k] = 1 fi; a[k] = (k < 3 || k % 5 == 4 -> 7 : 0); k++ :: else -> break od;
                        do :: k > 0 -> k--; a[k] = 0 :: else -> break od;
                        if :: x++ :: x = x + 1 :: x = n fi; n++
                    } od
                }
                """,
            "processes with channels of their own, and others":
                """
                chan c = [1] of { chan };
                proctype P(byte n) { chan own = [2] of { byte }; own!n; c!own }
                proctype Q(chan d) { byte x; d?x; assert(x < 9) }
                init { chan d; byte k; do :: k < 2 -> k++; run P(k + k); c?d; run Q(d) :: else -> break od }
                """,
            "more processes than there can be":
                "byte n; proctype P(byte k) { end: false } active proctype A() { do :: n < 255 -> atomic { run P(n); n++ } :: n == 255 -> n = 0 od }",
        ].sorted { $0.key < $1.key }.map { [$0.key, $0.value] }, [0, .max])
    func specialCases(named: [String], longTextLimit: Int) throws {
        let system = try Model.system(named[1])
        let compiler = NativeCompiler(cache: nil, longTextLimit: longTextLimit)
        let compared = Comparison(system, try compiler.compile(system), limit: 50_000)
        #expect(compared.difference == nil)
        #expect(compared.compiledStates > 0)
        try compareSearches(system, Ready(try compiler.compile(system)), named[0])
    }

    @Test("systems with priorities or trace assertions are left to the interpreter")
    func notTranslated() throws {
        let system = try Model.system("active proctype A() priority 3 { skip }")
        #expect(SystemTranslator.translate(system) == nil)
        #expect(throws: NativeCompiler.Failure.notTranslated) { try NativeCompiler(cache: nil).compile(system) }
    }
}
