@testable import Automata
import Promela
import Testing

/// Where values lie in the state vector, and how much of them is kept.
struct LayoutTests {
    @Test(
        "a value is cut to its bits, and sign-extended where it has a sign",
        arguments: [
            (300, 8, false, 44), (-1, 8, false, 255), (255, 8, false, 255), (256, 1, false, 0), (3, 1, false, 1),
            (65535, 16, true, -1), (32768, 16, true, -32768), (-32769, 16, true, 32767),
            (2_147_483_648, 32, true, -2_147_483_648), (-1, 32, false, 4_294_967_295), (9, 3, false, 1),
            (-1, 63, false, .max), (-1, 64, false, -1), (.min, 64, false, .min),
        ] as [(Int64, Int, Bool, Int64)])
    func truncate(value: Int64, width: Int, isSigned: Bool, kept: Int64) {
        #expect(Storage.truncate(value, width: width, isSigned: isSigned) == kept)
    }

    @Test(
        "each type has the bytes that its width needs",
        arguments: [
            (.byte, .unsigned8, 1), (.pid, .unsigned8, 1), (.chan, .unsigned8, 1), (.mtype(set: 0), .unsigned8, 1),
            (.bit, .unsigned8, 1), (.short, .signed16, 2), (.int, .signed32, 4), (.unsigned(width: 8), .unsigned8, 1),
            (.unsigned(width: 9), .unsigned16, 2), (.unsigned(width: 16), .unsigned16, 2),
            (.unsigned(width: 17), .unsigned32, 4), (.unsigned(width: 32), .unsigned32, 4),
            (.unsigned(width: 33), .unsigned64, 8), (.unsigned(width: 64), .unsigned64, 8),
        ] as [(ScalarType, Storage.Form, Int)])
    func forms(type: ScalarType, form: Storage.Form, size: Int) {
        #expect(Storage.form(of: type, termWidth: nil) == form)
        #expect(Storage.size(of: form) == size)
    }

    private func globals(_ declarations: String) throws -> SectionLayout {
        try Walk.system("\(declarations); active proctype P() { skip }").layout.globals
    }

    @Test("small values share a byte, and never lie across two")
    func packing() throws {
        let layout = try globals("bit a; unsigned b : 3; bool c; unsigned d : 4; byte e; bit f")
        let places = layout.slots.map { [$0.storage.offset, $0.storage.shift, $0.storage.width] }
        // The first byte of a state is the number of processes; `d` does not fit into the bits that are left.
        #expect(places == [[1, 0, 1], [1, 1, 3], [1, 4, 1], [2, 0, 4], [3, 0, 8], [2, 4, 1]])
        #expect(layout.size == 4)
    }

    @Test("an array of bits has a byte for each, and keeps all of it")
    func bitArrays() throws {
        let layout = try globals("bit a[5]; bool b[2]")
        #expect(layout.slots.map(\.stride) == [1, 1])
        #expect(layout.slots.map(\.storage.width) == [8, 8])
        #expect(layout.size == 8)
    }

    @Test("records lie one after the other, and their fields do not share bytes")
    func records() throws {
        let system = try Walk.system("typedef T { bit a; bit b; int c[2] } T t[3]; byte x; active proctype P() { skip }")
        #expect(system.layout.records[0].slots.map(\.storage.offset) == [0, 1, 2])
        #expect(system.layout.records[0].size == 10)
        #expect(system.layout.globals.slots.map(\.storage.offset) == [1, 31])
        #expect(system.layout.globals.slots[0].stride == 10)
    }

    @Test("variables do not write over each other")
    func noOverlap() throws {
        let walk = try Walk(
            """
            bit a; unsigned b : 3; bool c[3]; unsigned d : 7; short e; unsigned f : 33; int g[2]; unsigned h : 64; bit i;
            active proctype P() {
                bit l; unsigned m : 5; byte n;
                a = 1; b = 7; c[0] = 1; c[2] = 1; d = 127; e = -1; f = 8589934591; g[1] = -1; h = 18446744073709551615;
                l = 1; m = 31; n = 255;
                i = 1; b = 2; d = 1; f = 1; m = 9
            }
            """)
        walk.run(steps: 17)
        let expected: [(String, Walk.Value)] = [
            ("a", .integer(1)), ("b", .integer(2)), ("c", .array([.boolean(true), .boolean(false), .boolean(true)])),
            ("d", .integer(1)), ("e", .integer(-1)), ("f", .unsigned(1)), ("g", .array([.integer(0), .integer(-1)])),
            ("h", .unsigned(.max)), ("i", .integer(1)),
        ]
        for (name, value) in expected { #expect(walk[name] == value, "\(name)") }
        #expect(walk["l", 0] == .integer(1) && walk["m", 0] == .integer(9) && walk["n", 0] == .integer(255))
    }
}
