import Automata

extension Search {
    /// Searches level by level: the arena of the store is the queue. Successors are stored in batches, in the order in which they
    /// are found.
    /// - Returns: whether every state was expanded.
    func runBreadthFirst(from initial: [UInt8]) -> Bool {
        var current = 0
        // States at the limit are looked at, for one of them may be a deadlock, but nothing is done to them.
        var isAtLimit = options.depthLimit == 0
        var isCut = false
        expanding = 0
        generator.onFault = { [self] fault, step in
            if isAtLimit {
                isCut = true
                return
            }
            record(fault, path: path(to: expanding) + generator.path(toFaultIn: step))
        }
        defer { generator.onFault = { _, _ in } }
        let first = initial.withUnsafeBytes { store.insert($0, parent: StateStore.noParent) }
        guard first != .full else {
            stop(at: .memory(bytes: options.memoryLimit))
            return false
        }
        let batch = SuccessorBatch(store)
        var transitions = 0
        var matched = 0
        defer {
            statistics.transitions += transitions
            statistics.statesMatched += matched
        }
        /// Stores what has been found so far; false if the store is full.
        func flush() -> Bool {
            guard let known = batch.flush(into: graph, movers: generator.moves.movers) else {
                stop(at: .memory(bytes: options.memoryLimit))
                return false
            }
            if let graph {
                generator.forgetMoves()
                store.bytesElsewhere = graph.bytes
            }
            matched += known
            return true
        }
        var depth = 0
        var levelEnd = 1
        while true {
            if current == store.count || current == levelEnd {
                guard flush() else { return false }
                if !isAtLimit { graph?.close(below: current) }
                if current == store.count { break }
                depth += 1
                statistics.depthReached = depth
                levelEnd = store.count
                isAtLimit = depth == options.depthLimit
            }
            if isCheckpoint, !isAtLimit {
                guard flush() else { return false }
                graph?.close(below: current)
                guard checkClaims(isComplete: false) else { return false }
            }
            if isReportDue {
                statistics.frontier = store.count - current
                statistics.transitions += transitions
                statistics.statesMatched += matched
                (transitions, matched) = (0, 0)
                guard report() else { return false }
            }
            expanding = current
            let state = store.state(current)
            generator.workingMemoryLimit = workingMemory
            let outcome = generator.expand(state, into: batch.buffer)
            if isAtLimit {
                let buffer = batch.buffer
                isCut = isCut || (0..<buffer.count).contains { !store.contains(buffer[$0]) }
                buffer.removeAll()
                generator.forgetMoves()
            } else {
                graph?.note(current, outcome, enabled: generator.moves.enabled)
                transitions += outcome.successorCount
                batch.note(parent: current)
            }
            if outcome.isBlocked, !generator.isValidEnd(state) { recordEnd(state, path: path(to: current)) }
            if isDone {
                _ = flush()
                return false
            }
            if outcome.isCutShort {
                stop(at: .memory(bytes: options.memoryLimit))
                return false
            }
            if batch.isComplete {
                guard flush() else { return false }
            }
            current += 1
        }
        statistics.frontier = 0
        if isCut { stop(at: .depth(depth)) }
        return !isCut
    }
}
