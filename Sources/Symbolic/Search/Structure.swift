import Automata

/// The values of a symbolic state that may be terms, apart from what is known of their variables: which of them are constants,
/// and which are a variable plus a constant. States by the thousands have the same.
///
/// The memory is that of a `StructureTable`, and valid as long as that is.
struct Structure {
    /// A value that is a variable plus a constant, or a constant alone.
    fileprivate struct Place {
        /// -1 for a constant, -2 for a value that is neither.
        var variable: Int32
        var shift: Int128
    }

    /// A set of constants at places, as bits: where one structure's set is not part of another's, its constants are not either.
    typealias ConstantSet = SIMD4<UInt64>

    let number: Int
    /// In the order of their places.
    let values: UnsafeBufferPointer<TermValue>
    /// Whether each value is a constant, or a variable plus a constant, and each variable is a value but for a constant.
    let isOfDifferences: Bool
    let constantSet: ConstantSet
    let variableCount: Int
    fileprivate let places: UnsafePointer<Place>
    /// The places of constants that have no bit, of values that define a variable (by variable; -1 where none does), and of the
    /// others: one behind the other.
    private let order: UnsafePointer<Int32>
    private let constantCount: Int
    private let otherCount: Int

    fileprivate init(
        number: Int, values: [TermValue], places: [Place], constantSet: ConstantSet, constants: [Int32], definitions: [Int32],
        others: [Int32]
    ) {
        func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
            let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
            for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
            return memory
        }
        self.number = number
        self.values = UnsafeBufferPointer(start: copy(values), count: values.count)
        self.places = UnsafePointer(copy(places))
        self.constantSet = constantSet
        variableCount = definitions.count
        order = UnsafePointer(copy(constants + definitions + others))
        (constantCount, otherCount) = (constants.count, others.count)
        isOfDifferences = !places.contains { $0.variable == -2 } && !definitions.contains(-1)
    }

    fileprivate func deallocate() {
        values.deallocate()
        places.deallocate()
        order.deallocate()
    }

    @inline(__always)
    private func definition(_ variable: Int) -> Int { Int(order[constantCount + variable]) }

    /// Whether every value that is a constant without a bit is the same in another structure.
    @inline(__always)
    private func hasConstants(of other: Structure) -> Bool {
        for index in 0..<constantCount {
            let (one, two) = (places[Int(order[index])], other.places[Int(order[index])])
            if two.variable != -1 || one.shift != two.shift { return false }
        }
        return true
    }

    /// Finds out what the variables of this structure are in another, of whose constants this has no other, if all values of the
    /// other are what they then have to be; both are structures of differences.
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
            coordinates.append(Zone.Coordinate(
                    variable: theirs.variable < 0 ? nil : Int(theirs.variable), constant: theirs.shift - places[place].shift))
        }
        return true
    }

    /// What the variables of this structure are in another, of whose constants this has no other, if all values of the other are
    /// what they then have to be.
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
    fileprivate var byteCount: Int {
        MemoryLayout<Self>.stride + 48
            + values.count * (MemoryLayout<TermValue>.stride + MemoryLayout<Place>.stride + MemoryLayout<Int32>.stride)
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
    private var numbers: [Key: Int] = [:]
    /// The bits of the first constants.
    private var bits: [Constant: Int] = [:]
    /// Bytes that all this takes, about.
    private(set) var byteCount = 0

    init(terms: TermTable) { self.terms = terms }

    deinit { for structure in structures { structure.deallocate() } }

    /// The structure with these values.
    func structure(of values: [TermValue], variableCount: Int) -> Structure {
        let key = Key(values: values, variableCount: variableCount)
        if let known = numbers[key] { return structures[known] }
        numbers[key] = structures.count
        let structure = makeStructure(values, variableCount)
        structures.append(structure)
        byteCount += structure.byteCount + values.count * MemoryLayout<TermValue>.stride + 96
        return structure
    }

    private func makeStructure(_ values: [TermValue], _ variableCount: Int) -> Structure {
        var constantSet = Structure.ConstantSet()
        var definitions = [Int32](repeating: -1, count: variableCount)
        var (constants, others): ([Int32], [Int32]) = ([], [])
        var places: [Structure.Place] = []
        for (index, value) in values.enumerated() {
            let expression = terms.expression(of: value)
            let variable = expression.soleVariable
            places.append(
                Structure.Place(
                    variable: expression.isConstant ? -1 : variable.map { Int32($0) } ?? -2, shift: expression.constant))
            if expression.isConstant {
                if let bit = bit(of: Constant(place: index, value: value)) {
                    constantSet[bit / 64] |= 1 << UInt64(bit % 64)
                } else {
                    constants.append(Int32(index))
                }
            } else if let variable, definitions[variable] < 0 {
                definitions[variable] = Int32(index)
            } else {
                others.append(Int32(index))
            }
        }
        return Structure(
            number: structures.count, values: values, places: places, constantSet: constantSet, constants: constants,
            definitions: definitions, others: others)
    }

    /// The bit of a constant, as long as there are any.
    private func bit(of constant: Constant) -> Int? {
        if let known = bits[constant] { return known }
        let count = Structure.ConstantSet.scalarCount * UInt64.bitWidth
        guard bits.count < count else { return nil }
        bits[constant] = bits.count
        return bits.count - 1
    }
}
