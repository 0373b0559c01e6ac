/// The memory that `StubbornClosure` works in: a state as it sees it, and the set that it makes. Nothing in it counts references.
struct ClosureMemory {
    /// A process, or all that may be started of one type.
    struct Member {
        var table: UnsafeMutablePointer<FootprintTable>
        /// Where its moves begin in a set, in words, and how many words they take.
        var firstWord: Int
        var wordCount: Int
        /// `nowhere` if it has not been started.
        var location: Int
        var isProvided = true
        /// The process type, if it has not been started.
        var proctype: Int
        /// Where its conditions begin in `conditionValues`.
        var firstCondition: Int
    }

    enum ConditionValue: UInt8 {
        case unknown, holds, fails
    }

    private struct Pair {
        var one: Int32
        var other: Int32
        var table: UnsafeMutablePointer<InteractionTable>
    }

    static let memberLimit = 64
    static let nowhere = -1

    let members: UnsafeMutablePointer<Member>
    private(set) var memberCount = 0
    private(set) var processCount = 0
    /// For each pid, what was found last, and for which process that was.
    let footprints: UnsafeMutablePointer<UnsafeMutablePointer<FootprintTable>?>
    private let constants: UnsafeMutablePointer<Int64>
    private let constantStride: Int
    private let pairs: UnsafeMutablePointer<Pair?>
    /// The possible moves of all members, and those that are in the set.
    private(set) var possible: UnsafeMutablePointer<UInt64>
    private(set) var chosen: UnsafeMutablePointer<UInt64>
    /// Moves in the set that were not looked at yet.
    private var pending: UnsafeMutablePointer<(member: Int32, move: Int32)>
    private var pendingCount = 0
    private var wordCount = 0
    private var wordCapacity = 64
    private(set) var conditionValues: UnsafeMutablePointer<ConditionValue>
    private var conditionCount = 0
    private var conditionCapacity = 64
    /// How often two members were looked at together, about, since the beginning: for how much it takes to find sets.
    private(set) var comparisons = 0
    /// The processes with moves in the set that are possible.
    private(set) var moving: UInt64 = 0

    init(constantLimit: Int) {
        let limit = Self.memberLimit
        members = .allocate(capacity: limit)
        footprints = .allocate(capacity: limit)
        footprints.initialize(repeating: nil, count: limit)
        constantStride = constantLimit + 1
        constants = .allocate(capacity: limit * constantStride)
        constants.initialize(repeating: -1, count: limit * constantStride)
        pairs = .allocate(capacity: limit * limit)
        pairs.initialize(repeating: nil, count: limit * limit)
        possible = .allocate(capacity: wordCapacity)
        chosen = .allocate(capacity: wordCapacity)
        pending = .allocate(capacity: wordCapacity * 64)
        conditionValues = .allocate(capacity: conditionCapacity)
    }

    func deallocate() {
        members.deallocate()
        footprints.deallocate()
        constants.deallocate()
        pairs.deallocate()
        possible.deallocate()
        chosen.deallocate()
        pending.deallocate()
        conditionValues.deallocate()
    }

    // MARK: Members

    mutating func begin(processCount: Int) {
        self.processCount = processCount
        (memberCount, wordCount, conditionCount) = (0, 0, 0)
    }

    mutating func add(_ table: UnsafeMutablePointer<FootprintTable>, location: Int, proctype: Int = -1) {
        (members + memberCount).initialize(
            to: Member(
                table: table, firstWord: wordCount, wordCount: table.pointee.wordCount, location: location, proctype: proctype,
                firstCondition: conditionCount))
        memberCount += 1
        let (firstWord, firstCondition) = (wordCount, conditionCount)
        wordCount += table.pointee.wordCount
        conditionCount += table.pointee.conditionCount
        makeRoom(keepingWords: firstWord, conditions: firstCondition)
        (possible + firstWord).initialize(repeating: 0, count: wordCount - firstWord)
        (conditionValues + firstCondition).initialize(repeating: .unknown, count: conditionCount - firstCondition)
    }

    private mutating func makeRoom(keepingWords words: Int, conditions: Int) {
        if wordCount > wordCapacity {
            wordCapacity = wordCount * 2
            Self.replace(&possible, capacity: wordCapacity, keeping: words)
            Self.replace(&chosen, capacity: wordCapacity, keeping: 0)
            Self.replace(&pending, capacity: wordCapacity * 64, keeping: 0)
        }
        if conditionCount > conditionCapacity {
            conditionCapacity = conditionCount * 2
            Self.replace(&conditionValues, capacity: conditionCapacity, keeping: conditions)
        }
    }

    private static func replace<Element>(_ memory: inout UnsafeMutablePointer<Element>, capacity: Int, keeping count: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.initialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
    }

    /// What never changes of a process, as it was last.
    func constants(of pid: Int) -> UnsafeMutablePointer<Int64> { constants + pid * constantStride }

    /// What two members mean to each other, if that was found before.
    @inline(__always)
    func interaction(_ member: Int, _ other: Int) -> UnsafeMutablePointer<InteractionTable>? {
        guard let pair = pairs[member * Self.memberLimit + other], pair.one == members[member].table.pointee.number,
            pair.other == members[other].table.pointee.number
        else { return nil }
        return pair.table
    }

    func keep(_ table: UnsafeMutablePointer<InteractionTable>, _ member: Int, _ other: Int) {
        pairs[member * Self.memberLimit + other] = Pair(
            one: members[member].table.pointee.number, other: members[other].table.pointee.number, table: table)
    }

    // MARK: Moves

    @inline(__always)
    func isPossible(_ member: Int, _ move: Int) -> Bool {
        possible[members[member].firstWord + move >> 6] >> UInt64(move & 63) & 1 != 0
    }

    func notePossible(_ move: Int, of member: Int) {
        possible[members[member].firstWord + move >> 6] |= 1 << UInt64(move & 63)
    }

    mutating func removeAll() {
        chosen.initialize(repeating: 0, count: wordCount)
        (pendingCount, moving) = (0, 0)
    }

    @inline(__always)
    mutating func choose(_ moves: UInt64, _ word: Int, of member: Int) {
        let index = members[member].firstWord + word
        var new = moves & ~chosen[index]
        if new == 0 { return }
        chosen[index] |= new
        if new & possible[index] != 0 { moving |= 1 << UInt64(member) }
        while new != 0 {
            pending[pendingCount] = (Int32(truncatingIfNeeded: member), Int32(truncatingIfNeeded: word << 6 + new.trailingZeroBitCount))
            pendingCount += 1
            new &= new - 1
        }
    }

    @inline(__always)
    mutating func choose(_ moves: UnsafePointer<UInt64>, of member: Int) {
        for word in 0..<members[member].wordCount { choose(moves[word], word, of: member) }
    }

    /// What it would take to choose moves. Possible moves weigh more than any others.
    @inline(__always)
    func cost(of moves: UnsafePointer<UInt64>, of member: Int) -> Int {
        var result = 0
        for word in 0..<members[member].wordCount {
            let index = members[member].firstWord + word
            let new = moves[word] & ~chosen[index]
            result += new.nonzeroBitCount + (new & possible[index]).nonzeroBitCount << 16
        }
        return result
    }

    /// A move in the set that was not looked at yet.
    @inline(__always)
    mutating func next() -> (member: Int, move: Int)? {
        if pendingCount == 0 { return nil }
        pendingCount -= 1
        comparisons &+= memberCount
        return (Int(pending[pendingCount].member), Int(pending[pendingCount].move))
    }
}
