import Automata
import Diagrams

/// Makes relations between diagrams of what processes can do.
struct DiagramRelations {
    private let variables: DiagramVariables
    private let diagrams: DecisionDiagrams

    init(_ variables: DiagramVariables, _ diagrams: DecisionDiagrams) {
        self.variables = variables
        self.diagrams = diagrams
    }

    /// What happens at one level.
    private struct Entry: Hashable {
        var level: Int
        /// The rank before, if it matters.
        var from: Int?
        /// The rank after; nil if it stays.
        var to: Int?
        /// The level that the rank after is copied from.
        var source: Int?

        static func < (one: Entry, other: Entry) -> Bool {
            (one.level, one.from ?? .max, one.to ?? .max, one.source ?? .max)
                < (other.level, other.from ?? .max, other.to ?? .max, other.source ?? .max)
        }
    }

    /// What all processes can do: one relation for the transitions of each process that use the same variables alike.
    func events(_ transitions: [LocalTransition]) throws(DiagramLimit) -> [DecisionDiagrams.Relation] {
        var rows: [Shape: [[Entry]]] = [:]
        for transition in transitions {
            guard let conditions = conditions(of: transition) else { continue }
            for outcome in transition.outcomes {
                guard let row = row(conditions, outcome), row.contains(where: { $0.to != nil || $0.source != nil }) else { continue }
                rows[Shape(transition.pid, row), default: []].append(row)
            }
        }
        return try relations(rows)
    }

    /// Relations that keep what transitions apply to, and nothing else.
    func filters(_ transitions: some Sequence<LocalTransition>) throws(DiagramLimit) -> [DecisionDiagrams.Relation] {
        var rows: [Shape: [[Entry]]] = [:]
        for transition in transitions {
            if let row = conditions(of: transition) { rows[Shape(transition.pid, row), default: []].append(row) }
        }
        return try relations(rows)
    }

    /// Which levels a row concerns, and how.
    private struct Shape: Hashable {
        /// What happens at a level, but for the ranks.
        struct Place: Hashable {
            var level: Int
            var isCondition: Bool
            var source: Int?
        }

        var pid: Int
        var places: [Place]

        init(_ pid: Int, _ row: [Entry]) {
            self.pid = pid
            places = row.map { Place(level: $0.level, isCondition: $0.from != nil, source: $0.source) }
        }
    }

    private func relations(_ rows: [Shape: [[Entry]]]) throws(DiagramLimit) -> [DecisionDiagrams.Relation] {
        let sorted = rows.map { (shape: $0, rows: $1.sorted { $0.lexicographicallyPrecedes($1, by: <) }) }
        // In the same order each time, whatever the order of the shapes: what it takes depends on it.
        let ordered = sorted.sorted { one, other in
            if one.shape.pid != other.shape.pid { return one.shape.pid < other.shape.pid }
            return one.rows[0].lexicographicallyPrecedes(other.rows[0], by: <)
        }
        var result: [DecisionDiagrams.Relation] = []
        for (shape, rows) in ordered {
            var copies = Copies(shape.places.map { place in shape.places.filter { $0.source == place.level }.map(\.level) })
            result.append(try relation(rows[...], from: 0, pending: [], &copies))
        }
        return result
    }

    /// The conditions in the order of their levels; nil if they are never all met.
    private func conditions(of transition: LocalTransition) -> [Entry]? {
        var result: [Entry] = []
        for condition in transition.conditions {
            guard let level = variables.level(of: condition.field) else {
                if variables.isConstant(condition.value, of: condition.field) { continue }
                return nil
            }
            guard let rank = variables.rank(of: condition.value, at: level) else { return nil }
            result.append(Entry(level: level, from: rank))
        }
        return result.sorted(by: <)
    }

    private func row(_ conditions: [Entry], _ outcome: [LocalTransition.Assignment]) -> [Entry]? {
        var result = conditions
        for assignment in outcome {
            guard let level = variables.level(of: assignment.field) else { continue }
            var entry = Entry(level: level)
            switch assignment.value {
            case .constant(let value):
                guard let rank = variables.rank(of: value, at: level) else { return nil }
                entry.to = rank
            case .copy(let source):
                if let source = variables.level(of: source) {
                    entry.source = source
                } else {
                    guard let value = variables.constant(of: source), let rank = variables.rank(of: value, at: level) else { return nil }
                    entry.to = rank
                }
            }
            if let index = result.firstIndex(where: { $0.level == level }) {
                (result[index].to, result[index].source) = (entry.to == result[index].from ? nil : entry.to, entry.source)
            } else {
                result.append(entry)
            }
        }
        for source in result.compactMap(\.source) where !result.contains(where: { $0.level == source }) { result.append(Entry(level: source)) }
        return result.sorted(by: <)
    }

    /// The values that levels copy.
    private struct Copies {
        /// For each place of a shape, the levels that copy from its level.
        let copiers: [[Int]]
        /// What came of rows with what is pending.
        var known: [Key: DecisionDiagrams.Relation] = [:]

        struct Key: Hashable {
            var rows: Range<Int>
            var position: Int
            var pending: [Pending]
        }

        init(_ copiers: [[Int]]) { self.copiers = copiers }
    }

    /// What has to be the same at the level that copies and at the level that is copied from, after the upper of the two.
    private struct Pending: Hashable {
        /// The level that copies.
        var copier: Int
        var value: UInt8
    }

    /// The relation of rows that have the same shape, and are in order.
    private func relation(
        _ rows: ArraySlice<[Entry]>, from position: Int, pending: [Pending], _ copies: inout Copies
    ) throws(DiagramLimit) -> DecisionDiagrams.Relation {
        guard let first = rows.first, position < first.count else { return .identity }
        let key = Copies.Key(rows: rows.indices, position: position, pending: pending)
        // Without copies, rows come to a place but once.
        if !pending.isEmpty, let known = copies.known[key] { return known }
        let level = first[position].level
        let copiers = copies.copiers[position]
        var edges: [DecisionDiagrams.RelationEdge] = []
        var rest = rows
        while let next = rest.first {
            let entry = next[position]
            let same = rest.prefix { $0[position] == entry }
            rest = rest[same.endIndex...]
            func lead(from: Int?, to: Int?, _ pending: [Pending]) throws(DiagramLimit) {
                let child = try relation(same, from: position + 1, pending: pending, &copies)
                if child != .empty { edges.append(.init(from: from, to: to, child: child)) }
            }
            if copiers.isEmpty, entry.source == nil {
                try lead(from: entry.from, to: entry.to, pending)
                continue
            }
            for (rank, value) in variables.values[level].enumerated() {
                if let from = entry.from, from != rank { continue }
                // Those above were given this level's value before it was known.
                if pending.contains(where: { copiers.contains($0.copier) && $0.copier < level && $0.value != value }) { continue }
                var later = pending.filter { !copiers.contains($0.copier) && $0.copier != level }
                later += copiers.filter { $0 > level }.map { Pending(copier: $0, value: value) }
                guard let source = entry.source else {
                    try lead(from: rank, to: entry.to, later)
                    continue
                }
                if source < level {
                    let copied = pending.first { $0.copier == level }
                    guard let copied, let to = variables.rank(of: copied.value, at: level) else { continue }
                    try lead(from: rank, to: to, later)
                } else {
                    for (to, copied) in variables.values[level].enumerated() where variables.rank(of: copied, at: source) != nil {
                        try lead(from: rank, to: to, later + [Pending(copier: level, value: copied)])
                    }
                }
            }
        }
        let result = try diagrams.relation(level: level, edges: edges)
        if !pending.isEmpty { copies.known[key] = result }
        return result
    }
}
