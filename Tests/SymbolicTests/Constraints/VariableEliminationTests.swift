import TestSupport
import Testing

@testable import Symbolic

/// What is left when variables are taken out has just the points that the others had.
@Suite struct VariableEliminationTests {
    private static let size = 6

    /// Whether numbers for all variables satisfy a set.
    private static func holds(_ set: ConstraintSet, _ point: [Int]) -> Bool {
        set.all.allSatisfy { constraint in
            constraint.summands.reduce(constraint.constant) { $0 + $1.coefficient * Int128(point[$1.variable]) } <= 0
        }
    }

    private static func points(_ count: Int) -> [[Int]] {
        count == 0 ? [[]] : points(count - 1).flatMap { point in (0..<size).map { point + [$0] } }
    }

    @Test(arguments: [false, true]) func randomSetsKeepTheirShadow(hasSum: Bool) {
        var random = SplitMix64(seed: 7)
        var (exact, withOthers) = (0, 0)
        for _ in 0..<300 {
            var set = ConstraintSet()
            for _ in 0..<4 { _ = set.addVariable(in: 0...Int128(Self.size - 1)) }
            var points = Set(Self.points(4))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                var expression = LinearExpression(Int128(Int.random(in: -4...4, using: &random)))
                for variable in 0..<4 where Bool.random(using: &random) {
                    let coefficient = Int128([-2, -1, -1, 1, 1, 2].randomElement(using: &random) ?? 1)
                    expression = expression + LinearExpression(variable: variable) * coefficient
                }
                var tighter = set
                tighter.assume(expression)
                let kept = points.filter { Self.holds(tighter, $0) }
                if kept.isEmpty { continue }
                (set, points) = (tighter, kept)
            }
            if !set.others.isEmpty { withOthers += 1 }
            var elimination = VariableElimination(set)
            var wanted = [LinearExpression(variable: 2, plus: 1), LinearExpression(variable: 0)]
            if hasSum {
                // Of a variable that nothing else needs, one that may be needed, and perhaps one that is cut.
                wanted[1] = LinearExpression(variable: 1) - LinearExpression(variable: [0, 2].randomElement(using: &random) ?? 0) + 3
                if Bool.random(using: &random) { wanted[1] = wanted[1] + LinearExpression(variable: 3) * 2 }
            }
            let values = wanted.map { elimination.keep($0) }
            let result = elimination.finish()
            let expected = Set(
                points.map { point in
                    wanted.map { value in
                        value.summands.reduce(Int(value.constant)) { $0 + Int($1.coefficient) * point[$1.variable] }
                    }
                })
            // Variables that could not be taken out are still there: some number for each must do.
            var found: Set<[Int]> = []
            let range = (0..<result.zone.count).map { result.zone.range(of: $0) }
            func search(_ point: [Int]) {
                if point.count == range.count {
                    guard Self.holds(result, point) else { return }
                    found.insert(
                        values.map { value in
                            Int(value.summands.reduce(value.constant) { $0 + $1.coefficient * Int128(point[$1.variable]) })
                        })
                    return
                }
                for number in range[point.count] { search(point + [Int(number)]) }
            }
            search([])
            #expect(found == expected)
            if result.zone.count <= 2 { exact += 1 }
        }
        #expect(exact > 100 && withOthers > 50)
    }
}
