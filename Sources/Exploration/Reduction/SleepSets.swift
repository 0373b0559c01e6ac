import Automata

/// What sleeps in the states that a breadth-first search comes to next: moves that lead to states which are found anyway.
///
/// A move sleeps in a state if it does in every successor that this state was found as, from the level before: of moves that do not mind
/// each other each was taken before the others somewhere. Then no state is missed, nor found later than at its depth. For consider the
/// shortest paths to a state, and of those the first one in the order in which moves are looked at. Were one of its steps left out, for
/// its move slept, then since some state of the path in which that move was possible, was looked at before the one that the path takes,
/// and was minded by no step from there to here. With it taken there, a path would be as long, lead to the same state, and come earlier
/// in that order. Nor is a fault missed: it could have been come to with fewer steps. What states are found later than on the next level
/// need not be asked, unlike in a search by depth (P. Godefroid, "Partial-order methods for the verification of concurrent systems",
/// 1996, chapter 5).
final class SleepSets {
    let table: SleepTable
    /// A level in which nothing is known to sleep has no masks.
    @exclusivity(unchecked) private var level = Masks()
    @exclusivity(unchecked) private var next = Masks()
    /// States in which something slept.
    private(set) var stateCount = 0
    /// Moves that were not taken in the levels that are done, and in this one.
    private(set) var moveCount = (before: 0, here: 0)

    /// What sleeps in states whose numbers follow each other.
    private struct Masks {
        var first = 0
        var count = 0
        var capacity = 1 << 10
        /// Before the first one there is another, for states of which nothing is to be noted.
        var masks: UnsafeMutablePointer<SleepMask>

        init() { masks = Self.allocate(capacity) }

        private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<SleepMask> {
            let memory = UnsafeMutablePointer<SleepMask>.allocate(capacity: capacity + 1)
            memory.initialize(to: SleepMask())
            return memory + 1
        }

        func deallocate() { (masks - 1).deallocate() }

        @inline(never)
        mutating func grow(to needed: Int) {
            let larger = max(capacity * 2, needed)
            let copy = Self.allocate(larger)
            copy.update(from: masks, count: count)
            deallocate()
            (masks, capacity) = (copy, larger)
        }
    }

    /// - Parameters:
    ///   - first: the number of the first state of a level.
    ///   - masks: what sleeps in its states.
    init(_ table: SleepTable, first: Int, masks: ArraySlice<SleepMask>) {
        self.table = table
        next.first = first
        for mask in masks { append(mask) }
    }

    deinit {
        level.deallocate()
        next.deallocate()
    }

    /// Bytes in use.
    var bytes: Int { (level.capacity + next.capacity) * MemoryLayout<SleepMask>.stride }

    /// What sleeps in the states of the level that is searched, to be read until the next one begins.
    var sleepers: Sleepers { Sleepers(table: table, first: level.first, masks: level.count > 0 ? UnsafePointer(level.masks) : nil) }

    /// A level is complete.
    /// - Returns: moves that sleep in a state of the next one, on average.
    func beginLevel() -> Double {
        swap(&level, &next)
        (next.first, next.count) = (level.first + level.count, 0)
        var sleeping = 0
        for index in 0..<level.count {
            let mask = level.masks[index].moves
            sleeping &+= mask.nonzeroBitCount
            stateCount &+= mask == 0 ? 0 : 1
        }
        moveCount = (moveCount.before + moveCount.here, sleeping)
        return Double(sleeping) / Double(max(1, level.count))
    }

    /// A new state was found.
    @inline(__always)
    func append(_ mask: SleepMask) {
        appendStates(1)
        next.masks[next.count &- 1] = mask
    }

    /// So many new states were found: all sleeps there as long as nothing is noted.
    /// - Returns: where to note it until there are more.
    @inline(__always) @discardableResult
    func appendStates(_ count: Int) -> Notes {
        if next.count &+ count > next.capacity { next.grow(to: next.count &+ count) }
        (next.masks + next.count).update(repeating: .everything, count: count)
        next.count &+= count
        return notes
    }

    /// A state was found with this asleep.
    @inline(__always)
    func note(_ mask: SleepMask, of state: Int) { notes.note(mask, of: state) }

    /// What sleeps in the states of the next level, and one before them of which nothing is to be noted.
    struct Notes {
        fileprivate let first: Int
        fileprivate let masks: UnsafeMutablePointer<SleepMask>

        /// A state was found with this asleep.
        @inline(__always)
        func note(_ mask: SleepMask, of state: Int) { masks[max(-1, state &- first)].formIntersection(mask) }
    }

    private var notes: Notes { Notes(first: next.first, masks: next.masks) }
}

/// What sleeps in the states of a level.
struct Sleepers {
    let table: SleepTable
    /// The first state of the level.
    let first: Int
    /// By state; nil if nothing sleeps.
    let masks: UnsafePointer<SleepMask>?

    @inline(__always)
    func mask(of state: Int) -> SleepMask { masks.map { $0[state &- first] } ?? SleepMask() }
}

extension Search {
    /// So many states show what processes there are.
    static let usualSleepThreshold = 1 << 10
    /// So many show whether anything is worth it.
    private static let lastSleepThreshold = 1 << 14
    /// So many moves have to sleep, for each one that is taken.
    private static let leastSleepers = 0.3

    /// A level begins. When there are states enough, the next one is not looked at before this one is done: decided here, when no state of
    /// the next one is known, so that it does not depend on how many threads look ahead.
    func prepareToSleep() {
        if maySleep, store.count >= sleepThreshold { keepsLevelsApart = true }
    }

    /// The states that there are, but for those that are done, are the next level.
    /// - Parameter level: the first of them.
    func beginLevelOfSleepers(from level: Int) {
        guard keepsLevelsApart else { return }
        if sleepSets == nil {
            let table = SleepTable(generator, processesAsIn: store.state(store.count - 1))
            sleepSets = table.map { makeSleepSets($0, level: level) }
            // Perhaps processes have still to be started.
            sleepThreshold = sleepThreshold >= Self.lastSleepThreshold ? .max : sleepThreshold * 8
            keepsLevelsApart = sleepSets != nil
        }
        guard let asleep = sleepSets?.beginLevel(), store.count >= Self.lastSleepThreshold else { return }
        guard asleep < Self.leastSleepers * Double(statistics.transitions) / Double(level) else { return }
        statistics.sleepStates = sleepSets?.stateCount
        (maySleep, sleepSets, keepsLevelsApart) = (false, nil, false)
    }

    /// Finds out what would sleep in the states of a level if it had been looked for from the beginning.
    private func makeSleepSets(_ table: SleepTable, level: Int) -> SleepSets {
        let (generator, buffer) = (makeGenerator(), SuccessorBuffer())
        generator.sleepTable = table
        var masks = [SleepMask](repeating: .everything, count: store.count)
        masks[0] = SleepMask()
        var (levelEnd, foundEnd) = (1, 1)
        for state in 0..<level {
            if state == levelEnd { levelEnd = foundEnd }
            buffer.removeAll()
            generator.sleepMasks.removeAll()
            generator.asleep = masks[state]
            _ = generator.expand(store.state(state), into: buffer)
            for successor in 0..<buffer.count {
                guard let number = store.reader.find(buffer[successor]), number >= levelEnd else { continue }
                masks[number].formIntersection(generator.sleepMasks[successor])
                foundEnd = max(foundEnd, number + 1)
            }
        }
        return SleepSets(table, first: level, masks: masks[level...])
    }
}
