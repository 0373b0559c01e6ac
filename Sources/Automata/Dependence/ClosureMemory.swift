/// The memory that `StubbornClosure` works in: a state as it sees it, and the set that it makes. Nothing in it counts references.
struct ClosureMemory {
    /// A process, or all that may be started of one type.
    struct Member {
        let table: UnsafeMutablePointer<FootprintTable>
        /// See `LineUp.Member`.
        let firstWord: Int
        let wordCount: Int
        let firstCondition: Int
        /// The process type, if it has not been started.
        let proctype: Int?
        /// `nowhere` if it has not been started.
        var location = nowhere
        var isProvided = true

        /// See `FootprintTable.refinable`.
        func isRefinable(_ move: Int) -> Bool { table.pointee.refinable[move >> 6] >> UInt64(move & 63) & 1 != 0 }
    }

    enum ConditionValue: UInt8 {
        case unknown, holds, fails
    }

    static let nowhere = -1

    let members: UnsafeMutablePointer<Member>
    private(set) var memberCount = 0
    /// `nowhere` as long as there are no members.
    private(set) var processCount = nowhere
    /// For each pid, what was found last, and for which process that was.
    let footprints: UnsafeMutablePointer<UnsafeMutablePointer<FootprintTable>?>
    private let constants: UnsafeMutablePointer<Int64>
    private let constantStride: Int
    /// Whose each word of a row is.
    private var owners: UnsafeMutablePointer<UInt8>
    /// Rows as those of a `LineUp`: the moves that all members stand before, those that are possible, and those that are in the set.
    private(set) var leaving: UnsafeMutablePointer<UInt64>
    private(set) var possible: UnsafeMutablePointer<UInt64>
    private var chosen: UnsafeMutablePointer<UInt64>
    /// The moves that have to be looked at once they are in the set.
    private var relevant: UnsafeMutablePointer<UInt64>
    /// Moves in the set that were not looked at yet, as bits of a row.
    private var pending: UnsafeMutablePointer<Int32>
    private var pendingCount = 0
    private(set) var wordCount = 0
    private var wordCapacity = 0
    /// For moves that the processes stand before, as bits of a row, how they are refined: see `FootprintTable.refinable`.
    private(set) var refinements: UnsafeMutablePointer<Int32>
    private(set) var conditionValues: UnsafeMutablePointer<ConditionValue>
    /// The set that each condition was asked for last.
    private var askings: UnsafeMutablePointer<Int>
    /// Sets so far.
    private var setCount = 0
    private var conditionCount = 0
    private var conditionCapacity = 0
    /// How often two members were looked at together, about, since the beginning: for how much it takes to find sets.
    var comparisons = 0
    /// The processes with moves in the set that are possible, and those that will have some, by `companions`.
    private(set) var moving: UInt64 = 0
    /// By process that can move, those that can and have to be in each set that it is in, itself among them.
    let companions: UnsafeMutablePointer<UInt64>

    init(constantLimit: Int) {
        let limit = LineUp.memberLimit
        members = .allocate(capacity: limit)
        companions = .allocate(capacity: limit)
        footprints = .allocate(capacity: limit)
        footprints.initialize(repeating: nil, count: limit)
        constantStride = constantLimit + 1
        constants = .allocate(capacity: limit * constantStride)
        constants.initialize(repeating: -1, count: limit * constantStride)
        func nothing<Element>() -> UnsafeMutablePointer<Element> { .allocate(capacity: 0) }
        (owners, leaving, possible, chosen, relevant) = (nothing(), nothing(), nothing(), nothing(), nothing())
        (pending, refinements, conditionValues, askings) = (nothing(), nothing(), nothing(), nothing())
    }

    func deallocate() {
        members.deallocate()
        companions.deallocate()
        footprints.deallocate()
        constants.deallocate()
        owners.deallocate()
        for row in [leaving, possible, chosen, relevant] { row.deallocate() }
        pending.deallocate()
        refinements.deallocate()
        conditionValues.deallocate()
        askings.deallocate()
    }

    // MARK: Members

    /// States follow in which there are these.
    mutating func begin(_ lineUp: LineUp, processCount: Int) {
        (self.processCount, memberCount) = (processCount, lineUp.members.count)
        (wordCount, conditionCount) = (lineUp.wordCount, lineUp.conditionCount)
        makeRoom()
        for (index, member) in lineUp.members.enumerated() {
            (members + index).initialize(
                to: Member(
                    table: member.table, firstWord: member.firstWord, wordCount: member.wordCount,
                    firstCondition: member.firstCondition, proctype: member.proctype))
            (owners + member.firstWord).initialize(repeating: UInt8(truncatingIfNeeded: index), count: member.wordCount)
        }
        askings.initialize(repeating: 0, count: conditionCount)
    }

    mutating func forgetMembers() { (processCount, memberCount) = (Self.nowhere, 0) }

    private mutating func makeRoom() {
        func replace<Element>(_ memory: inout UnsafeMutablePointer<Element>, capacity: Int) {
            memory.deallocate()
            memory = .allocate(capacity: capacity)
        }
        if wordCount > wordCapacity {
            wordCapacity = wordCount * 2
            replace(&owners, capacity: wordCapacity)
            replace(&leaving, capacity: wordCapacity)
            replace(&possible, capacity: wordCapacity)
            replace(&chosen, capacity: wordCapacity)
            replace(&relevant, capacity: wordCapacity)
            replace(&pending, capacity: wordCapacity * 64)
            replace(&refinements, capacity: wordCapacity * 64)
        }
        if conditionCount > conditionCapacity {
            conditionCapacity = conditionCount * 2
            replace(&conditionValues, capacity: conditionCapacity)
            replace(&askings, capacity: conditionCapacity)
        }
    }

