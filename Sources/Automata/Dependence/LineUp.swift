/// Who there is: the processes, and behind them the process types of which some may be started. What a move or a condition of one of them
/// means to the moves of all is one row of words, which is found when it is first asked for.
final class LineUp {
    typealias Row = UnsafePointer<UInt64>
    typealias Rows = UnsafeMutablePointer<Row?>

    /// A process, or all that may be started of one type.
    struct Member {
        let table: UnsafeMutablePointer<FootprintTable>
        /// The process type, if it has not been started.
        let proctype: Int?
        /// Where its moves begin in a row, in words, and how many words they take.
        let firstWord: Int
        let wordCount: Int
        /// Where its conditions begin, when those of all are counted.
        let firstCondition: Int
        /// By its moves, and by its conditions: see `Interaction`. Its own moves are only among what may make a condition true, and only if
        /// the condition does not ask for locals.
        fileprivate let dependents: Rows
        fileprivate let conditionEnablers: Rows
        fileprivate let moveEnablers: Rows
        fileprivate let partners: Rows
    }

    /// The most members, for sets of them are words.
    static let memberLimit = 64

    /// No other one has the same, as long as there is a `Dependence`.
    let number: Int
    let members: UnsafeMutableBufferPointer<Member>
    /// Words in a row.
    let wordCount: Int
    /// Conditions of all, but for those of refined moves.
    let conditionCount: Int
    private unowned let dependence: Dependence
    private var rows: [UnsafeMutablePointer<UInt64>] = []

    /// - Parameters:
    ///   - processes: what there is, by pid.
    ///   - proctypes: those of which some may be started; with the processes, no more than `memberLimit`.
    init(_ processes: [UnsafeMutablePointer<FootprintTable>], startable proctypes: [Int], number: Int, _ dependence: Dependence) {
        let tables = processes + proctypes.map { dependence.footprints(ofAny: $0).table }
        var (words, conditions) = (0, 0)
        members = .allocate(capacity: tables.count)
        for (index, table) in tables.enumerated() {
            let owner = table.pointee.owner.takeUnretainedValue()
            func rows(_ count: Int) -> Rows {
                let rows = Rows.allocate(capacity: count)
                rows.initialize(repeating: nil, count: count)
                return rows
            }
            members.initializeElement(
                at: index,
                to: Member(
                    table: table, proctype: index < processes.count ? nil : proctypes[index - processes.count], firstWord: words,
                    wordCount: table.pointee.wordCount, firstCondition: conditions, dependents: rows(owner.moveCapacity),
                    conditionEnablers: rows(owner.conditionCapacity), moveEnablers: rows(owner.moveCapacity),
                    partners: rows(owner.moveCapacity)))
            words += table.pointee.wordCount
            conditions += table.pointee.conditionCount
        }
        (self.number, wordCount, conditionCount) = (number, words, conditions)
        self.dependence = dependence
    }

    deinit {
        for row in rows { row.deallocate() }
        for member in members {
            for rows in [member.dependents, member.conditionEnablers, member.moveEnablers, member.partners] { rows.deallocate() }
        }
        members.deallocate()
    }

    // MARK: Rows

    // Each is nil if it cannot be found out.

    /// Moves of others that do not accord with a move.
    @inline(__always)
    func dependents(of move: Int, _ member: Int) -> Row? {
        members[member].dependents[move]
            ?? find(in: members[member].dependents, move, of: member, withOwn: false) { $0.dependents(of: move) }
    }

    /// Moves that may make a condition true; but those of the process itself if the condition asks for locals.
    @inline(__always)
    func enablers(ofCondition condition: Int, _ member: Int) -> Row? {
        members[member].conditionEnablers[condition]
            ?? find(
                in: members[member].conditionEnablers, condition, of: member,
                withOwn: !members[member].table.pointee.conditions[condition].asksForLocals
            ) { $0.enablers(ofCondition: condition) }
    }

    /// Moves of others that may make a move possible where none of its conditions is to blame.
    @inline(__always)
    func enablers(ofMove move: Int, _ member: Int) -> Row? {
        members[member].moveEnablers[move]
            ?? find(in: members[member].moveEnablers, move, of: member, withOwn: false) { $0.enablers(ofMove: move) }
    }

    /// Moves of others that may be the other half of a rendezvous.
    @inline(__always)
    func partners(of move: Int, _ member: Int) -> Row? {
        members[member].partners[move]
            ?? find(in: members[member].partners, move, of: member, withOwn: false) { $0.partners(of: move) }
    }

    @inline(never)
    private func find(in rows: Rows, _ index: Int, of number: Int, withOwn: Bool, _ set: (Interaction) -> [UInt64]) -> Row? {
        let row = UnsafeMutablePointer<UInt64>.allocate(capacity: wordCount)
        row.initialize(repeating: 0, count: wordCount)
        for (other, member) in members.enumerated() where withOwn || other != number {
            guard let interaction = dependence.interaction(of: members[number].table, with: member.table) else {
                row.deallocate()
                return nil
            }
            for (word, moves) in set(interaction).enumerated() { row[member.firstWord + word] = moves }
        }
        self.rows.append(row)
        rows[index] = UnsafePointer(row)
        return UnsafePointer(row)
    }
}
