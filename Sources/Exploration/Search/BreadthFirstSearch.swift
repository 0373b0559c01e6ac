import Automata

extension Search {
    /// Searches level by level: the arena of the store is the queue.
    /// - Returns: whether every state was expanded.
    func runBreadthFirst(from initial: [UInt8]) -> Bool {
        var current = 0
        var isFull = false
        // States at the limit are looked at, for one of them may be a deadlock, but nothing is done to them.
        var isAtLimit = options.depthLimit == 0
        var isCut = false
        generator.onSuccessor = { [self] successor in
            if isAtLimit {
                isCut = isCut || !store.contains(successor.state)
                return
            }
            statistics.transitions += 1
            switch store.insert(successor.state, parent: UInt32(truncatingIfNeeded: current)) {
            case .new: break
            case .known: statistics.statesMatched += 1
            case .full: isFull = true
            }
        }
        generator.onFault = { [self] fault, step in
            if isAtLimit {
                isCut = true
                return
            }
            record(fault, path: path(to: current) + generator.path(toFaultIn: step))
        }
        defer {
            generator.onSuccessor = { _ in }
            generator.onFault = { _, _ in }
        }
        let first = initial.withUnsafeBytes { store.insert($0, parent: StateStore.noParent) }
        guard first != .full else {
            stop(at: .memory(bytes: options.memoryLimit))
            return false
        }
        var depth = 0
        var levelEnd = 1
        while current < store.count {
            if current == levelEnd {
                depth += 1
                statistics.depthReached = depth
                levelEnd = store.count
                isAtLimit = depth == options.depthLimit
            }
            statistics.frontier = store.count - current
            guard mayGoOn() else { return false }
            let outcome = generator.expand(store.state(current))
            if outcome.isBlocked { recordEnd(store.state(current), path: path(to: current)) }
            if isDone { return false }
            if isFull {
                stop(at: .memory(bytes: options.memoryLimit))
                return false
            }
            current += 1
        }
        statistics.frontier = 0
        if isCut { stop(at: .depth(depth)) }
        return !isCut
    }
}
