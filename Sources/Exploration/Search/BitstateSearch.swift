import Automata

extension Search {
    /// A state on the stack. Its successors lie in the buffer, up to where those of the next frame begin.
    private struct Frame {
        /// Where the state itself lies among its predecessor's successors; nil for the initial one.
        var index: Int?
        /// Where its successors begin in the buffer, and which is to be visited next.
        var start: Int
        var next: Int
    }

    /// Searches depth first, and keeps of each state that it has left three bits only (G. Holzmann, "An Improved Protocol
    /// Reachability Analysis Technique", 1988). What it finds is real; what it does not find may be among the states that it has missed.
    func runBitstate(from initial: [UInt8], _ table: BitTable) {
        var stack: [Frame] = []
        var hashes: [UInt64] = []
        var (isFull, isCut) = (false, false)
        let successors = SuccessorBuffer()
        // A copy of the state that is expanded: the buffer moves when it grows.
        var current: [UInt8] = []
        store.bytesElsewhere = table.bytes
        for claim in claims {
            undecidedClaims[claim] = .engine("--bitstate keeps no states to follow whole runs with")
        }

        func wayHere() -> Way {
            way(through: stack.map { $0.index.map { Array(successors[$0]) } ?? initial } + [current])
        }
        generator.onFault = { [self] fault, step in
            record(fault) { way(wayHere(), into: fault, by: generator.path(toFaultIn: step)) }
        }
        defer { generator.onFault = { _, _ in } }

        func visit(_ index: Int?) {
            statistics.depthReached = max(statistics.depthReached, stack.count)
            if let depthLimit = options.depthLimit, stack.count >= depthLimit {
                isCut = true
                return
            }
            current.removeAll(keepingCapacity: true)
            if let index { current.append(contentsOf: successors[index]) } else { current.append(contentsOf: initial) }
            let start = successors.count
            generator.workingMemoryLimit = workingMemory
            let outcome = current.withUnsafeBytes { generator.expand($0, into: successors) }
            reduced?.representatives?.canonicalize(successors, from: start)
            statistics.transitions += outcome.successorCount
            if outcome.isBlocked { current.withUnsafeBytes { recordEnd($0, wayHere) } }
            for successor in start..<successors.count {
                let state = successors[successor]
                guard let bytes = state.baseAddress else { continue }
                let hash = StateHash.hash(bytes, count: state.count)
                table.prefetch(hash)
                hashes.append(hash)
            }
            stack.append(Frame(index: index, start: start, next: start))
            let stackBytes = successors.byteCount + hashes.count * 8 + stack.count * MemoryLayout<Frame>.stride
            isFull = isFull || outcome.isCutShort || stackBytes > workingMemory
        }

        initial.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { _ = table.insert(StateHash.hash(start, count: bytes.count)) }
        }
        visit(nil)
        while let top = stack.last, !isFull, !isDone {
            guard top.next < successors.count else {
                successors.removeAll(after: top.start)
                hashes.removeLast(hashes.count - top.start)
                stack.removeLast()
                continue
            }
            if isReportDue {
                statistics.frontier = stack.count
                guard report() else { return }
            }
            stack[stack.count - 1].next += 1
            if table.insert(hashes[top.next]) { visit(top.next) } else { statistics.statesMatched += 1 }
        }
        if isFull { return stop(at: .memory(bytes: options.memoryLimit)) }
        if let depthLimit = options.depthLimit, isCut { return stop(at: .pathLength(depthLimit)) }
        if stack.isEmpty { stop(at: .bitstate(states: table.count, coverage: table.coverage)) }
    }
}
