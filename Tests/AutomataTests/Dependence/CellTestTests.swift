@testable import Automata
import Promela
import Testing

/// What can be told of a condition on one cell from its values alone.
struct CellTestTests {
    private typealias Term = CellTest.Term

    private static func test(_ operation: Expression.BinaryOperator, _ value: Int64, cell: Int = 0) -> CellTest {
        CellTest(cell: cell, term: .binary(operation, .cell(cell), .constant(value)))
    }

    private static let isSet = CellTest(cell: 0, term: .cell(0))
    private static let isClear = CellTest(cell: 0, term: .not(.cell(0)))

    @Test("every comparison has the meaning that Promela gives it", arguments: [-1, 0, 1, 2] as [Int64])
    func comparisons(value: Int64) {
        #expect(Self.test(.equal, 1).holds(for: value) == (value == 1))
        #expect(Self.test(.notEqual, 1).holds(for: value) == (value != 1))
        #expect(Self.test(.less, 1).holds(for: value) == (value < 1))
        #expect(Self.test(.lessOrEqual, 1).holds(for: value) == (value <= 1))
        #expect(Self.test(.greater, 1).holds(for: value) == (value > 1))
        #expect(Self.test(.greaterOrEqual, 1).holds(for: value) == (value >= 1))
        let between = CellTest(cell: 0, term: .binary(.and, Self.test(.greater, -1).term, Self.test(.less, 2).term))
        #expect(between.holds(for: value) == (0...1).contains(value))
        let outside = CellTest(cell: 0, term: .binary(.or, Self.test(.equal, -1).term, Self.test(.equal, 2).term))
        #expect(outside.holds(for: value) == ![0, 1].contains(value))
    }

    @Test(
        "conditions exclude each other where one leaves a single value that the other rules out",
        arguments: [
            (test(.equal, 1), test(.equal, 0), true), (test(.equal, 1), test(.equal, 1), false),
            (test(.equal, 3), test(.less, 3), true), (test(.less, 3), test(.equal, 2), false), (isSet, isClear, true),
            (isClear, test(.notEqual, 0), true), (isClear, isClear, false), (test(.equal, 1), test(.equal, 0, cell: 1), false),
            (test(.less, 3), test(.greater, 5), false),
        ])
    func exclusion(one: CellTest, other: CellTest, isCertain: Bool) {
        #expect(one.excludes(other) == isCertain)
        #expect(other.excludes(one) == isCertain)
    }

    @Test("a write makes a condition true only with a value for which it holds")
    func written() {
        #expect(Self.test(.equal, 2).mayHold(after: .these([1, 2])))
        #expect(!Self.test(.equal, 2).mayHold(after: .these([0, 1])))
        #expect(Self.test(.equal, 2).mayHold(after: .any))
    }
}
