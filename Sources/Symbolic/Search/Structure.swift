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
        /// The number of the constant: equal numbers, equal constants.
        var shift: UInt32
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
    /// The places, and behind them in the same memory, as what is not the same is found out with few misses of the cache: those of
    /// constants that have no bit, of values that define a variable (by variable; -1 where none does), and of the others.
    fileprivate let places: UnsafePointer<Place>
    private let order: UnsafePointer<Int32>
    private let constantCount: Int
    private let otherCount: Int

    fileprivate init(
        number: Int, values: [TermValue], places: [Place], constantSet: ConstantSet, constants: [Int32], definitions: [Int32],
        others: [Int32]
    ) {
        self.number = number
        let copy = UnsafeMutableBufferPointer<TermValue>.allocate(capacity: values.count)
        _ = copy.initialize(from: values)
        self.values = UnsafeBufferPointer(copy)
        self.constantSet = constantSet
        variableCount = definitions.count
        (constantCount, otherCount) = (constants.count, others.count)
        isOfDifferences = !places.contains { $0.variable == -2 } && !definitions.contains(-1)
        let indices = constants + definitions + others
        let placeBytes = places.count * MemoryLayout<Place>.stride
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: placeBytes + indices.count * MemoryLayout<Int32>.stride, alignment: MemoryLayout<Place>.alignment)
        self.places = UnsafePointer(memory.initializeMemory(as: Place.self, from: places, count: places.count))
        order = UnsafePointer(
            (memory + placeBytes).initializeMemory(as: Int32.self, from: indices, count: indices.count))
    }

    fileprivate func deallocate() {
        values.deallocate()
        UnsafeRawPointer(places).deallocate()
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
    /// - Parameter constants: the constants of places, by their numbers.
    /// - Returns: false if they are not.
    func findCoordinates(
        in other: Structure, _ constants: [Int128], _ coordinates: inout [Zone.Coordinate]
    ) -> Bool {
        guard hasConstants(of: other) else { return false }
        let others = order + constantCount + variableCount
        for index in 0..<otherCount {
            let place = Int(others[index])
            let definition = definition(Int(places[place].variable))
            let (one, two) = (other.places[place], other.places[definition])
            if one.variable != two.variable { return false }
            let (shift, ownShift) = (places[place].shift, places[definition].shift)
            if one.shift == two.shift, shift == ownShift { continue }
            let difference = constants[Int(one.shift)] - constants[Int(two.shift)]
            if difference != constants[Int(shift)] - constants[Int(ownShift)] { return false }
        }
        coordinates.removeAll(keepingCapacity: true)
        for variable in 0..<variableCount {
            let place = definition(variable)
            let theirs = other.places[place]
            coordinates.append(Zone.Coordinate(
                    variable: theirs.variable < 0 ? nil : Int(theirs.variable),
                    constant: constants[Int(theirs.shift)] - constants[Int(places[place].shift)]))
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
            variables.append(terms.expression(of: other.values[place]) + -terms.expression(of: values[place]).constant)
        }
        for place in values.indices where places[place].variable != -1 {
            let expected = terms.expression(of: values[place]).substituting { variables[$0] }
            if expected != terms.expression(of: other.values[place]) { return nil }
        }
        return variables
    }

    /// Bytes that this takes in memory of its own.
    fileprivate var byteCount: Int {
        32 + values.count * (MemoryLayout<TermValue>.stride + MemoryLayout<Place>.stride)
            + (constantCount + variableCount + otherCount) * MemoryLayout<Int32>.stride
    }
}

/// All structures there are.
final class StructureTable {
    private struct Constant: Hashable {
        var place: Int
        var value: TermValue
    }

    let terms: TermTable
    private(set) var structures: [Structure] = []
    /// The sets of their constants, by their numbers.
    private(set) var constantSets: [Structure.ConstantSet] = []
    /// The constants of places, by their numbers.
    private var shifts = NumberedValues<Int128>()
    private var slots = HashSlots()
    /// The bits of the first constants.
    private var bits: [Constant: Int] = [:]
    private var memory = 0

    init(terms: TermTable) { self.terms = terms }

    deinit { for structure in structures { structure.deallocate() } }

    /// The constants of places, by their numbers.
    var constants: [Int128] { shifts.values }

    /// Bytes that all this takes, about.
    var byteCount: Int {
        memory + structures.capacity * MemoryLayout<Structure>.stride
            + constantSets.capacity * MemoryLayout<Structure.ConstantSet>.stride + slots.byteCount
    }

    /// The structure with these values.
    func structure(of values: [TermValue], variableCount: Int) -> Structure {
        values.withUnsafeBytes { bytes in
            let hash = Self.hash(bytes, variableCount)
            let known = slots.first(hash) {
                structures[$0].variableCount == variableCount && structures[$0].values.elementsEqual(values)
            }
            if let known { return structures[known] }
            let structure = makeStructure(values, variableCount)
            slots.append(structure.number, hash) {
                Self.hash(UnsafeRawBufferPointer(structures[$0].values), structures[$0].variableCount)
            }
            structures.append(structure)
            constantSets.append(structure.constantSet)
            memory += structure.byteCount
            return structure
        }
    }

    private static func hash(_ values: UnsafeRawBufferPointer, _ variableCount: Int) -> UInt64 {
        (values.baseAddress.map { StateHash.hash($0, count: values.count) } ?? 0) &+ UInt64(variableCount)
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
                    variable: expression.isConstant ? -1 : variable.map { Int32($0) } ?? -2,
                    shift: UInt32(shifts.number(of: expression.constant))))
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