    /// The next state is looked at, of which nothing is known.
    func clear() {
        leaving.initialize(repeating: 0, count: wordCount)
        possible.initialize(repeating: 0, count: wordCount)
        conditionValues.initialize(repeating: .unknown, count: conditionCount)
    }

    /// A process of the next state stands here.
    func place(_ pid: Int, at location: Int) {
        let member = members + pid
        (member.pointee.location, member.pointee.isProvided) = (location, true)
        let moves = member.pointee.table.pointee.leaving + location * member.pointee.wordCount
        (leaving + member.pointee.firstWord).update(from: moves, count: member.pointee.wordCount)
    }

    /// What never changes of a process, as it was last.
    func constants(of pid: Int) -> UnsafeMutablePointer<Int64> { constants + pid * constantStride }

    // MARK: Moves

    @inline(__always)
    func isPossible(_ member: Int, _ move: Int) -> Bool {
        possible[members[member].firstWord + move >> 6] >> UInt64(move & 63) & 1 != 0
    }

    func notePossible(_ move: Int, of member: Int) {
        possible[members[member].firstWord + move >> 6] |= 1 << UInt64(move & 63)
    }

    /// The members with possible moves that are in a row, as bits.
    func movers(in row: LineUp.Row) -> UInt64 {
        var result: UInt64 = 0
        for word in 0..<wordCount where row[word] & possible[word] != 0 { result |= 1 << UInt64(owners[word]) }
        return result
    }

    /// Whether a condition is asked for the first time for this set.
    func isNew(_ condition: Int) -> Bool {
        defer { askings[condition] = setCount }
        return askings[condition] != setCount
    }

    /// Begins a set with what some processes can do.
    mutating func begin(with pids: UInt64) {
        chosen.initialize(repeating: 0, count: wordCount)
        relevant.initialize(repeating: .max, count: wordCount)
        (pendingCount, moving, setCount) = (0, 0, setCount + 1)
        var rest = pids
        while rest != 0 {
            let member = members[rest.trailingZeroBitCount]
            for word in member.firstWord..<member.firstWord + member.wordCount { choose(possible[word], word) }
            rest &= rest - 1
        }
    }

    /// Chooses moves that stand in a word of a row.
    @inline(__always)
    mutating func choose(_ moves: UInt64, _ word: Int) {
        var new = moves & ~chosen[word]
        if new == 0 { return }
        chosen[word] |= new
        if new & possible[word] != 0 { moving |= companions[Int(owners[word])] }
        new &= relevant[word]
        while new != 0 {
            pending[pendingCount] = Int32(truncatingIfNeeded: word << 6 + new.trailingZeroBitCount)
            pendingCount += 1
            new &= new - 1
        }
    }

    /// Chooses moves of one member.
    @inline(__always)
    mutating func choose(_ moves: UnsafePointer<UInt64>, of member: Int) {
        let first = members[member].firstWord
        for word in 0..<members[member].wordCount { choose(moves[word], first + word) }
    }

    /// Chooses the moves that a process stands before. As long as none of them is taken, it comes to no others.
    @inline(__always)
    mutating func chooseLeaving(_ pid: Int) {
        let first = members[pid].firstWord
        for word in first..<first + members[pid].wordCount {
            relevant[word] = leaving[word]
            choose(leaving[word], word)
        }
    }

    /// Chooses those moves of a row that belong to some of the members.
    @inline(__always)
    mutating func choose(_ row: LineUp.Row, ofMembers range: Range<Int>) {
        if range.isEmpty { return }
        let last = members[range.upperBound - 1]
        for word in members[range.lowerBound].firstWord..<last.firstWord + last.wordCount { choose(row[word], word) }
    }

    @inline(__always)
    mutating func choose(_ row: LineUp.Row) {
        for word in 0..<wordCount { choose(row[word], word) }
    }

    /// What it would take to choose moves that stand in a word of a row. Possible moves weigh more than any others.
    @inline(__always)
    private func cost(of moves: UInt64, _ word: Int) -> Int {
        let new = moves & ~chosen[word]
        return new == 0 ? 0 : new.nonzeroBitCount &+ (new & possible[word]).nonzeroBitCount << 16
    }

    @inline(__always)
    func cost(of moves: UnsafePointer<UInt64>, of member: Int) -> Int {
        let first = members[member].firstWord
        return (0..<members[member].wordCount).reduce(0) { $0 &+ cost(of: moves[$1], first &+ $1) }
    }

    @inline(__always)
    func cost(of row: LineUp.Row) -> Int { (0..<wordCount).reduce(0) { $0 &+ cost(of: row[$1], $1) } }

    @inline(__always)
    func costOfLeaving(_ pid: Int) -> Int { cost(of: UnsafePointer(leaving + members[pid].firstWord), of: pid) }

    /// A move in the set that was not looked at yet.
    @inline(__always)
    mutating func next() -> (member: Int, move: Int)? {
        if pendingCount == 0 { return nil }
        pendingCount -= 1
        comparisons &+= memberCount
        let bit = Int(pending[pendingCount]), member = Int(owners[bit >> 6])
        return (member, bit - members[member].firstWord << 6)
    }
}
