import TestSupport
import Testing

/// A label in front of a loop is the loop's place, wherever the loop stands.
@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct LabelledLoopTests {
    @Test(arguments: [
        "byte x; active proctype A() { end: do :: x < 3 -> x++ od unless { x == 5 } }",
        "byte x; active proctype A() { L: do :: x < 3 -> x++ od unless { x == 5 } }",
        "byte x; active proctype A() { byte i; end: for (i : 1 .. 3) { x = i } unless { x == 2 } }",
        "byte x; active proctype A() { { end: do :: x < 3 -> x++ od } unless { x == 5 } }",
        "byte x; active proctype A() { skip unless { end: do :: x == 1 -> x++ od } }",
        "byte x; active proctype A() { skip unless L: do :: x == 1 -> x++ :: x == 2 -> goto L od }",
        "byte x; active proctype A() { atomic { end: do :: x < 3 -> x++ od } }",
        "byte x; active proctype A() { atomic { L: do :: x < 3 -> x++ :: x == 3 -> x = 7; goto L :: x == 7 -> break od } }",
        "byte x; active proctype A() { d_step { L: do :: x < 3 -> x++ :: else -> break od } }",
        "byte x; active proctype A() { if :: end: do :: x < 3 -> x++ od :: x == 0 -> x = 9 fi }",
        "byte x; active proctype A() { do :: L: do :: x < 3 -> x++; goto L :: else -> break od; break od }",
        "byte x; active proctype A() { { L: do :: x < 3 -> x++; goto L :: else -> break od unless { x == 2 } } }",
        """
        byte x;
        active proctype A() { L: do :: x < 3 -> x++ od unless { x == 2 -> x = 7 } }
        active proctype B() { (A@L && x == 1) -> assert(false) }
        """,
        """
        byte x; chan c = [0] of { byte };
        active proctype A() { byte y; end: do :: c?y -> x = y od unless { x == 2 -> end2: c?y }; assert(x != 2) }
        active proctype B() { c!1; c!2; c!3; c!4 }
        """,
    ])
    func `has the same states as in Spin`(model: String) throws {
        let outcome = try SpinOracle().check(text: model)
        let spin = try #require(outcome.result, "\(outcome)")
        #expect(try Findings(ofModel: model) == Findings(of: spin))
    }
}
