import Automata

extension Search {
    /// Searches level by level: the arena of the store is the queue. Successors are stored in the order in which one thread alone
    /// would find them, so that the result does not depend on how many there are.
    /// - Returns: whether every state was expanded.
    func runBreadthFirst(from initial: [UInt8]) -> Bool {
        let first = initial.withUnsafeBytes { store.insert($0) }
        guard first != .full else {
            stop(at: .memory(bytes: options.memoryLimit))
            return false
        }
        parents.append(0)
        var levels = BreadthFirstLevels(depthLimit: options.depthLimit)
        let expander = Expander(generator, reduced, store.states)
        var pool: ExpansionPool?
        defer {
            store.otherReaders = nil
            pool?.stop()
        }
        let own = Expansion()
        var current = 0
        while current < store.count {
            // Small models are done before a thread has started.
            if pool == nil, options.threads > 1, store.count - current >= taskSizes.lowerBound * 4 * options.threads {
                pool = ExpansionPool(threadCount: options.threads - 1, taskSizes: taskSizes, makeExpander)
                store.otherReaders = pool
            }
            if current == levels.end { beginLevelOfSleepers(from: current) }
            let sleepers = sleepSets?.sleepers
            // What sleeps in a level is known when the one before is done.
            let end = keepsLevelsApart && current < levels.end ? levels.end : store.count
            pool?.handOut(current..<end, in: store, sleepers, workingMemory: workingMemory, compiled: compiled)
            var states = current..<end
            switch pool?.takeNext(expander) ?? .nothing {
            case .expansion(let expansion):
                defer { pool?.giveBack() }
                states = expansion.states
                // A share of the memory was not enough for something: once more, with all of it.
                if expansion.isCutShort { break }
                guard store(expansion, &levels) else { return false }
                current = states.upperBound
            case .states(let taken): states = taken
            case .nothing: break
            }
            while current < states.upperBound {
                expander.expand(
                    current..<states.upperBound, in: store.states, sleepers, isWhole: false, workingMemory: workingMemory, into: own)
                guard store(own, &levels) else { return false }
                current = own.states.upperBound
            }
        }
        if !levels.isAtLimit { graph?.close(below: current) }
        statistics.frontier = 0
        if levels.isCut { stop(at: .depth(levels.depth)) }
        return !levels.isCut
    }

    /// Stores the successors of some states, and judges what else was found.
    /// - Returns: false if the search is at its end.
    private func store(_ expansion: Expansion, _ levels: inout BreadthFirstLevels) -> Bool {
        store.bytesElsewhere = parents.bytes + (graph?.bytes ?? 0) + (witnesses?.bytes ?? 0) + (sleepSets?.bytes ?? 0)
        if let last = storeUntilEnd(expansion, &levels) {
            if !expansion.truncations.isEmpty { mergeTruncations(of: expansion.states.lowerBound..<last + 1, hasSleepers: expansion.hasSleepers) }
            return false
        }
        truncations.merge(expansion.truncations)
        return true
    }

    /// Adds the values that do not fit in the steps from these states: where the search ends among states that were looked at
    /// together, those of the later ones do not count.
    private func mergeTruncations(of states: Range<Int>, hasSleepers: Bool) {
        let (again, expansion) = (makeExpander(), Expansion())
        again.expand(states, in: store.states, hasSleepers ? sleepSets?.sleepers : nil, isWhole: true, workingMemory: workingMemory, into: expansion)
        truncations.merge(expansion.truncations)
    }

    /// Does what this thread does, for another one.
    private func makeExpander() -> Expander {
        let generator = makeGenerator()
        // All claims, also those that are decided by now: what is left out must not depend on when a thread began.
        let own = reduced.map { reduced in
            ReducedExpansion(
                generator, reduced.leavesOutMoves ? StubbornSets(generator, keeping: claims) : nil, keepsClaims: !claims.isEmpty,
                makeRepresentatives(), .witnessLater)
        }
        return Expander(generator, own, store.states)
    }

    /// Does what `store` does, state by state.
    /// - Returns: the state at which the search ends; nil if it goes on.
    private func storeUntilEnd(_ expansion: Expansion, _ levels: inout BreadthFirstLevels) -> Int? {
        var (successor, fault) = (0, 0)
        let (states, faults) = (expansion.states, expansion.faults)
        // Added up here, for this is the loop over all states.
        var (transitions, matched) = (0, 0)
        func count() {
            statistics.transitions += transitions
            statistics.statesMatched += matched
            (transitions, matched) = (0, 0)
        }
        defer { count() }
        let mayBePlain = expansion.isPacked && expansion.isPlain
        var next = states.lowerBound
        while next < states.upperBound {
            if mayBePlain, untilReport > 1 {
                let (first, before) = (next, successor)
                let end = max(first, min(states.upperBound, levels.nextLevel, first &+ untilReport &- 1))
                next = store.insertPlain(
                    first..<end, of: expansion, from: &successor, stateLimit: nextMilestone, parents, graph, sleepSets, &matched)
                transitions &+= successor &- before
                untilReport &-= next &- first
                if next == states.upperBound { break }
            }
            let state = next
            next &+= 1
            let parent = expansion.parent(state)
            if levels.enter(state, of: store.count) {
                count()
                statistics.depthReached = levels.depth
                survey.transitionsToLevel = statistics.transitions
                graph?.close(below: state)
                prepareToSleep()
            }
            if store.count >= nextMilestone, !levels.isAtLimit {
                graph?.close(below: state)
                guard passMilestones() else { return state - 1 }
            }
            if isReportDue {
                count()
                statistics.frontier = store.count - state
                guard report() else { return state - 1 }
            }
            let end = successor &+ parent.outcome.successorCount
            if levels.isAtLimit {
                // States at the limit are looked at, for one of them may be a deadlock, but nothing is done to them.
                levels.isCut = levels.isCut || (successor..<end).contains { !store.contains(expansion.state($0)) }
                successor = end
            } else {
                graph?.note(state, parent.outcome, enabled: parent.enabled)
                transitions &+= parent.outcome.successorCount
                if parent.omission != .nothing { reducedCount += 1 }
                var awaitsWitness = parent.omission == .movesIfWitnessed
                guard insert(successor..<end, of: state, in: expansion, &matched, &awaitsWitness) else {
                    stop(at: .memory(bytes: options.memoryLimit))
                    return state
                }
                if awaitsWitness {
                    count()
                    if !storeOnceMore(state, parent) { return state }
                }
                successor = end
            }
            while fault < faults.count, faults[fault].state == state {
                let found = faults[fault]
                fault += 1
                if levels.isAtLimit {
                    levels.isCut = true
                } else {
                    record(found.fault) { way(way(along: numbers(to: state)), into: found.fault, by: found.path) }
                }
            }
            if parent.outcome.isBlocked { recordEnd(store.state(state)) { way(along: numbers(to: state)) } }
            if isDone { return state }
            if parent.outcome.isCutShort {
                stop(at: .memory(bytes: options.memoryLimit))
                return state
            }
        }
        return nil
    }

