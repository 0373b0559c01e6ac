import Automata
import Testing

/// `hidden` variables keep their values within an atomic sequence, and are no part of the states that are stored.
struct HiddenVariableTests {
    @Test("stored states all have the initial value of a hidden variable")
    func resetInStoredStates() throws {
        let walk = try Walk("hidden byte h = 7; byte x; active proctype P() { h = 1; x = h }")
        walk.run()
        #expect(walk["x"] == .integer(7))
    }

    @Test("inside an atomic sequence a hidden variable keeps its value")
    func keptInsideAtomic() throws {
        let walk = try Walk("hidden byte h = 7; byte x; active proctype P() { atomic { h = 1; x = h } }")
        walk.run()
        #expect(walk["x"] == .integer(1))
    }

    /// The state in which control is lost is a stored one, so from there on everybody sees the initial value.
    @Test("where an atomic sequence blocks, the moves are those of the stored state")
    func resetWhereAtomicBlocks() throws {
        let text = """
            hidden byte h = 7;
            byte x, y;
            active proctype P() { atomic { h = 1; x == 1; y = h } }
            active proctype Q() { y == 0; y = h; x = 1 }
            """
        let walk = try Walk(text)
        try walk.step("h = 1")
        #expect(walk.control == 0)
        let moves = walk.moves
        #expect(moves.map { walk.text(of: $0) } == ["y == 0"])
        try walk.step("y == 0")
        try walk.step("y = h")
        #expect(walk["y"] == .integer(7))
    }

    /// What a walk meets and what a search stores are the same states, also where the blocked process itself had changed
    /// the hidden variable that another one looks at.
    @Test("walks and searches agree on what a hidden variable is when control is lost")
    func walkAgreesWithSearch() throws {
        let walk = try Walk(
            """
            hidden byte h;
            byte x, y;
            active proctype P() { atomic { h = 1; x == 1 } }
            active proctype Q() { if :: h == 1 -> y = 1 :: h == 0 -> y = 2 fi }
            """)
        try walk.step("h = 1")
        #expect(walk.moves.map { walk.text(of: $0) } == ["h == 0"])
    }
}
