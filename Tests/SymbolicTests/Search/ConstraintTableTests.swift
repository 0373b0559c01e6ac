import TestSupport
import Testing

@testable import Symbolic

@Suite struct ConstraintTableTests {
    /// `x ≤ bound`, and `x + y ≤ sum` if that is given.
    private func makeSet(bound: Int, sum: Int?) -> ConstraintSet {
        var set = ConstraintSet()
        let (x, y) = (set.addVariable(in: 0...1_000_000), set.addVariable(in: 0...1_000_000))
        set.assume(LinearExpression(variable: x, plus: -Int128(bound)))
        if let sum { set.assume(LinearExpression(variable: x) + LinearExpression(variable: y) + -Int128(sum)) }
        return set
    }

    @Test("equal sets have one number, others have others, and each is found again as it was")
    func numbers() {
        let table = ConstraintTable()
        let sets = (0..<3_000).flatMap { [makeSet(bound: $0, sum: nil), makeSet(bound: $0, sum: $0 + 1)] }
        let numbers = sets.map { table.number(of: $0) }
        #expect(numbers == Array(sets.indices))
        let bytes = table.byteCount
        #expect(sets.map { table.number(of: $0) } == numbers)
        #expect(table.byteCount == bytes)
        for (number, set) in sets.enumerated() {
            #expect(table[number] == set)
            #expect(table.isZone(number) == set.others.isEmpty)
            #expect(Zone(table.zone(number)) == set.zone)
        }
    }

    @Test("sets that are only different in what is no difference have different numbers")
    func others() {
        let table = ConstraintTable()
        #expect(table.number(of: makeSet(bound: 5, sum: 7)) != table.number(of: makeSet(bound: 5, sum: 8)))
        #expect(table.number(of: makeSet(bound: 5, sum: nil)) != table.number(of: makeSet(bound: 5, sum: 8)))
    }
}
