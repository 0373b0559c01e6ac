import Automata

extension Search {
    /// A state on the depth-first stack. Its successors lie in the buffer, up to where those of the next frame begin.
    private struct Frame {
        var number: Int
        /// Where its successors begin and end in the buffer, and which is to be visited next.
        var start: Int
        var end: Int
        var next: Int
    }

    /// Searches along one path as far as it goes, then backs up.
    /// - Returns: whether every state was expanded.
    func runDepthFirst(from initial: [UInt8]) -> Bool {
        var stack: [Frame] = []
        var isFull = false
        var isCut = false
        let successors = SuccessorBuffer()
        var expanding = 0
        generator.onFault = { [self] fault, step in
            record(fault) { way(way(along: stack.map(\.number) + [expanding]), into: fault, by: generator.path(toFaultIn: step)) }
        }
        defer { generator.onFault = { _, _ in } }

        func visit(_ number: Int) {
            statistics.depthReached = max(statistics.depthReached, stack.count)
            if let depthLimit = options.depthLimit, stack.count >= depthLimit {
                isCut = true
                return
            }
            expanding = number
            let start = successors.count
            generator.workingMemoryLimit = workingMemory
            let outcome = expand(number, of: store, into: successors)
            if outcome.isBlocked {
                recordEnd(store.state(number)) { way(along: stack.map(\.number) + [number]) }
            }
            stack.append(Frame(number: number, start: start, end: successors.count, next: start))
            let stackBytes = successors.byteCount + stack.count * MemoryLayout<Frame>.stride
            isFull = isFull || outcome.isCutShort || stackBytes > workingMemory
        }

        switch initial.withUnsafeBytes({ store.insert($0) }) {
        case .new(let number), .known(let number): visit(number)
        case .full: isFull = true
        }
        while let top = stack.last, !isFull, !isDone {
            guard top.next < top.end else {
                successors.removeAll(after: top.start)
                stack.removeLast()
                continue
            }
            if isReportDue {
                statistics.frontier = stack.count
                guard report() else { return false }
            }
            stack[stack.count - 1].next += 1
            switch store.insert(successors[top.next]) {
            case .new(let number): visit(number)
            case .known: statistics.statesMatched += 1
            case .full: isFull = true
            }
        }
        if isFull { stop(at: .memory(bytes: options.memoryLimit)) }
        if let depthLimit = options.depthLimit, isCut, !isFull { stop(at: .pathLength(depthLimit)) }
        return stack.isEmpty && !isCut && !isFull
    }
}
