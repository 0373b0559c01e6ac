import Automata
import Diagrams

/// The levels of decision diagrams for the states of a system: the fields of the state vector that have more than one value, in an
/// order that keeps diagrams small, and the ranks of their values.
struct DiagramVariables {
    /// For each level, the field.
    let fields: [Int]
    /// For each field, its level; nil where it has but one value.
    private let levels: [Int?]
    /// For each level, the values by their ranks.
    private(set) var values: [[UInt8]]
    /// For each level, the ranks of values.
    private var ranks: [[UInt8: Int]]
    /// The values of the fields that have but one.
    private let constants: [UInt8]

    init(_ table: LocalTransitionTable, _ transitions: [LocalTransition]) {
        let known = Self.knownValues(table, transitions)
        var variables: [Int?] = Array(repeating: nil, count: known.count)
        let fields = known.indices.filter { known[$0].count > 1 }
        for (variable, field) in fields.enumerated() { variables[field] = variable }
        var groups: Set<[Int]> = []
        for transition in transitions {
            let conditions = transition.conditions.map(\.field)
            for outcome in transition.outcomes {
                let group = Set((conditions + outcome.flatMap(\.fields)).compactMap { variables[$0] })
                if !group.isEmpty { groups.insert(group.sorted()) }
            }
        }
        // Upside down: what is declared first, and used by most, is better at the bottom, where changes have the fewest consequences.
        let order = VariableOrder(fields.count, groups: groups.sorted { $0.lexicographicallyPrecedes($1) })
        var (levels, ordered) = ([Int?](repeating: nil, count: known.count), fields)
        for (variable, field) in fields.enumerated() {
            let level = fields.count - 1 - order.places[variable]
            levels[field] = level
            ordered[level] = field
        }
        self.fields = ordered
        self.levels = levels
        values = ordered.map { Array(known[$0]) }
        ranks = values.map { Dictionary(uniqueKeysWithValues: zip($0, 0...)) }
        constants = known.map { $0.first { _ in true } ?? 0 }
    }

    /// Gives values ranks that have come to be known, behind the others.
    /// - Returns: whether all is said with the same levels; if not, nothing has changed.
    mutating func grow(_ table: LocalTransitionTable, _ transitions: [LocalTransition]) -> Bool {
        let known = Self.knownValues(table, transitions)
        guard known.indices.allSatisfy({ levels[$0] != nil || known[$0].allSatisfy([constants[$0]].contains) }) else { return false }
        for (level, field) in fields.enumerated() {
            for value in known[field] where ranks[level][value] == nil {
                ranks[level][value] = values[level].count
                values[level].append(value)
            }
        }
        return true
    }

    var domains: [Int] { values.map(\.count) }

    /// The values of each field that occur, and those that what is known of the processes could give it.
    private static func knownValues(_ table: LocalTransitionTable, _ transitions: [LocalTransition]) -> [ByteSet] {
        var known = table.fields.indices.map(table.values)
        var copies: Set<[Int]> = []
        for assignment in transitions.lazy.flatMap(\.outcomes).joined() {
            switch assignment.value {
            case .constant(let value): known[assignment.field].insert(value)
            case .copy(let source): copies.insert([source, assignment.field])
            }
        }
        var isNew = true
        while isNew {
            isNew = false
            for copy in copies {
                for value in known[copy[0]] where known[copy[1]].insert(value) { isNew = true }
            }
        }
        return known
    }

    func level(of field: Int) -> Int? { levels[field] }

    /// The rank of a value at a level; nil if it is none that is known.
    func rank(of value: UInt8, at level: Int) -> Int? { ranks[level][value] }

    /// Whether a field has no other value.
    func isConstant(_ value: UInt8, of field: Int) -> Bool { constant(of: field) == value }

    /// The value of a field that has no other; nil if it has.
    func constant(of field: Int) -> UInt8? { levels[field] == nil ? constants[field] : nil }

    /// The ranks of a vector.
    func ranks(of vector: [UInt8], _ table: LocalTransitionTable) -> [Int]? {
        var result: [Int] = []
        for (level, field) in fields.enumerated() {
            let known = table.fields[field]
            guard let rank = rank(of: vector[known.offset] & known.mask, at: level) else { return nil }
            result.append(rank)
        }
        return result
    }

    /// Tells a table which values there are together in a set.
    func setJointValues(_ ranks: JointRanks, in table: LocalTransitionTable) {
        let single = constants.indices.filter { levels[$0] == nil }.map { FieldValue(field: $0, value: constants[$0]) }
        var values: [(value: FieldValue, companions: [FieldValue])] = []
        for level in fields.indices {
            for (rank, value) in self.values[level].enumerated() {
                let companions = ranks.companions(ofRank: rank, atLevel: level)
                if companions.isEmpty { continue }
                let others = companions.map { FieldValue(field: fields[$0.level], value: self.values[$0.level][$0.rank]) }
                values.append((FieldValue(field: fields[level], value: value), others + single))
            }
        }
        let all = values.map(\.value) + single
        table.setJointValues(values + single.map { ($0, all) })
    }

    /// The state that ranks are those of.
    func state(_ ranks: [Int], _ table: LocalTransitionTable) -> [UInt8] {
        var all = constants
        for (level, field) in fields.enumerated() { all[field] = values[level][ranks[level]] }
        return table.state(of: all)
    }
}

extension LocalTransition.Assignment {
    /// The fields that it concerns.
    var fields: [Int] {
        if case .copy(let source) = value { return [field, source] }
        return [field]
    }
}
