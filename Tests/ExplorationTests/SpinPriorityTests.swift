import Exploration
import TestSupport
import Testing

/// Priorities, which random programs do not have, mean what they mean in Spin.
@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct SpinPriorityTests {
    static let models = [
        """
        byte x;
        active proctype Low() priority 1 { do :: x < 5 -> x++ :: x == 5 -> break od }
        active [2] proctype High() priority 5 { x == 2; x = 3; x == 4; x = 5 }
        """,
        """
        byte x, y;
        active proctype P() priority 3 { x++; set_priority(_pid, 1); x++ }
        active proctype Q() priority 2 { y++; y = y + get_priority(0); assert(x == 1) }
        """,
    ]

    @Test("models with priorities have the same states and verdicts as in Spin", arguments: models)
    func priorities(model: String) throws {
        let outcome = try SpinOracle().check(text: model)
        let spin = try #require(outcome.result, "\(outcome)")
        #expect(try Findings(ofModel: model) == Findings(of: spin))
    }
}
