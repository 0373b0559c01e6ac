import Automata
import Exploration
import Foundation
import Promela
import Symbolic
import Testing

/// Small models that Z3's Horn engine decides.
struct HornModelTests {
    private static func check(_ text: String, depth: Int = .max, timeLimit: Int = 60_000) throws -> BoundedResult {
        try HornCheck(Checked.system(text), depth: depth, timeLimit: timeLimit).run()
    }

    private static let lock = """
        bool taken;
        byte inside;
        active [2] proctype P() {
            do :: atomic { !taken -> taken = true }; inside++; assert(inside == 1); inside--; taken = false od
        }
        """

    @Test("a lock keeps two processes apart, for ever")
    func mutualExclusion() throws {
        #expect(try Self.check(Self.lock).verdicts.allSatisfy { $0.verdict == .holds(.invariant) })
    }

    @Test("a counter of 64 bits never passes its bound, which is out of reach for counting")
    func wideCounter() throws {
        let result = try Self.check(
            """
            unsigned x : 64;
            active proctype P() { do :: x < 1000000000000 -> x = x + 1 :: x > 3 -> x = x - 3 od }
            ltl bound { [] (x <= 1000000000000) }
            """)
        #expect(result.verdicts.allSatisfy { $0.verdict == .holds(.invariant) })
    }

    @Test("what induction cannot show is proved: that an even number is never 5")
    func parity() throws {
        let result = try Self.check(
            """
            int x;
            active proctype P() { do :: x = x + 2 od }
            ltl p { [] (x != 5) }
            """)
        #expect(result.verdicts.last?.verdict == .holds(.invariant))
    }

    @Test("a violation comes with a shortest run, and what else holds is proved")
    func violation() throws {
        let result = try Self.check(
            """
            byte x;
            active proctype P() { do :: x = x + 1 od }
            ltl small { [] (x < 9) }
            ltl even { [] (x % 2 != 2) }
            """)
        let verdicts = Dictionary(uniqueKeysWithValues: result.verdicts.map { ($0.property, $0.verdict) })
        #expect(verdicts[.claim(.formula(0))] == .violated(depth: 9))
        #expect(result.violations.map(\.path.count) == [9])
        #expect(verdicts[.claim(.formula(1))] == .holds(.invariant))
    }

    @Test("a violation beyond the depth that was allowed is not claimed")
    func tooDeep() throws {
        let result = try Self.check(
            "byte x; active proctype P() { do :: x = x + 1 od }\nltl small { [] (x < 9) }", depth: 4)
        #expect(result.verdicts.last?.verdict == .inconclusive(.depth(4)))
        #expect(result.violations.isEmpty)
    }

    @Test("where runs end in a fault, nothing is said of how they would go on")
    func brokenRuns() throws {
        let result = try Self.check("byte x, y; active proctype P() { y = 1; x = y / x; assert(x == 1) }")
        for (property, verdict) in result.verdicts {
            #expect(verdict == (property == .divisionByZero ? .violated(depth: 1) : .inconclusive(.runsEndInViolation)))
        }
    }

    @Test("a question ends when its time is up, and nothing is claimed")
    func timeLimit() throws {
        let result = try Self.check(Self.lock.replacing("[2]", with: "[6]"), timeLimit: 100)
        #expect(
            result.verdicts.allSatisfy { $0.verdict == .inconclusive(.prover("the time limit of 100 ms was reached")) })
    }

    @Test("the engine heeds a stop signal in the middle of a question")
    func stopSignal() throws {
        let system = try Checked.system(Self.lock.replacing("[2]", with: "[6]"))
        let signal = StopSignal()
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.3)
            signal.give()
        }
        let result = try StopSignal.$current.withValue(signal) { try HornCheck(system).run() }
        #expect(result.verdicts.allSatisfy { $0.verdict == .inconclusive(.prover("interrupted")) })
    }
}
