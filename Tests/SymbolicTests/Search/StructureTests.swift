import Automata
import TestSupport
import Testing

@testable import Symbolic

@Suite struct StructureTests {
    /// Values in which each variable is numbered by the first place that is it.
    private static func randomValues(_ terms: TermTable, _ generator: inout SplitMix64) -> (values: [TermValue], variables: Int) {
        var variables = 0
        let values = (0..<5).map { _ in
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: return TermValue(bits: Int64.random(in: 0..<2, using: &generator))
            case 1 where variables > 0:
                let variable = Int.random(in: 0..<variables, using: &generator)
                return terms.value(ofVariable: variable, plus: Int128.random(in: 0..<2, using: &generator))
            default:
                variables += 1
                return terms.value(ofVariable: variables - 1, plus: 0)
            }
        }
        return (values, variables)
    }

    /// The values where the variables are these numbers.
    private static func numbers(_ structure: Structure, _ terms: TermTable, _ variables: [Int128]) -> [Int128] {
        structure.values.map { value in terms.expression(of: value).substituting { LinearExpression(variables[$0]) }.constant }
    }

    /// Whether the values of one structure can be those numbers.
    private static func canBe(_ numbers: [Int128], _ structure: Structure, _ terms: TermTable) -> Bool {
        var variables = [Int128?](repeating: nil, count: structure.variableCount)
        for (number, value) in zip(numbers, structure.values) {
            let expression = terms.expression(of: value)
            guard let variable = expression.soleVariable else {
                if expression.constant != number { return false }
                continue
            }
            if let known = variables[variable], known != number - expression.constant { return false }
            variables[variable] = number - expression.constant
        }
        return true
    }

    @Test("differences of places that a structure does not have are not its")
    func lengths() {
        let terms = TermTable()
        let table = StructureTable(terms: terms)
        let (one, next) = (terms.value(ofVariable: 0, plus: 0), terms.value(ofVariable: 0, plus: 1))
        let short = table.structure(of: [one], variableCount: 1)
        let long = table.structure(of: [one, next], variableCount: 1)
        for structure in [short, long] { table.completeOutline(of: structure) }
        #expect(!table.outlines[long.number].mayInclude(table.outlines[short.number]))
        #expect(table.outlines[long.number].mayInclude(table.outlines[long.number]))
    }

    @Test("one structure has its variables in another just when its values can be all that the other's can be",
        arguments: [0, 300])
    func coordinates(constantsBefore: Int) {
        let terms = TermTable()
        let table = StructureTable(terms: terms)
        // So many that no bits are left for those that follow.
        for constant in 0..<constantsBefore {
            _ = table.structure(of: [TermValue(bits: Int64(constant + 100))], variableCount: 0)
        }
        var generator = SplitMix64(seed: 11)
        var found = 0
        for _ in 0..<20_000 {
            let (one, oneCount) = Self.randomValues(terms, &generator)
            let (other, otherCount) = Self.randomValues(terms, &generator)
            let above = table.structure(of: one, variableCount: oneCount)
            let below = table.structure(of: other, variableCount: otherCount)
            // Numbers that have nothing to do with each other, nor with the constants.
            let variables = (0..<otherCount).map { _ in Int128.random(in: 1_000..<1_000_000_000_000, using: &generator) }
            let numbers = Self.numbers(below, terms, variables)
            var coordinates: [Zone.Coordinate] = []
            // Of what is not known yet, all is possible.
            let mayBeAbove = table.outlines[above.number].mayInclude(table.outlines[below.number])
            table.completeOutline(of: below)
            let isOutlineAbove = table.outlines[above.number].mayInclude(table.outlines[below.number])
            let isAbove = isOutlineAbove && above.findCoordinates(in: below, table.constants, &coordinates)
            #expect(mayBeAbove || !isAbove)
            #expect(isAbove == Self.canBe(numbers, above, terms), "\(one) and \(other)")
            let isAboveByExpressions = isOutlineAbove && above.expressions(in: below, terms) != nil
            #expect(isAbove == isAboveByExpressions)
            if isAbove {
                found += 1
                let own = coordinates.map { ($0.variable.map { variables[$0] } ?? 0) + $0.constant }
                #expect(Self.numbers(above, terms, own) == numbers)
                #expect(above.expressions(in: below, terms) == coordinates.map(\.expression))
            }
        }
        #expect(found > 100)
    }

    @Test("equal values are one structure")
    func equalValues() {
        let terms = TermTable()
        let table = StructureTable(terms: terms)
        for round in 0..<2 {
            for constant in 0..<5_000 {
                let values = [TermValue(bits: Int64(constant)), terms.value(ofVariable: 0, plus: 0)]
                #expect(table.structure(of: values, variableCount: 1).number == constant, "round \(round)")
            }
        }
        #expect(table.structure(of: [TermValue(bits: 0)], variableCount: 0).number == 5_000)
    }
}
