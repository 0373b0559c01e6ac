/// What is read of a process in the inner loop of `StubbornClosure`: plain records that lie still in memory.
struct FootprintTable {
    /// A move: see `ProcessFootprints.Move`.
    struct MoveRecord {
        var source: Int32
        /// Those of its conditions that are not those of `provided`.
        var firstCondition: Int32
        var conditionCount: Int32
        var asksForProvided: Bool
        var isEnd: Bool
        var isRendezvous: Bool
        var mayStandAlone: Bool
        var isVisible: Bool
        var waitsForTimeout: Bool
        /// Whether it is known more exactly what it uses while the process stands before it.
        var isRefinable: Bool
    }

    /// A condition: see `ProcessFootprints.Condition`.
    struct ConditionRecord {
        var entry: Int32
        var asksForLocals: Bool
    }

    /// What may happen from a location on.
    struct LaterRecord {
        /// Whether a step may fail, but for those of processes that are started.
        var mayFault: Bool
        /// The process types that may be started, as bits; all from the 64th on are one.
        var starting: UInt64
    }

    /// The process that these are records of.
    let owner: Unmanaged<ProcessFootprints>
    let number: Int32
    let conditionCount: Int
    let providedCount: Int
    let firstTransition: Int
    /// Words of 64 moves in each set.
    let wordCount: Int
    /// Refined moves and conditions lie behind the others.
    let moves: UnsafeMutablePointer<MoveRecord>
    let conditions: UnsafeMutablePointer<ConditionRecord>
    /// By location.
    let leaving: UnsafePointer<UInt64>
    let entering: UnsafePointer<UInt64>
    let later: UnsafeMutablePointer<LaterRecord>
    let ends: UnsafePointer<UInt64>
    /// By process type.
    let starts: UnsafePointer<UInt64>
}

/// What the moves of one process have to do with those of another, as far as it is known: rows of words, by move or condition.
struct InteractionTable {
    typealias Rows = UnsafeMutablePointer<UnsafePointer<UInt64>?>

    /// What fills in the rows.
    let owner: Unmanaged<Interaction>
    let dependents: Rows
    let conditionEnablers: Rows
    let moveEnablers: Rows
    let partners: Rows

    init(_ owner: Interaction, moves: Int, conditions: Int) {
        func rows(_ count: Int) -> Rows {
            let rows = Rows.allocate(capacity: max(1, count))
            rows.initialize(repeating: nil, count: max(1, count))
            return rows
        }
        self.owner = Unmanaged.passUnretained(owner)
        dependents = rows(moves)
        conditionEnablers = rows(conditions)
        moveEnablers = rows(moves)
        partners = rows(moves)
    }

    func deallocate() {
        for rows in [dependents, conditionEnablers, moveEnablers, partners] { rows.deallocate() }
    }
}
