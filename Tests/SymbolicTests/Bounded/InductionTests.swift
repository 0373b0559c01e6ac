import Automata
import Exploration
import Symbolic
import Testing

/// What is proved by induction, and with how many states in a row.
struct InductionTests {
    private static func verdict(
        _ text: String, _ property: Property? = nil, depth: Int = 12, induction: Int = 8,
        invariantTime: Double = 0
    ) throws -> BoundedVerdict? {
        let system = try Checked.system(text)
        let wanted = property ?? .claim(.formula(0))
        let result = try BoundedCheck(
            system, properties: [wanted], depth: depth, induction: induction, invariantTime: invariantTime
        ).run()
        return result.verdicts.first { $0.property == wanted }?.verdict
    }

    @Test("what every step keeps is proved with one state")
    func one() throws {
        #expect(
            try Self.verdict(
                """
                int x, y;
                active proctype P() { do :: d_step { x = x + 1; y = y - 1 } :: d_step { x = x - 7; y = y + 7 } od }
                ltl p { [] (x + y == 0) }
                """) == .holds(.induction(1)))
    }

    @Test("what takes three states to show is proved with three, and not with two")
    func three() throws {
        let text = """
            byte a, b, c;
            active proctype P() { select (a : 2 .. 3); do :: d_step { c = b; b = a; a = a * 2 } od }
            ltl p { [] (c != 5) }
            """
        #expect(try Self.verdict(text) == .holds(.induction(3)))
        #expect(try Self.verdict(text, induction: 2) == .inconclusive(.depth(12)))
        #expect(try Self.verdict(text, depth: 1, induction: 3) == .inconclusive(.depth(1)))
    }

    @Test("what no number of states shows is left open")
    func notInductive() throws {
        #expect(
            try Self.verdict(
                """
                int x;
                active proctype P() { do :: x = x + 2 od }
                ltl p { [] (x != 5) }
                """) == .inconclusive(.depth(12)))
    }

    @Test("what does not hold is violated, and not proved")
    func violated() throws {
        #expect(
            try Self.verdict(
                """
                byte x;
                active proctype P() { do :: x = x + 1 od }
                ltl p { [] (x < 9) }
                """) == .violated(depth: 9))
    }

    @Test("a property that is proved helps to prove another")
    func lemma() throws {
        let text = """
            int x, y, z;
            active proctype P() { do :: d_step { x = x + y - z; y = y * 3; z = z * 3 } :: d_step { y++; z++ } od }
            ltl helped { [] (x == 0) }
            ltl lemma { [] (y == z) }
            """
        let system = try Checked.system(text)
        let both: Set<Property> = [.claim(.formula(0)), .claim(.formula(1))]
        let result = try BoundedCheck(
            system, properties: both, depth: 2, induction: 1, invariantTime: 0
        ).run()
        #expect(result.verdicts.filter { both.contains($0.property) }.allSatisfy { $0.verdict == .holds(.induction(1)) })
        #expect(try Self.verdict(text, induction: 1) == .inconclusive(.depth(12)))
    }

    private static let lock = """
        bool lock; byte inside;
        active [3] proctype P() {
            do
            :: atomic { !lock -> lock = true }
               d_step { inside++; assert(inside == 1) }
               d_step { inside--; lock = false }
            od
        }
        ltl counted { [] (inside <= lock) }
        """

    private static let peterson = """
        bool flag[2]; bit turn; byte inside;
        active [2] proctype P() {
            do
            :: flag[_pid] = true; turn = 1 - _pid;
               (!flag[1 - _pid] || turn == _pid);
               inside++; assert(inside == 1); inside--;
               flag[_pid] = false
            od
        }
        """

    @Test("what is found to hold of every state makes long inductions short")
    func invariants() throws {
        for (text, property) in [(Self.lock, Property.claim(.formula(0))), (Self.peterson, .assertions)] {
            #expect(try Self.verdict(text, property, depth: 6, induction: 6) == .inconclusive(.depth(6)))
            #expect(
                try Self.verdict(text, property, depth: 6, induction: 6, invariantTime: 60) == .holds(.induction(0)))
        }
    }

    @Test("without the lock nothing is proved")
    func noLock() throws {
        let text = Self.lock.replacing("!lock -> ", with: "")
        #expect(try Self.verdict(text, .assertions, invariantTime: 60) == .violated(depth: 3))
    }

    @Test("64 bits are no harder than 8")
    func wide() throws {
        #expect(
            try Self.verdict(
                """
                unsigned now : 64; unsigned until : 64;
                active proctype P() {
                    do
                    :: d_step { until > now -> now = now + 1 }
                    :: d_step { until < 1000000000000 -> until = until + 1000 }
                    od
                }
                ltl p { [] (now <= until) }
                """) == .holds(.induction(1)))
    }

    @Test("a process that a loop starts again and again is not a proof for ever")
    func processes() throws {
        let text = """
            byte n;
            proctype Q() { n = 1 }
            active proctype P() { do :: run Q() od }
            """
        #expect(try Self.verdict(text, .assertions, depth: 4, induction: 2) == .inconclusive(.depth(4)))
        guard case .inconclusive(.processes(10, _)) = try Self.verdict(text, .assertions, depth: 14, induction: 2) else {
            Issue.record("more processes than are kept apart")
            return
        }
    }
}
