import Automata

/// The values of a symbolic state that may be terms, apart from what is known of their variables: which of them are constants,
/// and which are a variable plus a constant. States by the thousands have the same.
final class Structure {
    let number: Int
    /// In the order of their places.
    let values: [TermValue]
    /// Whether each value is a constant, or a variable plus a constant, and each variable is a value but for a constant.
    let isOfDifferences: Bool
    /// The values as expressions.
    private let expressions: [LinearExpression]
    /// For each value that is a variable plus a constant, the variable, and that constant; a constant is of variable -1.
    private let variables: [Int]
    private let shifts: [Int128]
    /// Bit by bit, which values are constants.
    private let constantMask: [UInt64]
    /// The places of values that are constants, and of the others, without those that define a variable.
    private let constants: [Int]
    private let others: [Int]
    /// For each variable, the first value that is that variable plus a constant; nil if there is none.
    private let definitions: [Int?]

    init(_ values: [TermValue], variableCount: Int, number: Int, _ terms: TermTable) {
        self.number = number
        self.values = values
        expressions = values.map(terms.expression(of:))
        constants = values.indices.filter { [expressions] in expressions[$0].isConstant }
        variables = expressions.map { $0.isConstant ? -1 : $0.soleVariable ?? -2 }
        shifts = expressions.map(\.constant)
        var mask = [UInt64](repeating: 0, count: (values.count + 63) / 64)
        for place in constants { mask[place / 64] |= 1 << UInt64(place % 64) }
        constantMask = mask
        var definitions = [Int?](repeating: nil, count: variableCount)
        for (place, expression) in expressions.enumerated() {
            if let variable = expression.soleVariable, definitions[variable] == nil { definitions[variable] = place }
        }
        self.definitions = definitions
        others = values.indices.filter { [expressions] in !expressions[$0].isConstant && !definitions.contains($0) }
        isOfDifferences =
            expressions.allSatisfy { $0.isConstant || $0.soleVariable != nil } && definitions.allSatisfy { $0 != nil }
    }

    /// Whether every value that is a constant here is the same in another structure.
    private func hasConstants(of other: Structure) -> Bool {
        for (mask, theirs) in zip(constantMask, other.constantMask) where mask & ~theirs != 0 { return false }
        for place in constants where values[place] != other.values[place] { return false }
        return true
    }

    /// What the variables of this structure are in another, if all values of the other are what they then have to be; both are
    /// structures of differences.
    func coordinates(in other: Structure) -> [Zone.Coordinate]? {
        guard hasConstants(of: other) else { return nil }
        for place in others {
            guard let definition = definitions[variables[place]] else { return nil }
            if other.variables[place] != other.variables[definition]
                || other.shifts[place] - other.shifts[definition] != shifts[place] - shifts[definition]
            {
                return nil
            }
        }
        return definitions.map { definition in
            let place = definition ?? 0
            let variable = other.variables[place]
            return Zone.Coordinate(variable: variable < 0 ? nil : variable, constant: other.shifts[place] - shifts[place])
        }
    }

    /// What the variables of this structure are in another, if all values of the other are what they then have to be.
    func expressions(in other: Structure) -> [LinearExpression]? {
        guard hasConstants(of: other) else { return nil }
        var variables: [LinearExpression] = []
        for place in definitions {
            guard let place else { return nil }
            variables.append(other.expressions[place] + -expressions[place].constant)
        }
        for place in others {
            let expression = expressions[place]
            let expected =
                if let variable = expression.soleVariable { variables[variable] + expression.constant } else {
                    expression.substituting { variables[$0] }
                }
            if expected != other.expressions[place] { return nil }
        }
        return variables
    }

    /// The places in a vector that these values go to have them again.
    func write(to bytes: inout [UInt8], at offsets: [Int]) {
        for (offset, value) in zip(offsets, values) { bytes.setValue(value, at: offset) }
    }
}

/// All structures there are, and how they go together.
final class StructureTable {
    /// How the variables of one structure are found in another.
    enum Relation {
        case none
        case differences([Zone.Coordinate])
        case expressions([LinearExpression])

        var isPossible: Bool { if case .none = self { false } else { true } }
    }

    private struct Key: Hashable {
        var values: [TermValue]
        var variableCount: Int
    }

    private let terms: TermTable
    private var structures: [Key: Structure] = [:]

    init(terms: TermTable) { self.terms = terms }

    /// The structure with these values.
    func structure(of values: [TermValue], variableCount: Int) -> Structure {
        let key = Key(values: values, variableCount: variableCount)
        if let known = structures[key] { return known }
        let structure = Structure(values, variableCount: variableCount, number: structures.count, terms)
        structures[key] = structure
        return structure
    }

    /// What the variables of a structure are in another.
    func relation(of one: Structure, to other: Structure) -> Relation {
        // Bounds of what is no difference of two variables need not be the tightest.
        guard one.isOfDifferences, other.isOfDifferences else {
            return one.expressions(in: other).map { .expressions($0) } ?? .none
        }
        return one.coordinates(in: other).map { .differences($0) } ?? .none
    }
}
