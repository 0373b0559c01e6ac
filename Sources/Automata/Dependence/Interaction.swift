/// How moves may be related to a move, or to a condition, of another process.
enum Relation: Int, CaseIterable {
    /// Those that do not accord with a move: where both are possible, one may make a difference to the other.
    case dependents
    /// Those that may make a condition true.
    case conditionEnablers
    /// Those that may make a move possible where none of its conditions is to blame.
    case moveEnablers
    /// Those that may be the other half of a rendezvous.
    case partners
}

/// What the moves of one process have to do with those of another: found out when it is first asked for.
final class Interaction {
    private let one: ProcessFootprints
    private let other: ProcessFootprints
    private let tags: TagTable
    /// Sets that were found so far, by relation, and by move or condition of the one.
    private var found = Relation.allCases.map { _ in [Int: [UInt64]]() }

    init(of one: ProcessFootprints, with other: ProcessFootprints, _ tags: TagTable) {
        self.one = one
        self.other = other
        self.tags = tags
    }

    /// The moves of the other process that are in a relation to a move, or a condition, of the one.
    func moves(_ relation: Relation, of index: Int) -> [UInt64] {
        if let known = found[relation.rawValue][index] { return known }
        let isRelated = test(relation, index)
        var set = [UInt64](repeating: 0, count: other.wordCount)
        for move in 0..<other.moveCount where isRelated(other.move(move)) { set[move >> 6] |= 1 << UInt64(move & 63) }
        found[relation.rawValue][index] = set
        return set
    }

    private func test(_ relation: Relation, _ index: Int) -> (ProcessFootprints.Move) -> Bool {
        switch relation {
        case .dependents:
            let own = one.move(index)
            return { candidate in
                !own.footprint.minds.isDisjoint(with: candidate.footprint.does)
                    && !own.tests.contains { test in candidate.tests.contains { $0.excludes(test) } }
            }
        case .conditionEnablers:
            let own = one.condition(index)
            return { candidate in
                guard !own.minds.isDisjoint(with: candidate.footprint.does) else { return false }
                guard let test = own.test, let values = candidate.footprint.written[test.cell] else { return true }
                return test.mayHold(after: values)
            }
        case .moveEnablers:
            let own = one.move(index).enablers
            return { !own.isDisjoint(with: $0.footprint.does) }
        case .partners:
            let own = one.move(index)
            return { [tags] candidate in
                own.isRendezvous && candidate.isRendezvous && tags.canMeet(own.footprint, candidate.footprint)
            }
        }
    }
}
