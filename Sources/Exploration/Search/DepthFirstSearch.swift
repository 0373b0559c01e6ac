import Automata

extension Search {
    /// A state on the depth-first stack, with the successors that are still to be visited.
    private struct Frame {
        var number: Int
        /// The bytes of the successors, one after the other, each preceded by nothing: `ends` tells them apart.
        var bytes: [UInt8]
        var ends: [Int]
        var next: Int
    }

    /// Searches along one path as far as it goes, then backs up.
    /// - Returns: whether every state was expanded.
    func runDepthFirst(from initial: [UInt8]) -> Bool {
        var stack: [Frame] = []
        var isFull = false
        var isCut = false
        var successors = Frame(number: 0, bytes: [], ends: [], next: 0)
        generator.onSuccessor = { [self] successor in
            statistics.transitions += 1
            successors.bytes.append(contentsOf: successor.state)
            successors.ends.append(successors.bytes.count)
        }
        generator.onFault = { [self] fault, step in
            record(
                fault,
                path: path(along: stack.map(\.number) + [successors.number]) + generator.path(toFaultIn: step))
        }
        defer {
            generator.onSuccessor = { _ in }
            generator.onFault = { _, _ in }
        }

        func visit(_ number: Int) {
            statistics.depthReached = max(statistics.depthReached, stack.count)
            if let depthLimit = options.depthLimit, stack.count >= depthLimit {
                isCut = true
                return
            }
            successors = Frame(number: number, bytes: [], ends: [], next: 0)
            let outcome = generator.expand(store.state(number))
            if outcome.isBlocked {
                recordEnd(store.state(number), path: path(along: stack.map(\.number) + [number]))
            }
            stack.append(successors)
        }

        switch initial.withUnsafeBytes({ store.insert($0, parent: StateStore.noParent) }) {
        case .new(let number), .known(let number): visit(number)
        case .full: isFull = true
        }
        while let top = stack.last, !isFull, !isDone {
            guard top.next < top.ends.count else {
                stack.removeLast()
                continue
            }
            guard mayGoOn() else { return false }
            statistics.frontier = stack.count
            let last = stack.count - 1
            let start = top.next == 0 ? 0 : top.ends[top.next - 1]
            stack[last].next += 1
            let insertion = stack[last].bytes.withUnsafeBytes {
                store.insert(
                    UnsafeRawBufferPointer(rebasing: $0[start..<top.ends[top.next]]),
                    parent: UInt32(truncatingIfNeeded: top.number))
            }
            switch insertion {
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
