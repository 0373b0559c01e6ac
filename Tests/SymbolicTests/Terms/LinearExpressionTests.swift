import Testing

@testable import Symbolic

@Suite struct LinearExpressionTests {
    private let x = LinearExpression(variable: 0)
    private let y = LinearExpression(variable: 1)

    @Test func sumsCancelWhatTheyCan() {
        #expect(x + y - x == y)
        #expect((x * 3 + 5 - x * 3).isConstant)
        #expect((x - x + 7) == LinearExpression(7))
        #expect((y + x).summands.map(\.variable) == [0, 1])
    }

    @Test func aVariablePlusAConstantIsKnownAsSuch() {
        #expect((x + 4).soleVariable == 0)
        #expect((x * 2).soleVariable == nil)
        #expect((x + y).soleVariable == nil)
        #expect(LinearExpression(3).soleVariable == nil)
    }

    @Test func substitutionIsSimultaneous() {
        let swapped = (x * 2 - y).substituting { $0 == 0 ? y : x }
        #expect(swapped == y * 2 - x)
    }

    /// 2x + 4y - 5 ≤ 0 holds of integers just when x + 2y - 2 ≤ 0 does.
    @Test(arguments: [(-5, -2), (-4, -2), (5, 3), (4, 2), (1, 1), (-1, 0)] as [(Int128, Int128)])
    func commonDivisorsAreDividedOutWithTheTightestBound(constant: Int128, expected: Int128) {
        #expect((x * 2 + y * 4 + constant).normalized == x + y * 2 + expected)
    }

    @Test(arguments: [(7, 2, 3), (-7, 2, -4), (7, -2, -4), (-7, -2, 3), (6, 3, 2), (-6, 3, -2)] as [(Int128, Int128, Int128)])
    func divisionRoundsDown(dividend: Int128, divisor: Int128, quotient: Int128) {
        #expect(LinearExpression.floorDivide(dividend, divisor) == quotient)
    }
}
