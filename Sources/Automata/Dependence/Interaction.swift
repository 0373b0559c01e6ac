/// What the moves of one process have to do with those of another: found out when it is first asked for.
final class Interaction {
    private let one: ProcessFootprints
    private let other: ProcessFootprints
    private let tags: TagTable
    private var dependents: LazyMoveTable
    private var conditionEnablers: LazyMoveTable
    private var moveEnablers: LazyMoveTable
    private var partners: LazyMoveTable

    init(of one: ProcessFootprints, with other: ProcessFootprints, _ tags: TagTable) {
        self.one = one
        self.other = other
        self.tags = tags
        dependents = LazyMoveTable(rows: one.moveCount, moves: other.moveCount)
        conditionEnablers = LazyMoveTable(rows: one.conditionCount, moves: other.moveCount)
        moveEnablers = dependents
        partners = dependents
    }

    /// The moves of the other process that do not accord with this one: where both are possible, one may make a difference to the other.
    func dependents(of move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move)
        return dependents.row(move) { candidate in
            let candidate = other.move(candidate)
            return !own.footprint.minds.isDisjoint(with: candidate.footprint.does)
                && !own.tests.contains { test in candidate.tests.contains { $0.excludes(test) } }
        }
    }

    /// The moves of the other process that may make a condition true.
    func enablers(ofCondition condition: Int) -> UnsafePointer<UInt64> {
        let own = one.condition(condition)
        return conditionEnablers.row(condition) { candidate in
            let footprint = other.move(candidate).footprint
            guard !own.minds.isDisjoint(with: footprint.does) else { return false }
            guard let test = own.test, let values = footprint.written[test.cell] else { return true }
            return test.mayHold(after: values)
        }
    }

    /// The moves of the other process that may make a move possible where none of its conditions is to blame.
    func enablers(ofMove move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move).enablers
        return moveEnablers.row(move) { !own.isDisjoint(with: other.move($0).footprint.does) }
    }

    /// The moves of the other process that may be the other half of a rendezvous.
    func partners(of move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move)
        return partners.row(move) { candidate in
            let candidate = other.move(candidate)
            return own.isRendezvous && candidate.isRendezvous && tags.canMeet(own.footprint, candidate.footprint)
        }
    }
}

/// Sets of moves that are made when they are first asked for.
private struct LazyMoveTable {
    private let moves: Int
    private var rows: [UnsafeMutablePointer<UInt64>?]
    /// Keeps the rows in memory.
    private let memory = RowMemory()

    init(rows: Int, moves: Int) {
        self.moves = moves
        self.rows = Array(repeating: nil, count: rows)
    }

    mutating func row(_ index: Int, _ contains: (Int) -> Bool) -> UnsafePointer<UInt64> {
        while rows.count <= index { rows.append(nil) }
        if let known = rows[index] { return UnsafePointer(known) }
        let row = memory.allocate(words: max(1, (moves + 63) / 64))
        for move in 0..<moves where contains(move) { row[move >> 6] |= 1 << UInt64(move & 63) }
        rows[index] = row
        return UnsafePointer(row)
    }
}

/// Rows of words that live as long as this does.
private final class RowMemory {
    private var rows: [UnsafeMutablePointer<UInt64>] = []

    func allocate(words: Int) -> UnsafeMutablePointer<UInt64> {
        let row = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
        row.initialize(repeating: 0, count: words)
        rows.append(row)
        return row
    }

    deinit { for row in rows { row.deallocate() } }
}