    /// Expands a state once more of whose successors none can be its witness: they are all known.
    /// - Parameter parent: what was found of it before.
    /// - Returns: false if the search ends here.
    private func storeOnceMore(_ state: Int, _ parent: Expansion.Parent) -> Bool {
        guard let witnesses, let reduced else { return true }
        let expansion = Expansion()
        Expander(generator, reduced.lookingForWitnesses(in: witnesses), store.states).expand(
            state..<state + 1, in: store.states, nil, isWhole: true, workingMemory: workingMemory, into: expansion)
        let again = expansion.parent(state)
        let count = again.outcome.successorCount
        statistics.transitions += count - parent.outcome.successorCount
        statistics.statesMatched -= parent.outcome.successorCount
        if again.omission == .nothing { reducedCount -= 1 }
        var (matched, awaitsWitness) = (0, again.omission != .nothing)
        let isStored = insert(0..<count, of: state, in: expansion, &matched, &awaitsWitness)
        statistics.statesMatched += matched
        for found in expansion.faults {
            record(found.fault) { way(way(along: numbers(to: state)), into: found.fault, by: found.path) }
        }
        if isDone { return false }
        if !isStored || again.outcome.isCutShort {
            stop(at: .memory(bytes: options.memoryLimit))
            return false
        }
        return true
    }

    /// Stores successors of one state, and notes the edges.
    /// - Parameters:
    ///   - matched: counts those that are known.
    ///   - awaitsWitness: whether the state needs a witness; false once it has one.
    /// - Returns: false if the store is full.
    @inline(__always)
    private func insert(
        _ successors: Range<Int>, of state: Int, in expansion: Expansion, _ matched: inout Int, _ awaitsWitness: inout Bool
    ) -> Bool {
        let (places, store, parents) = (expansion.places, store, parents)
        // The search has it for as long, so that it need not be counted at every edge.
        let graph = graph.map(Unmanaged.passUnretained)
        let (isPacked, sleepSets) = (expansion.isPacked, sleepSets)
        for successor in successors {
            let place = places[successor]
            let insertion: StateStore.Insertion =
                if place.number >= 0 {
                    .known(Int(truncatingIfNeeded: place.number))
                } else if place.number == Expansion.unheardOf || expansion.form != store.form {
                    store.insert(expansion.state(successor), near: state)
                } else if isPacked {
                    store.insert(expansion.packedKey(successor), place.hash)
                } else {
                    store.insert(expansion.treeKeys[successor], place.hash)
                }
            let target: Int
            switch insertion {
            case .new(let new):
                target = new
                parents.append(state)
                sleepSets?.append(expansion.asleep(successor))
            case .known(let old):
                target = old
                matched &+= 1
                sleepSets?.note(expansion.asleep(successor), of: old)
            case .full: return false
            }
            if awaitsWitness, let witnesses { awaitsWitness = !witnesses.add(target, for: state) }
            graph?._withUnsafeGuaranteedRef { $0.append(from: state, to: target, movers: expansion.movers(successor)) }
        }
        return true
    }
}

/// How far a breadth-first search is.
struct BreadthFirstLevels {
    private(set) var depth = 0
    /// The first state of the next level, as far as states of this one have been come to.
    var nextLevel: Int { isAtLimit ? 0 : end }
    /// Whether no deeper level is looked at.
    private(set) var isAtLimit: Bool
    /// Whether something was left out at the limit.
    var isCut = false
    /// The first state of the next level, as far as it is known.
    private(set) var end = 1
    private let depthLimit: Int?

    init(depthLimit: Int?) {
        self.depthLimit = depthLimit
        isAtLimit = depthLimit == 0
    }

    /// The search comes to a state, in the order of discovery.
    /// - Returns: whether it is the first of a level but for the initial one, which ends with the states there are then.
    @inline(__always)
    mutating func enter(_ state: Int, of count: Int) -> Bool {
        if state < end { return false }
        depth += 1
        end = count
        isAtLimit = depth == depthLimit
        return true
    }
}
