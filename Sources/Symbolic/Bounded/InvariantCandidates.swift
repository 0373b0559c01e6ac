/// Something simple that is true or false in a state.
enum StateAtom: Hashable {
    case isAt(slot: Int, type: Int, location: Int)
    case hasValue(cell: Int, value: Int64)
    case differs(cell: Int, value: Int64)
    case isAbove(cell: Int, value: Int64)
    case isAtMost(cell: Int, other: Int)

    /// Whether it is true in a state.
    func term(_ state: Execution) -> Term {
        let algebra = state.algebra
        switch self {
        case .isAt(let slot, let type, let location):
            return algebra.and(
                state.isAlive(slot, ofType: type),
                algebra.equal(state.cells[state.schema.slots[slot].location], .constant(Int64(location))))
        case .hasValue(let cell, let value):
            return algebra.equal(state.cells[cell], .constant(value))
        case .differs(let cell, let value):
            return algebra.not(algebra.equal(state.cells[cell], .constant(value)))
        case .isAbove(let cell, let value):
            let isUnsigned = !state.schema.cells[cell].isSigned
            return algebra.less(.constant(value), state.cells[cell], orEqual: false, isUnsigned: isUnsigned)
        case .isAtMost(let cell, let other):
            let isUnsigned = !state.schema.cells[cell].isSigned
            return algebra.less(state.cells[cell], state.cells[other], orEqual: true, isUnsigned: isUnsigned)
        }
    }
}

/// Something that may hold in every state: not all of some atoms are true at once.
struct InvariantCandidate: Hashable {
    /// Indices into the atoms.
    var conflicting: [Int]
}

/// Guesses at what holds in every state: which places exclude each other, and which values of small variables, and how large
/// variables compare.
struct InvariantCandidates {
    private(set) var atoms: [StateAtom] = []
    private(set) var candidates: [InvariantCandidate] = []

    /// Kinds of guesses that come to more than this are left out.
    private static let limit = 3000

    init(_ domain: InductionDomain) {
        let schema = domain.schema
        var places: [(subject: Int, atom: Int)] = []
        for (slot, types) in domain.whereabouts.enumerated() {
            for type in types.keys.sorted() {
                for location in (types[type] ?? []).sorted() {
                    places.append((slot, add(.isAt(slot: slot, type: type, location: location))))
                }
            }
        }
        let headers = Set(schema.slots.flatMap { [$0.type, $0.location] } + [schema.lastPid])
        var values: [(subject: Int, atom: Int)] = []
        var large: [Int] = []
        for cell in schema.cells.indices where !headers.contains(cell) {
            guard let own = domain.smallValues(of: cell, limit: cell == schema.control ? ProcessSlots.limit + 1 : 4) else {
                if schema.cells[cell].width > 1 { large.append(cell) }
                continue
            }
            if own.count > 1 { for value in own { values.append((cell, add(.hasValue(cell: cell, value: value)))) } }
        }
        // What counts something goes from its first value to the next.
        var counts: [Int] = []
        for cell in large where schema.cells[cell].width <= 32 {
            let first = domain.start[cell]
            for value in first...first + 1 {
                counts += [add(.differs(cell: cell, value: value)), add(.isAbove(cell: cell, value: value))]
            }
        }
        var comparisons: [Int] = []
        for one in large {
            for other in large where other != one && schema.cells[one].isSigned == schema.cells[other].isSigned {
                comparisons.append(add(.isAtMost(cell: one, other: other)))
                if comparisons.count > 400 { break }
            }
        }
        // Two places; a place and a value; and so on, the simple ones first.
        let (place, value) = (places.map { [$0.atom] }, values.map { [$0.atom] })
        let (count, comparison) = (counts.map { [$0] }, comparisons.map { [$0] })
        let pairs = Self.pairs(places)
        let valuePairs = Self.pairs(values)
        for single in [pairs, valuePairs, count, comparison] { add(single, [[]]) }
        for (one, other) in [
            (place, value), (place, count), (value, count), (place, comparison), (pairs, value), (pairs, count),
            (valuePairs, place),
        ] { add(one, other) }
    }

    /// Two atoms each that are not about the same slot or cell; none if there are too many.
    private static func pairs(_ atoms: [(subject: Int, atom: Int)]) -> [[Int]] {
        guard atoms.count * atoms.count / 2 <= limit else { return [] }
        return atoms.enumerated().flatMap { index, one in
            atoms[..<index].filter { $0.subject != one.subject }.map { [one.atom, $0.atom] }
        }
    }

    private mutating func add(_ atom: StateAtom) -> Int {
        atoms.append(atom)
        return atoms.count - 1
    }

    private mutating func add(_ ones: [[Int]], _ others: [[Int]]) {
        guard ones.count * others.count <= Self.limit else { return }
        candidates += ones.flatMap { one in others.map { InvariantCandidate(conflicting: one + $0) } }
    }

    /// Keeps only some of the candidates.
    mutating func keep(where isKept: (InvariantCandidate) -> Bool) { candidates.removeAll { !isKept($0) } }
}
