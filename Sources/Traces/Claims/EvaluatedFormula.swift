import Automata
import Promela

/// A formula with its truth at each position of a run, and so are all its parts: what an explanation is made from.
///
/// Truth has three values: nil where it depends on how a path goes on, of which only the beginning is known.
struct EvaluatedFormula {
    var node: Formula.Node
    var operands: [EvaluatedFormula]
    var values: [Bool?]
    /// Its propositions, by their place in the formula from left to right.
    var leaves: Range<Int>

    /// Whether it speaks of one state only.
    var isOfState: Bool {
        switch node {
        case .proposition: true
        case .not, .and, .or, .implies, .equivalent: operands.allSatisfy(\.isOfState)
        case .always, .eventually, .next, .until, .weakUntil, .release: false
        }
    }

    /// The propositions in it, from left to right.
    var expressions: [Expression] {
        if case .proposition(let expression) = node { return [expression] }
        return operands.flatMap(\.expressions)
    }

    /// Evaluates a formula.
    /// - Parameters:
    ///   - root: the formula.
    ///   - letters: the valuation at each position.
    ///   - loopStart: the position that follows on the last one, if any does.
    ///   - table: the propositions that the valuations are of.
    init(_ root: Formula.Node, of program: Program, on letters: [UInt64], loopStart: Int?, table: PropositionTable) {
        var evaluation = FormulaEvaluation(program: program, letters: letters, loopStart: loopStart, table: table)
        self = evaluation.evaluated(root)
    }

    fileprivate init(node: Formula.Node, operands: [EvaluatedFormula], values: [Bool?], leaves: Range<Int>) {
        self.node = node
        self.operands = operands
        self.values = values
        self.leaves = leaves
    }
}

private struct FormulaEvaluation {
    let program: Program
    let letters: [UInt64]
    let loopStart: Int?
    var table: PropositionTable
    var leafCount = 0

    mutating func evaluated(_ node: Formula.Node) -> EvaluatedFormula {
        let start = leafCount
        let values: [Bool?]
        var operands: [EvaluatedFormula] = []
        if case .proposition(let expression) = node {
            leafCount += 1
            // Logical operators inside an expression are operators of the formula to those who made the valuations.
            let formula = LinearFormula(.proposition(expression), of: program, propositions: &table)
            values = letters.map { Self.value(of: formula, on: $0) }
        } else {
            for operand in node.operands { operands.append(evaluated(operand)) }
            values = self.values(of: node, operands.map(\.values))
        }
        return EvaluatedFormula(node: node, operands: operands, values: values, leaves: start..<leafCount)
    }

    /// The truth of a formula from that of its operands: of temporal ones by the equation that unfolds them by one step, for
    /// `[]`, `W` and `V` its greatest solution and for `<>` and `U` its smallest.
    private func values(of node: Formula.Node, _ operands: [[Bool?]]) -> [Bool?] {
        let (first, second) = (operands.first ?? [], operands.last ?? [])
        func pointwise(_ combine: (Bool?, Bool?) -> Bool?) -> [Bool?] { zip(first, second).map { combine($0, $1) } }
        switch node {
        case .proposition: return []
        case .not: return first.map { $0.map(!) }
        case .and: return pointwise(Self.and)
        case .or: return pointwise(Self.or)
        case .implies: return pointwise { Self.or($0.map(!), $1) }
        case .equivalent:
            return pointwise { one, other in
                guard let one, let other else { return nil }
                return one == other
            }
        case .next: return letters.indices.map { index in position(after: index).flatMap { first[$0] } }
        case .always: return solution(startingWith: true) { Self.and(first[$0], $1) }
        case .eventually: return solution(startingWith: false) { Self.or(first[$0], $1) }
        case .until: return solution(startingWith: false) { Self.or(second[$0], Self.and(first[$0], $1)) }
        case .weakUntil: return solution(startingWith: true) { Self.or(second[$0], Self.and(first[$0], $1)) }
        case .release: return solution(startingWith: true) { Self.and(second[$0], Self.or(first[$0], $1)) }
        }
    }

    private func position(after index: Int) -> Int? {
        index + 1 < letters.count ? index + 1 : loopStart
    }

    private func solution(startingWith start: Bool, _ equation: (Int, Bool?) -> Bool?) -> [Bool?] {
        var values: [Bool?] = Array(repeating: start, count: letters.count)
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in letters.indices.reversed() {
                let value = equation(index, position(after: index).flatMap { values[$0] })
                if value != values[index] {
                    values[index] = value
                    hasChanged = true
                }
            }
        }
        return values
    }

    private static func and(_ one: Bool?, _ other: Bool?) -> Bool? {
        if one == false || other == false { return false }
        return one == nil || other == nil ? nil : true
    }

    private static func or(_ one: Bool?, _ other: Bool?) -> Bool? {
        if one == true || other == true { return true }
        return one == nil || other == nil ? nil : false
    }

    private static func value(of formula: LinearFormula, on letter: UInt64) -> Bool? {
        switch formula {
        case .constant(let value): value
        case .proposition(let index): letter >> UInt64(index) & 1 != 0
        case .not(let operand): value(of: operand, on: letter).map(!)
        case .and(let left, let right): and(value(of: left, on: letter), value(of: right, on: letter))
        case .or(let left, let right): or(value(of: left, on: letter), value(of: right, on: letter))
        // Expressions have no other operators.
        default: nil
        }
    }
}
