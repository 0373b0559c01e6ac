@testable import Automata
import TestSupport
import Testing

/// Processes: how they start, who may move, and how they end.
struct ProcessTests {
    @Test("select is one step, with a move for each value", arguments: [(2, 5, [2, 3, 4, 5]), (3, 3, [3]), (5, 2, [5])])
    func select(low: Int64, high: Int64, choices: [Int64]) throws {
        let walk = try Walk("int x; int low = \(low), high = \(high); active proctype P() { select (x : low .. high) }")
        #expect(walk.moves.map(\.step.choice) == choices)
        for (move, choice) in zip(walk.moves, choices) {
            let after = try Walk("int x; int low = \(low), high = \(high); active proctype P() { select (x : low .. high) }")
            after.take(move)
            #expect(after["x"] == .integer(choice))
        }
    }

    @Test("processes end youngest first, and their pids are given out again")
    func endOrder() throws {
        let walk = try Walk(
            """
            byte first, second, third;
            proctype Short() { skip }
            proctype Long() { third == 9 }
            init { first = run Long(); second = run Short(); (_nr_pr == 2); third = run Short() }
            """)
        try walk.step("first = run")
        try walk.step("second = run")
        #expect(walk.moves.map(\.step.pid) == [2])
        try walk.step()
        try walk.step()
        #expect(walk.snapshot.processes.map(\.name) == [":init:", "Long"])
        try walk.step("(_nr_pr == 2)")
        try walk.step("third = run")
        #expect([walk["first"], walk["second"], walk["third"]] == [.integer(1), .integer(2), .integer(2)])
    }

    @Test("a process that has done everything waits for the younger ones")
    func waitsForYounger() throws {
        let walk = try Walk("byte x; proctype Q() { x == 1 } init { run Q() }")
        try walk.step()
        #expect(walk.moves.isEmpty)
        #expect(walk.snapshot.processes.count == 2)
    }

    @Test("arguments are given by value, cut to the size of the parameter")
    func arguments() throws {
        let walk = try Walk("proctype Q(byte a; short b; chan c) { false } chan q = [1] of { byte }; init { run Q(300, -5, q) }")
        walk.run(steps: 1)
        #expect(walk["a", 1] == .integer(44))
        #expect(walk["b", 1] == .integer(-5))
        #expect(walk["c", 1] == .channelReference("q"))
    }

    @Test("provided holds back every step of its process")
    func provided() throws {
        let walk = try Walk(
            """
            bool on; byte x;
            active proctype P() provided (on) { x = 1; x = 2 }
            active proctype Q() { on = true; x == 1; on = false }
            """)
        #expect(walk.moves.map(\.step.pid) == [1])
        try walk.step()
        try walk.step("x = 1")
        try walk.step("x == 1")
        try walk.step("on = false")
        #expect(walk.moves.map { walk.text(of: $0) }.contains("x = 2") == false)
    }

    @Test("_last is the process that moved last, and a state that differs in it alone is another one")
    func lastProcess() throws {
        let walk = try Walk("byte x; active [2] proctype P() { x = 1; x = _last }")
        try walk.step("x = 1", by: 1)
        try walk.step("x = _last", by: 1)
        #expect(walk["x"] == .integer(1))
    }

    @Test("enabled and pc_value look at other processes")
    func otherProcesses() throws {
        let walk = try Walk(
            """
            byte x, y; bool can;
            active proctype P() { x == 1; x = 2 }
            active proctype Q() { can = enabled(0); y = pc_value(0); x = 1; can = enabled(0) }
            """)
        try walk.step("can = enabled(0)")
        #expect(walk["can"] == .boolean(false))
        try walk.step("y = pc_value(0)")
        #expect(walk["y"] == .integer(Int64(walk.snapshot.processes[0].location)))
        try walk.step("x = 1")
        try walk.step("can = enabled(0)")
        #expect(walk["can"] == .boolean(true))
    }

    @Test("a remote reference sees another process, and nothing where there is none")
    func remoteReferences() throws {
        let walk = try Walk(
            """
            byte x = 9, y = 9; bool at;
            active proctype P() { byte n = 5; here: n = 6 }
            active proctype Q() { x = P[0]:n; at = P[0]@here; y = P[7]:n; at = P[7]@here }
            """)
        try walk.step("x = P")
        try walk.step("at = P")
        #expect(walk["x"] == .integer(5) && walk["at"] == .boolean(true))
        try walk.step("y = P")
        try walk.step("at = P")
        #expect(walk["y"] == .integer(0) && walk["at"] == .boolean(false))
    }

