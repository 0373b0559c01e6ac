import Automata

/// Goes along a walk as a claim does, in all of the claim's states at once, and tells when the walk breaks it.
///
/// What becomes of a set of claim states on a letter is worked out once, and kept.
final class ClaimWatch {
    let claim: Claim
    private let table: ClaimTable
    private var sets: [[Int32]] = []
    private var numbers: [[Int32]: Int32] = [:]
    /// For each set, by letters.
    private var moves: [[Move?]] = []
    /// The states in which the claim can be now, as the number of a set.
    private var current: Int32 = 0
    /// For each state of the walk that was observed, its letter and the set in which it was met.
    private var letters: [Int] = []
    private var setsBefore: [Int32] = []
    /// For each mark of the claim, the last position at which it can have been passed.
    private var lastPassed: [Int]
    private var remainingChecks = 0
    /// The claim states that walks have been in, as bits.
    private(set) var visited: [UInt64]

    private struct Move {
        var target: Int32
        var marks: UInt64
        /// Whether the claim comes to its end, or to something that has no value.
        var isEnding: Bool
    }

    /// Sets that are kept; with more, all are forgotten before the next walk.
    private static let setLimit = 1 << 13
    /// Cycles that are looked at in one walk, and how long each may be.
    private static let checksPerWalk = 256
    private static let cycleLimit = 1 << 12

    /// - Throws: `BuchiTranslationError` if a formula is too large.
    init(_ system: System, _ claim: Claim) throws {
        self.claim = claim
        table = try ClaimTable(system, claim)
        lastPassed = Array(repeating: -1, count: table.markCount)
        visited = Array(repeating: 0, count: (table.stateCount + 63) / 64)
    }

    /// How many states the claim has.
    var stateCount: Int { table.stateCount }

    /// The states in which the claim can be now.
    var states: [Int32] { sets[Int(current)] }

    /// Begins a walk.
    /// - Parameter states: where the claim can be; nil for its beginning.
    func begin(in states: [Int32]?) {
        if sets.count > Self.setLimit {
            sets.removeAll()
            numbers.removeAll()
            moves.removeAll()
        }
        current = number(states ?? table.initialStates.sorted())
        letters.removeAll(keepingCapacity: true)
        setsBefore.removeAll(keepingCapacity: true)
        for mark in lastPassed.indices { lastPassed[mark] = -1 }
        remainingChecks = Self.checksPerWalk
    }

    /// Whether the claim is broken from the beginning on.
    var isEndingAtOnce: Bool { states.contains { table.isFinal($0) } }

    /// Forgets which claim states walks have been in, and returns it.
    func takeVisited() -> [UInt64] {
        defer { for word in visited.indices { visited[word] = 0 } }
        return visited
    }

    private func number(_ states: [Int32]) -> Int32 {
        if let known = numbers[states] { return known }
        numbers[states] = Int32(sets.count)
        sets.append(states)
        moves.append([])
        return Int32(sets.count - 1)
    }

    /// Takes a look at the next state of the walk that no process keeps for itself.
    /// - Returns: whether the walk has broken the claim, however it goes on.
    func observe(_ state: UnsafeRawBufferPointer, isTimeout: Bool) -> Bool {
        advance(table.letter(of: state, .init(isTimeout: isTimeout, isStuttering: false)))
    }

    /// Nothing can move in the state that was observed last: it stays for ever.
    /// - Returns: whether that breaks the claim.
    func stay(_ state: UnsafeRawBufferPointer) -> Bool {
        let letter = table.letter(of: state, .init(isTimeout: true, isStuttering: true))
        return table.accepts(cycle: CollectionOfOne(letter), from: states)
    }

    private func advance(_ letter: Int) -> Bool {
        setsBefore.append(current)
        letters.append(letter)
        let set = Int(current)
        let move: Move
        if letter < moves[set].count, let known = moves[set][letter] {
            move = known
        } else {
            move = workOut(set, letter)
            moves[set] += Array(repeating: nil, count: max(0, letter + 1 - moves[set].count))
            moves[set][letter] = move
        }
        current = move.target
        for mark in lastPassed.indices where move.marks &>> UInt64(mark) & 1 != 0 { lastPassed[mark] = letters.count - 1 }
        if set != Int(current) {
            for state in sets[Int(current)] { visited[Int(state) >> 6] |= 1 &<< UInt64(state & 63) }
        }
        return move.isEnding
    }

    private func workOut(_ set: Int, _ letter: Int) -> Move {
        var targets: Set<Int32> = []
        var result = Move(target: 0, marks: 0, isEnding: false)
        for state in sets[set] {
            visited[Int(state) >> 6] |= 1 &<< UInt64(state & 63)
            for position in table.edges(from: state, on: letter) {
                let edge = table[position]
                result.marks |= edge.marks
                if edge.target < 0 || table.isFinal(edge.target) {
                    result.isEnding = true
                } else {
                    targets.insert(edge.target)
                }
            }
        }
        result.target = number(targets.sorted())
        return result
    }

    /// The number of states that were observed.
    var position: Int { letters.count }

    /// The walk is back at the state that it observed at this position: whether to repeat all since then for ever breaks the
    /// claim.
    func isBroken(byRepeatingFrom start: Int) -> Bool {
        guard remainingChecks > 0, !states.isEmpty, start < letters.count, letters.count - start <= Self.cycleLimit else {
            return false
        }
        // Where the claim can be in the same states again, all turns are like the first.
        if setsBefore[start] == current, lastPassed.contains(where: { $0 < start }) { return false }
        remainingChecks -= 1
        return table.accepts(cycle: letters[start...], from: sets[Int(setsBefore[start])])
    }
}
