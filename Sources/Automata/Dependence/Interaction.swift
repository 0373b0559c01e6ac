/// What the moves of one process have to do with those of another: found out when it is first asked for.
final class Interaction {
    private let one: ProcessFootprints
    private let other: ProcessFootprints
    private let tags: TagTable
    /// What was found so far: sets of moves of the other process, by move or condition of the one.
    private var dependents: [Int: [UInt64]] = [:]
    private var conditionEnablers: [Int: [UInt64]] = [:]
    private var moveEnablers: [Int: [UInt64]] = [:]
    private var partners: [Int: [UInt64]] = [:]

    init(of one: ProcessFootprints, with other: ProcessFootprints, _ tags: TagTable) {
        self.one = one
        self.other = other
        self.tags = tags
    }

    /// The moves of the other process that do not accord with this one: where both are possible, one may make a difference
    /// to the other.
    func dependents(of move: Int) -> [UInt64] {
        if let known = dependents[move] { return known }
        let own = one.move(move)
        let found = moves { candidate in
            !own.footprint.minds.isDisjoint(with: candidate.footprint.does)
                && !own.tests.contains { test in candidate.tests.contains { $0.excludes(test) } }
        }
        dependents[move] = found
        return found
    }

    /// The moves of the other process that may make a condition true.
    func enablers(ofCondition condition: Int) -> [UInt64] {
        if let known = conditionEnablers[condition] { return known }
        let own = one.condition(condition)
        let found = moves { candidate in
            guard !own.minds.isDisjoint(with: candidate.footprint.does) else { return false }
            guard let test = own.test, let values = candidate.footprint.written[test.cell] else { return true }
            return test.mayHold(after: values)
        }
        conditionEnablers[condition] = found
        return found
    }

    /// The moves of the other process that may make a move possible where none of its conditions is to blame.
    func enablers(ofMove move: Int) -> [UInt64] {
        if let known = moveEnablers[move] { return known }
        let own = one.move(move).enablers
        let found = moves { !own.isDisjoint(with: $0.footprint.does) }
        moveEnablers[move] = found
        return found
    }

    /// The moves of the other process that may be the other half of a rendezvous.
    func partners(of move: Int) -> [UInt64] {
        if let known = partners[move] { return known }
        let own = one.move(move)
        let found = moves { candidate in
            own.isRendezvous && candidate.isRendezvous && tags.canMeet(own.footprint, candidate.footprint)
        }
        partners[move] = found
        return found
    }

    private func moves(_ contains: (ProcessFootprints.Move) -> Bool) -> [UInt64] {
        var set = [UInt64](repeating: 0, count: other.wordCount)
        for move in 0..<other.moveCount where contains(other.move(move)) { set[move >> 6] |= 1 << UInt64(move & 63) }
        return set
    }
}
