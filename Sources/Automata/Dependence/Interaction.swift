/// What the moves of one process have to do with those of another: found out when it is first asked for.
final class Interaction {
    private let one: ProcessFootprints
    private let other: ProcessFootprints
    private let tags: TagTable
    /// What was found so far.
    let table: UnsafeMutablePointer<InteractionTable>
    /// The sets that the table points to.
    private var sets: [UnsafeMutablePointer<UInt64>] = []

    init(of one: ProcessFootprints, with other: ProcessFootprints, _ tags: TagTable) {
        self.one = one
        self.other = other
        self.tags = tags
        table = .allocate(capacity: 1)
        table.initialize(to: InteractionTable(self, moves: one.moveCapacity, conditions: one.conditionCapacity))
    }

    deinit {
        for set in sets { set.deallocate() }
        table.pointee.deallocate()
        table.deallocate()
    }

    /// Finds the moves of the other process that do not accord with this one: where both are possible, one may make a difference
    /// to the other.
    func findDependents(of move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move)
        return insert(into: table.pointee.dependents, at: move) { candidate in
            !own.footprint.minds.isDisjoint(with: candidate.footprint.does)
                && !own.tests.contains { test in candidate.tests.contains { $0.excludes(test) } }
        }
    }

    /// Finds the moves of the other process that may make a condition true.
    func findEnablers(ofCondition condition: Int) -> UnsafePointer<UInt64> {
        let own = one.condition(condition)
        return insert(into: table.pointee.conditionEnablers, at: condition) { candidate in
            guard !own.minds.isDisjoint(with: candidate.footprint.does) else { return false }
            guard let test = own.test, let values = candidate.footprint.written[test.cell] else { return true }
            return test.mayHold(after: values)
        }
    }

    /// Finds the moves of the other process that may make a move possible where none of its conditions is to blame.
    func findEnablers(ofMove move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move).enablers
        return insert(into: table.pointee.moveEnablers, at: move) { !own.isDisjoint(with: $0.footprint.does) }
    }

    /// Finds the moves of the other process that may be the other half of a rendezvous.
    func findPartners(of move: Int) -> UnsafePointer<UInt64> {
        let own = one.move(move)
        return insert(into: table.pointee.partners, at: move) { candidate in
            own.isRendezvous && candidate.isRendezvous && tags.canMeet(own.footprint, candidate.footprint)
        }
    }

    private func insert(
        into rows: InteractionTable.Rows, at index: Int, _ contains: (ProcessFootprints.Move) -> Bool
    ) -> UnsafePointer<UInt64> {
        let set = UnsafeMutablePointer<UInt64>.allocate(capacity: other.wordCount)
        set.initialize(repeating: 0, count: other.wordCount)
        for move in 0..<other.moveCount where contains(other.move(move)) { set[move >> 6] |= 1 << UInt64(move & 63) }
        sets.append(set)
        rows[index] = UnsafePointer(set)
        return UnsafePointer(set)
    }
}
