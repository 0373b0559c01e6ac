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

    /// What rules out at a glance that the variables of one structure are found in another.
    struct Outline {
        typealias BitSet = SIMD4<UInt64>

        /// Constants that it has at places.
        fileprivate(set) var constants = BitSet()
        /// Differences of two values that it always has.
        fileprivate(set) var differences = BitSet()
        /// The differences that values may have which are its values: all but those that it has been found not to have.
        fileprivate(set) var possible = BitSet(repeating: .max)

        /// False only if values of the other are not values of this.
        @inline(__always)
        func mayInclude(_ other: Outline) -> Bool {
            constants & other.constants == constants && differences & other.possible == differences
        }
    }

    let number: Int
    /// In the order of their places.
    let values: UnsafeBufferPointer<TermValue>
    /// Whether each value is a constant, or a variable plus a constant, and each variable is a value but for a constant.
    let isOfDifferences: Bool
    let variableCount: Int
    /// The places, and behind them in the same memory, as what is not the same is found out with few misses of the cache: those of
    /// constants that have no bit, of values that define a variable (by variable; -1 where none does), and of the others.
    fileprivate let places: UnsafePointer<Place>
    private let order: UnsafePointer<Int32>
    private let constantCount: Int
    private let otherCount: Int

    fileprivate init(
        number: Int, values: [TermValue], places: [Place], constants: [Int32], definitions: [Int32], others: [Int32]
    ) {
        self.number = number
        let copy = UnsafeMutableBufferPointer<TermValue>.allocate(capacity: values.count)
        _ = copy.initialize(from: values)
        self.values = UnsafeBufferPointer(copy)
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

    /// What one value less another is.
    fileprivate struct Difference: Hashable {
        var place: Int
        var other: Int
        var constant: Int128
    }

    /// Whether it always has a difference. It may have fewer places.
    fileprivate func has(_ difference: Difference, _ terms: TermTable) -> Bool {
        guard max(difference.place, difference.other) < values.count else { return false }
        let (one, other) = (values[difference.place], values[difference.other])
        return terms.expression(of: one) - terms.expression(of: other) == LinearExpression(difference.constant)
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
    /// Their outlines, by their numbers.
    private(set) var outlines: [Structure.Outline] = []
    /// For how many of the differences it is known whether each has them.
    private var knownDifferences: [Int] = []
    /// The constants of places, by their numbers.
    private var shifts = NumberedValues<Int128>()
    private var slots = HashSlots()
    /// The first constants, and the first differences, by their bits.
    private var constantBits = NumberedValues<Constant>()
    private var differences = NumberedValues<Structure.Difference>()
    private static let bitCount = Structure.Outline.BitSet.scalarCount * UInt64.bitWidth
    private var memory = 0

    init(terms: TermTable) { self.terms = terms }

    deinit { for structure in structures { structure.deallocate() } }

    /// The constants of places, by their numbers.
    var constants: [Int128] { shifts.values }

    /// Bytes that all this takes, about.
    var byteCount: Int {
        memory + structures.capacity * MemoryLayout<Structure>.stride
            + outlines.capacity * (MemoryLayout<Structure.Outline>.stride + MemoryLayout<Int>.stride) + slots.byteCount
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
            memory += structure.byteCount
            return structure
        }
    }

    private static func hash(_ values: UnsafeRawBufferPointer, _ variableCount: Int) -> UInt64 {
        (values.baseAddress.map { StateHash.hash($0, count: values.count) } ?? 0) &+ UInt64(variableCount)
    }

    private func makeStructure(_ values: [TermValue], _ variableCount: Int) -> Structure {
        var outline = Structure.Outline()
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
                if let bit = constantBits.number(of: Constant(place: index, value: value), below: Self.bitCount) {
                    outline.constants[bit / 64] |= 1 << UInt64(bit % 64)
                } else {
                    constants.append(Int32(index))
                }
            } else if let variable, definitions[variable] < 0 {
                definitions[variable] = Int32(index)
            } else {
                others.append(Int32(index))
                guard let variable, definitions[variable] >= 0 else { continue }
                let other = Int(definitions[variable])
                let constant = expression.constant - terms.expression(of: values[other]).constant
                let difference = Structure.Difference(place: index, other: other, constant: constant)
                if let bit = differences.number(of: difference, below: Self.bitCount) {
                    outline.differences[bit / 64] |= 1 << UInt64(bit % 64)
                }
            }
        }
        outlines.append(outline)
        knownDifferences.append(0)
        return Structure(
            number: structures.count, values: values, places: places, constants: constants, definitions: definitions, others: others)
    }

    /// Finds out which of the differences that others have always a structure has not.
    func completeOutline(of structure: Structure) {
        let number = structure.number
        while knownDifferences[number] < differences.count {
            let bit = knownDifferences[number]
            if !structure.has(differences[bit], terms) { outlines[number].possible[bit / 64] &= ~(1 << UInt64(bit % 64)) }
            knownDifferences[number] += 1
        }
    }
}
