import Automata

/// The values of a symbolic state that may be terms, apart from what is known of their variables: which of them are constants,
/// and which are a variable plus a constant. States by the thousands have the same.
final class Structure {
    /// A value that is a variable plus a constant, or a constant alone.
    private struct Place {
        /// -1 for a constant, -2 for a value that is neither.
        var variable: Int32
        var shift: Int128
    }

    /// A set of constants at places, as bits: where one structure's set is not part of another's, its constants are not either.
    typealias ConstantSet = SIMD4<UInt64>

    let number: Int
    /// In the order of their places.
    let values: [TermValue]
    /// Whether each value is a constant, or a variable plus a constant, and each variable is a value but for a constant.
    let isOfDifferences: Bool
    let constantSet: ConstantSet
    let variableCount: Int
    private let places: UnsafeMutablePointer<Place>
    /// The places of constants, of values that define a variable (by variable; -1 where none does), and of the others: one behind
    /// the other.
    private let order: UnsafeMutablePointer<Int32>
    private let constantCount: Int
    private let otherCount: Int

    init(_ values: [TermValue], variableCount: Int, number: Int, _ constantSet: ConstantSet, _ terms: TermTable) {
        self.number = number
        self.values = values
        self.variableCount = variableCount
        self.constantSet = constantSet
        places = .allocate(capacity: max(1, values.count))
        var definitions = [Int32](repeating: -1, count: variableCount)
        var (constants, others): ([Int32], [Int32]) = ([], [])
        var isOfDifferences = true
        for (index, value) in values.enumerated() {
            let expression = terms.expression(of: value)
            let variable = expression.soleVariable
            if expression.isConstant {
                constants.append(Int32(index))
            } else if let variable, definitions[variable] < 0 {
                definitions[variable] = Int32(index)
            } else {
                others.append(Int32(index))
            }
            if !expression.isConstant, variable == nil { isOfDifferences = false }
            (places + index).initialize(
                to: Place(variable: expression.isConstant ? -1 : variable.map { Int32($0) } ?? -2, shift: expression.constant))
        }
        self.isOfDifferences = isOfDifferences && !definitions.contains(-1)
        order = .allocate(capacity: max(1, values.count + variableCount))
        for (index, place) in (constants + definitions + others).enumerated() { (order + index).initialize(to: place) }
        (constantCount, otherCount) = (constants.count, others.count)
    }

    deinit {
        places.deallocate()
        order.deallocate()
    }

    private func definition(_ variable: Int) -> Int { Int(order[constantCount + variable]) }

    /// Whether every value that is a constant here is the same in another structure.
    private func hasConstants(of other: Structure) -> Bool {
        for index in 0..<constantCount {
            let (one, two) = (places[Int(order[index])], other.places[Int(order[index])])
            if two.variable != -1 || one.shift != two.shift { return false }
        }
        return true
    }

    /// Finds out what the variables of this structure are in another, if all values of the other are what they then have to be;
    /// both are structures of differences.
    /// - Returns: false if they are not.
    func findCoordinates(in other: Structure, _ coordinates: inout [Zone.Coordinate]) -> Bool {
        guard hasConstants(of: other) else { return false }
        let others = order + constantCount + variableCount
        for index in 0..<otherCount {
            let place = Int(others[index])
            let definition = definition(Int(places[place].variable))
            let (one, two) = (other.places[place], other.places[definition])
            if one.variable != two.variable || one.shift - two.shift != places[place].shift - places[definition].shift {
                return false
            }
        }
        coordinates.removeAll(keepingCapacity: true)
        for variable in 0..<variableCount {
            let place = definition(variable)
            let theirs = other.places[place]
            coordinates.append(
                Zone.Coordinate(
                    variable: theirs.variable < 0 ? nil : Int(theirs.variable), constant: theirs.shift - places[place].shift))
        }
        return true
    }

    /// What the variables of this structure are in another, if all values of the other are what they then have to be.
    func expressions(in other: Structure, _ terms: TermTable) -> [LinearExpression]? {
        guard hasConstants(of: other) else { return nil }
        var variables: [LinearExpression] = []
        for variable in 0..<variableCount {
            let place = definition(variable)
            guard place >= 0 else { return nil }
            variables.append(terms.expression(of: other.values[place]) + -places[place].shift)
        }
        for place in values.indices where places[place].variable != -1 {
            let expected = terms.expression(of: values[place]).substituting { variables[$0] }
            if expected != terms.expression(of: other.values[place]) { return nil }
        }
        return variables
    }

    /// Bytes that this takes.
    var byteCount: Int {
        160 + values.count * (MemoryLayout<TermValue>.stride + MemoryLayout<Place>.stride + MemoryLayout<Int32>.stride)
            + variableCount * MemoryLayout<Int32>.stride
    }
}

/// All structures there are.
final class StructureTable {
    private struct Key: Hashable {
        var values: [TermValue]
        var variableCount: Int
    }

    private struct Constant: Hashable {
        var place: Int
        var value: TermValue
    }

    let terms: TermTable
    private(set) var structures: [Structure] = []
    /// The sets of their constants, by their numbers.
    private(set) var constantSets: [Structure.ConstantSet] = []
    private var numbers: [Key: Int] = [:]
    private var constants: [Constant: Int] = [:]
    /// Bytes that all this takes, about.
    private(set) var byteCount = 0

    init(terms: TermTable) { self.terms = terms }

    /// The structure with these values.
    func structure(of values: [TermValue], variableCount: Int) -> Structure {
        let key = Key(values: values, variableCount: variableCount)
        if let known = numbers[key] { return structures[known] }
        let structure = Structure(
            values, variableCount: variableCount, number: structures.count, constantSet(of: values), terms)
        numbers[key] = structure.number
        structures.append(structure)
        constantSets.append(structure.constantSet)
        byteCount += structure.byteCount + 96
        return structure
    }

    /// Constants beyond the first share bits, so that sets may seem to be part of others that are not.
    private func constantSet(of values: [TermValue]) -> Structure.ConstantSet {
        var result = Structure.ConstantSet()
        for (place, value) in values.enumerated() where terms.expression(of: value).isConstant {
            let constant = Constant(place: place, value: value)
            let bit = constants[constant] ?? constants.count % 256
            if constants[constant] == nil { constants[constant] = bit }
            result[bit / 64] |= 1 << UInt64(bit % 64)
        }
        return result
    }
}
