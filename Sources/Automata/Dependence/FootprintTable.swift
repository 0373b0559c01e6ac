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
    /// The moves of which it is known more exactly what they use while the process stands before them.
    let refinable: UnsafePointer<UInt64>
}