    @Test("only processes of the highest priority among those that can move do")
    func priorities() throws {
        let walk = try Walk(
            """
            byte x;
            active proctype Low() priority 1 { x = 1 }
            active proctype High() priority 5 { x == 0; x == 1; x = 2 }
            """)
        #expect(walk.moves.map(\.step.pid) == [1])
        try walk.step()
        #expect(walk.moves.map(\.step.pid) == [0])
        try walk.step()
        #expect(walk.moves.map(\.step.pid) == [1])
    }

    @Test("printf knows Spin's formats")
    func printing() throws {
        let walk = try Walk(
            """
            mtype = { RED, GREEN };
            unsigned big : 64 = 18446744073709551615;
            active proctype P() { printf("%d|%u|%c|%x|%o|%e|%%|%d\\n", -3, big, 65, 255, 8, GREEN, 7); printm(RED) }
            """)
        walk.run(steps: 2)
        #expect(walk.output == "-3|18446744073709551615|A|ff|10|GREEN|%|7\nRED")
    }

    @Test("a snapshot has every kind of value")
    func snapshot() throws {
        let walk = try Walk(
            """
            mtype = { RED, GREEN }; mtype:shape = { ROUND };
            typedef T { byte f; mtype g[2] }
            bit a = 1; bool b = true; byte c = 200; short d = -2; int e = -3; unsigned f : 40 = 1099511627775;
            mtype g = GREEN; mtype:shape h = ROUND; chan i = [2] of { byte, mtype }; chan j; int k[2] = { 4, 5 }; T l[1];
            hidden byte m = 6;
            active proctype P() { byte n = 7; chan o = i; chan p[2] = [1] of { int }; i!3,RED; l[0].g[1] = GREEN; j = p[1] }
            """)
        walk.run(steps: 3)
        let none = Walk.Value.integer(0)
        #expect(walk.snapshot.globals.map(\.name) == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"])
        #expect(walk["a"] == .integer(1))
        #expect(walk["b"] == .boolean(true))
        #expect(walk["c"] == .integer(200))
        #expect(walk["d"] == .integer(-2))
        #expect(walk["e"] == .integer(-3))
        #expect(walk["f"] == .unsigned(1_099_511_627_775))
        #expect(walk["g"] == .name("GREEN"))
        #expect(walk["h"] == .name("ROUND"))
        #expect(walk["i"] == .channel(capacity: 2, messages: [[.integer(3), .name("RED")]]))
        #expect(walk["j"] == .channelReference("P(0).p[1]"))
        #expect(walk["k"] == .array([.integer(4), .integer(5)]))
        #expect(
            walk["l"] == .array([
                .record([.init(name: "f", value: none), .init(name: "g", value: .array([none, .name("GREEN")]))])
            ]))
        #expect(walk["n", 0] == .integer(7))
        #expect(walk["o", 0] == .channelReference("i"))
        #expect(walk["p", 0] == .array([.channel(capacity: 1, messages: []), .channel(capacity: 1, messages: [])]))
    }

    @Test("a structure is handed over field by field")
    func structureAsArgument() throws {
        let walk = try Walk(
            """
            typedef U { bit b; short s[2] } typedef T { int a; U u; byte c }
            proctype P(byte before; T t; int after) { false }
            init { T t; t.a = 1000; t.u.b = 1; t.u.s[1] = -2; t.c = 7; run P(3, t, 5000) }
            """)
        walk.run()
        let inner = Walk.Value.record([
            .init(name: "b", value: .integer(1)), .init(name: "s", value: .array([.integer(0), .integer(-2)])),
        ])
        #expect(walk["before", 1] == .integer(3) && walk["after", 1] == .integer(5000))
        #expect(
            walk["t", 1]
                == .record([
                    .init(name: "a", value: .integer(1000)), .init(name: "u", value: inner),
                    .init(name: "c", value: .integer(7)),
                ]))
    }

    @Test("assigning `_priority` sets the priority")
    func assignedPriority() throws {
        let walk = try Walk("byte x; active proctype P() { _priority = 3; x = _priority; _priority = x + 300 }")
        walk.run(steps: 2)
        #expect(walk["x"] == .integer(3))
        #expect(walk.faults.map(\.kind) == [.priorityOutOfRange])
    }
}
