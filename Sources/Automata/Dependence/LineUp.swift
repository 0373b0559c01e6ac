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
        /// By relation, and by its moves or conditions, of which there are no more than `rowStride`.
        fileprivate let rows: Rows
        fileprivate let rowStride: Int
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
    private var found: [UnsafeMutablePointer<UInt64>] = []

    /// - Parameters:
    ///   - processes: what there is, by pid.
    ///   - proctypes: those of which some may be started; with the processes, no more than `memberLimit`.
    init(_ processes: [UnsafeMutablePointer<FootprintTable>], startable proctypes: [Int], number: Int, _ dependence: Dependence) {
        let tables = processes + proctypes.map { dependence.footprints(ofAny: $0).table }
        var (words, conditions) = (0, 0)
        members = .allocate(capacity: tables.count)
        for (index, table) in tables.enumerated() {
            let owner = table.pointee.owner.takeUnretainedValue()
            let stride = max(owner.moveCapacity, owner.conditionCapacity), rowCount = stride * Relation.allCases.count
            let rows = Rows.allocate(capacity: rowCount)
            rows.initialize(repeating: nil, count: rowCount)
            members.initializeElement(
                at: index,
                to: Member(
                    table: table, proctype: index < processes.count ? nil : proctypes[index - processes.count], firstWord: words,
                    wordCount: table.pointee.wordCount, firstCondition: conditions, rows: rows, rowStride: stride))
            words += table.pointee.wordCount
            conditions += table.pointee.conditionCount
        }
        (self.number, wordCount, conditionCount) = (number, words, conditions)
        self.dependence = dependence
    }

    deinit {
        for row in found { row.deallocate() }
        for member in members { member.rows.deallocate() }
        members.deallocate()
    }

    // MARK: Rows

    /// The moves that are in a relation to a move, or a condition, of a member; nil if that cannot be found out. Its own moves are only
    /// among what may make a condition true, and only if the condition does not ask for locals.
    @inline(__always)
    func row(_ relation: Relation, of index: Int, _ member: Int) -> Row? {
        members[member].rows[relation.rawValue &* members[member].rowStride &+ index] ?? find(relation, of: index, member)
    }

    @inline(never)
    private func find(_ relation: Relation, of index: Int, _ number: Int) -> Row? {
        let (table, row) = (members[number].table, UnsafeMutablePointer<UInt64>.allocate(capacity: wordCount))
        row.initialize(repeating: 0, count: wordCount)
        let withOwn = relation == .conditionEnablers && !table.pointee.conditions[index].asksForLocals
        for (other, member) in members.enumerated() where withOwn || other != number {
            guard let interaction = dependence.interaction(of: table, with: member.table) else {
                row.deallocate()
                return nil
            }
            for (word, moves) in interaction.moves(relation, of: index).enumerated() { row[member.firstWord + word] = moves }
        }
        found.append(row)
        members[number].rows[relation.rawValue * members[number].rowStride + index] = UnsafePointer(row)
        return UnsafePointer(row)
    }
}
