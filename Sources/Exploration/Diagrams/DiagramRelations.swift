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
            (one.level, one.from ?? .max, one.to ?? .max) < (other.level, other.from ?? .max, other.to ?? .max)
        }
    }

    /// What all processes can do: one relation for the transitions of each process that use the same variables alike.
    func events(_ transitions: [LocalTransition]) throws(DiagramLimit) -> [DecisionDiagrams.Relation] {
        var rows: [Shape: [[Entry]]] = [:]
        var result: [DecisionDiagrams.Relation] = []
        for transition in transitions {
            guard let conditions = conditions(of: transition) else { continue }
            for outcome in transition.outcomes {
                guard let row = row(conditions, outcome), row.contains(where: { $0.to != nil || $0.source != nil }) else { continue }
                if row.contains(where: { $0.source != nil }) {
                    result.append(try copying(row))
                } else {
                    rows[Shape(transition.pid, row), default: []].append(row)
                }
            }
        }
        return try result + relations(rows)
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
        var pid: Int
        var levels: [Int]

        init(_ pid: Int, _ row: [Entry]) {
            self.pid = pid
            levels = row.map { $0.level << 1 | ($0.from == nil ? 1 : 0) }
        }
    }

    private func relations(_ rows: [Shape: [[Entry]]]) throws(DiagramLimit) -> [DecisionDiagrams.Relation] {
        var result: [DecisionDiagrams.Relation] = []
        for (_, rows) in rows.sorted(by: { ($0.key.pid, $0.key.levels.count) < ($1.key.pid, $1.key.levels.count)
            || ($0.key.pid, $0.key.levels.count) == ($1.key.pid, $1.key.levels.count) && $0.key.levels.lexicographicallyPrecedes($1.key.levels) }) {
            let sorted = rows.sorted { $0.lexicographicallyPrecedes($1, by: <) }
            result.append(try relation(sorted[...], from: 0))
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
        return result.sorted(by: <)
    }

    /// The relation of rows that concern the same levels, and are in order.
    private func relation(_ rows: ArraySlice<[Entry]>, from position: Int) throws(DiagramLimit) -> DecisionDiagrams.Relation {
        guard let first = rows.first, position < first.count else { return .identity }
        var edges: [DecisionDiagrams.RelationEdge] = []
        var rest = rows
        while let next = rest.first {
            let entry = next[position]
            let same = rest.prefix { $0[position] == entry }
            edges.append(.init(from: entry.from, to: entry.to, child: try relation(same, from: position + 1)))
            rest = rest[same.endIndex...]
        }
        return try diagrams.relation(level: first[position].level, edges: edges)
    }

    // MARK: Copies

    /// The relation of one row in which there are copies: for each of them, what has to be the same is kept in mind on the way from the
    /// upper to the lower of its two levels.
    private func copying(_ row: [Entry]) throws(DiagramLimit) -> DecisionDiagrams.Relation {
        var row = row
        for source in row.compactMap(\.source) where !row.contains(where: { $0.level == source }) { row.append(Entry(level: source)) }
        row.sort(by: <)
        var memo: [Memory: DecisionDiagrams.Relation] = [:]
        return try copying(row, Memory(position: 0, pending: [:]), &memo)
    }

    private struct Memory: Hashable {
        var position: Int
        /// By the level that copies, the value of what is copied.
        var pending: [Int: UInt8]
    }

    private func copying(_ row: [Entry], _ memory: Memory, _ memo: inout [Memory: DecisionDiagrams.Relation]) throws(DiagramLimit) -> DecisionDiagrams.Relation {
        if memory.position == row.count { return .identity }
        if let known = memo[memory] { return known }
        let entry = row[memory.position]
        let level = entry.level
        let copiers = row.filter { $0.source == level }.map(\.level)
        var edges: [DecisionDiagrams.RelationEdge] = []
        for (rank, value) in variables.values[level].enumerated() {
            if let from = entry.from, from != rank { continue }
            // Those above have been given this level's value before it was known.
            if copiers.contains(where: { $0 < level && memory.pending[$0] != value }) { continue }
            var next = Memory(position: memory.position + 1, pending: memory.pending)
            for copier in copiers { next.pending[copier] = copier > level ? value : nil }
            func lead(to: Int?, _ next: Memory) throws(DiagramLimit) {
                let child = try copying(row, next, &memo)
                if child != .empty { edges.append(.init(from: rank, to: to, child: child)) }
            }
            switch entry.source {
            case nil: try lead(to: entry.to, next)
            case .some(let source) where source < level:
                guard let copied = memory.pending[level], let to = variables.rank(of: copied, at: level) else { continue }
                next.pending[level] = nil
                try lead(to: to, next)
            case .some(let source):
                for (to, copied) in variables.values[level].enumerated() where variables.rank(of: copied, at: source) != nil {
                    next.pending[level] = copied
                    try lead(to: to, next)
                }
            }
        }
        let result = try diagrams.relation(level: level, edges: edges)
        memo[memory] = result
        return result
    }
}
