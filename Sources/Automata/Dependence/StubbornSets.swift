import Promela

/// Finds, for a state, sets of processes such that it is enough to look at their moves: whatever the others do, now or later,
/// neither depends on those moves nor makes another move of these processes possible.
///
/// These are stubborn sets (Valmari, "Stubborn sets for reduced state space generation", 1990) that are closed under the
/// alternatives of a process, with necessary enabling sets for what cannot be taken (Godefroid, "Partial-Order Methods for the
/// Verification of Concurrent Systems", 1996; Laarman, Pater, van de Pol, Weber, "Guard-based partial-order reduction", 2014). For
/// claims they are ample (Clarke, Grumberg, Peled, "Model Checking", 1999): no move that a claim sees is in a set that is not
/// all. The search has to see to it that no process is left out for ever.
public final class StubbornSets {
    /// States with more processes are not reduced: the sets are words.
    private static let processLimit = 64

    private let generator: SuccessorGenerator
    private let machine: Machine
    private let dependence: Dependence
    private let wordCount: Int
    private var profiles: [ProcessFootprints] = []
    private var locations: [Int] = []
    /// What each process minds, as words: of what it can do what that minds, of what it cannot what may enable it.
    private var minds: [UInt64] = []
    /// The processes that each one needs in the set, directly; nil where that is not known yet.
    private var needs: [UInt64?] = []

    /// Whether a step of the system may fail; if none can, only deadlocks are to be kept, besides what claims see.
    public var mayFault: Bool { dependence.mayFault }

    /// Why the sets that would be found cannot be relied on, in words.
    public var obstacle: String? {
        dependence.testsRendezvous ? "a rendezvous is tried inside `atomic`, or beside `else` or `unless`" : nil
    }

    /// - Parameters:
    ///   - generator: whose states are asked about.
    ///   - claims: what is to be found true or false as in all interleavings; see `System.reductionObstacle`.
    public init(_ generator: SuccessorGenerator, keeping claims: [Claim]) {
        self.generator = generator
        machine = generator.machine
        dependence = Dependence(generator.system, observed: generator.system.observed(by: claims))
        wordCount = dependence.wordCount
    }

    /// Sets of processes, by their pids as bits, the smallest first; none where nothing can be left out.
    public func candidates(in state: UnsafeRawBufferPointer) -> [UInt64] {
        guard let base = state.baseAddress else { return [] }
        let source = UnsafeMutableRawPointer(mutating: base)
        machine.allowsTimeout = false
        machine.index(source, size: state.count)
        let count = machine.processCount
        guard count > 1, count <= Self.processLimit else { return [] }
        profiles.removeAll(keepingCapacity: true)
        locations.removeAll(keepingCapacity: true)
        minds.removeAll(keepingCapacity: true)
        minds.append(contentsOf: repeatElement(0, count: count * wordCount))
        needs.removeAll(keepingCapacity: true)
        needs.append(contentsOf: repeatElement(nil, count: count))
        var movable: UInt64 = 0
        var visible: UInt64 = 0
        var waitsForYoungest: UInt64 = 0
        for pid in 0..<count {
            profiles.append(dependence.footprints(of: pid, in: machine))
            locations.append(machine.location(ofProcessAt: pid))
            guard let found = survey(pid, isYoungest: pid == count - 1) else { return [] }
            let bit: UInt64 = 1 << UInt64(pid)
            if found.canMove { movable |= bit }
            if found.isVisible { visible |= bit }
            if found.waitsForYoungest { waitsForYoungest |= bit }
        }
        var found: [UInt64] = []
        for seed in 0..<count where movable >> UInt64(seed) & 1 != 0 {
            let set = closure(of: seed, waitsForYoungest, count)
            if set & visible != 0 || set & movable == movable { continue }
            let chosen = set & movable
            if !found.contains(chosen) { found.append(chosen) }
        }
        return found.sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }
    }

    // MARK: One process

    private struct Survey {
        /// Whether it has a move, or may have one with a partner.
        var canMove = false
        var isVisible = false
        var waitsForYoungest = false
    }

    /// Finds out what a process can do and minds; nil if that runs into a fault.
    private func survey(_ pid: Int, isYoungest: Bool) -> Survey? {
        let profile = profiles[pid]
        var result = Survey()
        if generator.tables.restrictsMoves {
            let isProvided = machine.isProvided(pid)
            if machine.hasFault { return forget() }
            if !isProvided {
                mind(profile.providedEnablers, pid)
                return result
            }
        }
        machine.enter(pid)
        let location = machine.locationRecord(ofProcessAt: pid)
        let tables = generator.tables
        /// Whether something can be taken here for certain, so that `else` cannot.
        var isMoving = false
        for index in Int(location.first)..<Int(location.end) {
            let transition = tables.transitions[index]
            let move = profile.moves[index - profile.firstTransition]
            var isPossible = true
            switch transition.kind {
            case .end:
                if !isYoungest {
                    result.waitsForYoungest = true
                    continue
                }
            case .ordinary:
                if transition.guardEntry >= 0 {
                    isPossible = machine.guardValue(of: transition) != 0
                    if machine.hasFault { return forget() }
                }
            case .otherwise: isPossible = !isMoving
            case .select: break
            }
            // Whether there is a partner is not looked at.
            if isPossible || move.isRendezvous {
                mind(move.footprint.minds, pid)
                if move.isVisible { result.isVisible = true }
            }
            if !isPossible || move.isRendezvous { mind(move.enablers, pid) }
            if isPossible {
                // The receiver of a rendezvous moves with the sender.
                result.canMove = true
                if !move.isRendezvous { isMoving = true }
            }
        }
        return result
    }

    private func forget() -> Survey? {
        _ = machine.takeFault()
        return nil
    }

    private func mind(_ set: TagSet, _ pid: Int) {
        let start = pid * wordCount
        for index in 0..<wordCount { minds[start + index] |= set.words[index] }
    }

    // MARK: Sets

    /// The least set with a process that needs no other.
    private func closure(of seed: Int, _ waitsForYoungest: UInt64, _ count: Int) -> UInt64 {
        var set: UInt64 = 1 << UInt64(seed)
        var pending = set
        while pending != 0 {
            let pid = pending.trailingZeroBitCount
            pending &= pending - 1
            var needed = needs(of: pid, count)
            if waitsForYoungest >> UInt64(pid) & 1 != 0 { needed |= 1 << UInt64(count - 1) }
            pending |= needed & ~set
            set |= needed
        }
        return set
    }

    /// The other processes that may one day do what a process minds.
    private func needs(of pid: Int, _ count: Int) -> UInt64 {
        if let known = needs[pid] { return known }
        var result: UInt64 = 0
        let start = pid * wordCount
        for other in 0..<count where other != pid {
            let isNeeded = profiles[other].futures[locations[other]].words.withUnsafeBufferPointer { does in
                (0..<wordCount).contains { does[$0] & minds[start + $0] != 0 }
            }
            if isNeeded { result |= 1 << UInt64(other) }
        }
        needs[pid] = result
        return result
    }
}
