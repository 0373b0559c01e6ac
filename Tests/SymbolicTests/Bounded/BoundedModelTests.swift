import Automata
import Exploration
import Foundation
import Promela
import Symbolic
import Testing

/// Small models whose faults are known.
struct BoundedModelTests {
    private static func check(_ text: String, depth: Int = 12) throws -> BoundedResult {
        try BoundedCheck(Checked.system(text), depth: depth, timeLimit: 60_000).run()
    }

    private static func verdict(_ text: String, _ property: Property, depth: Int = 12) throws -> BoundedVerdict? {
        try check(text, depth: depth).verdicts.first { $0.property == property }?.verdict
    }

    @Test("an assertion fails after as many steps as it takes")
    func assertion() throws {
        let result = try Self.check("byte x; active proctype P() { x++; x++; assert(x != 2) }")
        #expect(result.violations.map(\.property) == [.assertions])
        #expect(result.violations.first?.path.count == 3)
        #expect(result.verdicts.first?.verdict == .violated(depth: 2))
    }

    @Test("a run that ends is looked at to its end, and everything holds")
    func completeRuns() throws {
        let result = try Self.check("byte x; active [2] proctype P() { x++; x++ }", depth: 20)
        #expect(result.verdicts.allSatisfy { $0.verdict == .holds(.allRuns(depth: 6)) })
    }

    @Test("64-bit arithmetic wraps where the machine's does")
    func wide() throws {
        #expect(
            try Self.verdict(
                """
                unsigned x : 64; unsigned y : 64;
                active proctype P() {
                    x = 1; x = x << 63; y = x - 1; assert(y < x); y = x + x; assert(y == 0);
                    x = 0; x = x - 1; assert(x / 10 == 1844674407370955161); assert(x % 10 != 5)
                }
                """, .assertions) == .violated(depth: 9))
    }

    @Test("a value is found among all of 32 bits that a `select` can choose")
    func choice() throws {
        let result = try Self.check(
            "int x; active proctype P() { select (x : 0 .. 1000000); assert(x * x != 998001 || x < 500) }")
        #expect(result.violations.first?.path.first?.choice == 999)
    }

    @Test("numbers without a sign are chosen from the first to the last, also beyond 2^63")
    func unsignedChoice() throws {
        let text = """
            unsigned x : 64;
            active proctype P() { select (x : 9223372036854775800 .. LAST); assert(x != 9223372036854775810) }
            """
        let near = try Self.check(text.replacing("LAST", with: "9223372036854775811"))
        #expect(near.violations.map(\.property) == [.assertions])
        // Too many to be tried one by one, as the interpreter says too.
        let far = try Self.check(text.replacing("LAST", with: "18446744073709551615"))
        #expect(far.violations.map(\.property) == [.execution])
    }

    @Test("an index out of bounds and a division by zero are found, and end their runs")
    func faults() throws {
        let text = """
            byte a[3]; byte i; byte x;
            active proctype P() { select (i : 0 .. 3); if :: a[i] = 1 :: x = 5 / i fi; assert(i < 3) }
            """
        #expect(try Self.verdict(text, .arrayBounds) == .violated(depth: 1))
        #expect(try Self.verdict(text, .divisionByZero) == .violated(depth: 1))
        // 5 / 3 is fine, and leads on.
        #expect(try Self.verdict(text, .assertions) == .violated(depth: 2))
    }

    @Test("two that wait for each other are a deadlock")
    func deadlock() throws {
        let text = """
            bit a, b;
            active proctype P() { atomic { !a -> a = 1 } atomic { !b -> b = 1 } a = 0; b = 0 }
            active proctype Q() { atomic { !b -> b = 1 } atomic { !a -> a = 1 } a = 0; b = 0 }
            """
        #expect(try Self.verdict(text, .endStates) == .violated(depth: 4))
    }

    @Test("a rendezvous is one step, with its receiver")
    func rendezvous() throws {
        let result = try Self.check(
            """
            chan c = [0] of { byte, short };
            active proctype P() { c!7,-3 }
            active proctype Q() { short x; byte y; c?y,x; assert(x + y != 4) }
            """)
        #expect(result.violations.first?.path.first?.receiver?.pid == 1)
        #expect(result.violations.first?.path.count == 2)
    }

    @Test("messages keep their order, sorted ones their sort, and are found at random")
    func messages() throws {
        #expect(
            try Self.verdict(
                """
                chan c = [4] of { byte, bit };
                active proctype P() {
                    byte x, y; bit z;
                    c!!5,0; c!!2,1; c!!9,0; c!!2,0;
                    c?x,z; assert(x == 2 && z == 0);
                    c??9,z; c?<x,z>; assert(x == 2 && z == 1 && len(c) == 2);
                    c?x,z; c?y,z; assert(y == 5 && empty(c));
                    assert(false)
                }
                """, .assertions, depth: 20) == .violated(depth: 12))
    }

    @Test("loops inside a d_step are run to their end")
    func deterministicSteps() throws {
        #expect(
            try Self.verdict(
                """
                byte n; int sum;
                active proctype P() {
                    select (n : 0 .. 20);
                    d_step { byte i; for (i : 1 .. n) { sum = sum + i } }
                    assert(sum != 120)
                }
                """, .assertions) == .violated(depth: 2))
    }

    @Test("what is not known exactly is refused where it stands")
    func unsupported() throws {
        let system = try Checked.system("active proctype P() { set_priority(0, 2); skip }")
        let error = #expect(throws: UnsupportedModel.self) { try BoundedCheck(system, depth: 3).run() }
        #expect(error?.diagnostic.code == .notSupported)
        #expect(error.map { system.program.sources.text(of: $0.diagnostic.span) } == "active proctype P()")
    }

    @Test("invariants are looked at where any process may move, not inside atomic sequences")
    func observation() throws {
        let text = """
            byte x;
            active proctype P() { atomic { x = 1; x = 2 } x = 3 }
            ltl p { [] (x != 1) }
            ltl q { [] (x != 2) }
            """
        #expect(try Self.verdict(text, .claim(.formula(0))) == .holds(.allRuns(depth: 4)))
        #expect(try Self.verdict(text, .claim(.formula(1))) == .violated(depth: 2))
    }

    @Test("a monitor can end the check")
    func monitor() throws {
        let system = try Checked.system("byte x; active proctype P() { do :: x++ od }")
        let result = try BoundedCheck(system, depth: 100) { $0.depth < 5 }.run()
        #expect(result.verdicts.allSatisfy { $0.verdict == .inconclusive(.interrupted(depth: 5)) })
        #expect(result.statistics.solver.queries > 0)
    }

    @Test("a model of the repository is violated where breadth-first search finds it")
    func realModel() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Models/uintr/uintr.pml").path
        let program = try #require(try ModelReader.read(fileAt: path).program)
        let lost = try #require(program.formulas.firstIndex { $0.name == "no_lost_wakeup" })
        let disturbed = try #require(program.formulas.firstIndex { $0.name == "bystander_left_alone" })
        let properties: [Property] = [.claim(.formula(lost)), .claim(.formula(disturbed))]
        let result = try BoundedCheck(
            System(program), properties: Set(properties), depth: 13, induction: 1, invariantTime: 0
        ).run()
        let verdicts = Dictionary(uniqueKeysWithValues: result.verdicts.map { ($0.property, $0.verdict) })
        #expect(verdicts[properties[0]] == .violated(depth: 12))
        #expect(verdicts[properties[1]] == .violated(depth: 9))
        #expect(verdicts[.arrayBounds] == .holds(.induction(0)))
    }
}
