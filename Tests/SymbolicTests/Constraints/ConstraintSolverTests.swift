import TestSupport
import Testing

@testable import Symbolic

/// What Z3 is asked has the answer that looking at every point has.
@Suite struct ConstraintSolverTests {
    private static let size = 4
    private static let variableCount = 4

    private static func value(_ expression: LinearExpression, at point: [Int]) -> Int128 {
        expression.summands.reduce(expression.constant) { $0 + $1.coefficient * Int128(point[$1.variable]) }
    }

    private static func points(_ count: Int) -> [[Int]] {
        count == 0 ? [[]] : points(count - 1).flatMap { point in (0..<size).map { point + [$0] } }
    }

    private static func expression(_ random: inout SplitMix64) -> LinearExpression {
        let count = Int.random(in: 1...2, using: &random)
        let variables = (0..<variableCount).shuffled(using: &random).prefix(count)
        return variables.reduce(LinearExpression(Int128(Int.random(in: -3...3, using: &random)))) { sum, variable in
            sum + LinearExpression(variable: variable) * ([-2, -1, -1, 1, 1, 2].randomElement(using: &random) ?? 1)
        }
    }

    @Test("an expression is possible just where some point of the set makes it so")
    func randomSets() {
        var random = SplitMix64(seed: 46)
        let solver = ConstraintSolver(timeLimit: nil)
        var impossible = 0
        for _ in 0..<1_000 {
            var set = ConstraintSet()
            for _ in 0..<Self.variableCount { _ = set.addVariable(in: 0...Int128(Self.size - 1)) }
            var points = Self.points(Self.variableCount)
            for _ in 0..<4 {
                let constraint = Self.expression(&random)
                let kept = points.filter { Self.value(constraint, at: $0) <= 0 }
                if kept.isEmpty { continue }
                set.assume(constraint)
                points = kept
            }
            let asked = Self.expression(&random)
            let isPossible = points.contains { Self.value(asked, at: $0) <= 0 }
            #expect(set.allows(asked, solver) == isPossible, "\(asked) in \(set)")
            if !isPossible { impossible += 1 }
        }
        #expect(impossible > 50 && solver.statistics.queries > 100, "too few sets for this to mean anything")
    }

    @Test("a constraint bears on what the zone says is the same value under another name")
    func constraintsOfEqualValues() {
        var set = ConstraintSet()
        let (value, half, copy) = (set.addVariable(in: 1...2), set.addVariable(in: 0...1), set.addVariable(in: 1...2))
        let difference = LinearExpression(variable: value) - LinearExpression(variable: half) * 2
        set.assume(difference)
        set.assume(-difference)
        set.assume(LinearExpression(variable: value) - LinearExpression(variable: copy))
        set.assume(LinearExpression(variable: copy) - LinearExpression(variable: value))
        #expect(!set.allows(LinearExpression(variable: copy, plus: -1), ConstraintSolver(timeLimit: nil)))
    }
}
