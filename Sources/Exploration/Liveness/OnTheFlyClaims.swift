import Automata

/// Checking claims about whole runs depth first: states are only expanded where the search comes by.
extension Search {
    /// Looks for runs that break the open claims, each for itself.
    /// - Returns: whether the search is to go on.
    func checkClaimsOnTheFly(from initial: [UInt8]) -> Bool {
        for claim in openClaims {
            do {
                guard options.fairness != .strong else {
                    undecidedClaims[claim] = .breadthNeeded
                    continue
                }
                if let violation = try violationOnTheFly(of: claim, from: initial) { record(violation) }
            } catch ComponentSearch.Interruption.interrupted {
                stop(at: .interrupted)
                return false
            } catch let error as BuchiTranslationError {
                undecidedClaims[claim] = .formulaTooLarge("\(error)")
            } catch {
                undecidedClaims[claim] = .memory(bytes: options.memoryLimit)
            }
        }
        if isDone { return false }
        statistics = Statistics()
        return true
    }

    private func violationOnTheFly(of claim: Claim, from initial: [UInt8]) throws -> Violation? {
        let store = try StateStore(
            stateSize: Self.usualStateSize(system), memoryLimit: options.memoryLimit / 4 * 3, threads: options.threads)
        let graph = try StateGraph(
            memoryLimit: options.memoryLimit, recordsMoves: options.fairness != .none, hasRanks: true)
        // No state takes less than four bytes: its slot in the index alone takes more.
        let product = try ProductGraph(
            graph, store, try ClaimTable(system, claim), expandedCount: .max,
            stateLimit: min(1 << 28, options.memoryLimit / 4))
        _ = initial.withUnsafeBytes { store.insert($0) }
        var isFull = false
        let buffer = SuccessorBuffer()
        generator.recordsMoves = graph.recordsMoves
        defer { generator.recordsMoves = false }
        product.expand = { [self, unowned product] state in
            isFull = !expand(state, into: buffer, product) || isFull
        }
        let search = try OnTheFlySearch(product, fairness: options.fairness, depthLimit: options.depthLimit) {
            [self] nodes, depth, bytes in
            if isFull || store.bytes + graph.bytes + bytes > options.memoryLimit { throw ComponentSearch.Interruption.memory }
            statistics.depthReached = max(statistics.depthReached, depth)
            if !report(productStates: nodes) { throw ComponentSearch.Interruption.interrupted }
        }
        let isBroken = try search.run()
        product.expand = nil
        statesElsewhere = max(statesElsewhere, store.count)
        // A state that could not be expanded is not one in which nothing can move.
        if isFull { throw ComponentSearch.Interruption.memory }
        if isBroken {
            let lasso = try LassoSearch(product, search, fairness: options.fairness) { [self] in report(productStates: $0) }
            return try lasso.run(memoryLimit: .max).map { violation(of: claim, $0, product) }
        }
        if search.isCut, let limit = options.depthLimit { undecidedClaims[claim] = .pathLength(limit) }
        return nil
    }

    /// Finds the edges of a state; false if there is no room for what they lead to.
    private func expand(_ state: Int, into buffer: SuccessorBuffer, _ product: ProductGraph) -> Bool {
        let (store, graph) = (product.store, product.graph)
        defer {
            buffer.removeAll()
            generator.forgetMoves()
        }
        let outcome = expand(state, of: store, into: buffer)
        var targets: [Int] = []
        for number in 0..<buffer.count {
            switch store.insert(buffer[number]) {
            case .new(let target) where target < product.stateCount, .known(let target): targets.append(target)
            case .new, .full: return false
            }
        }
        graph.note(state, outcome, enabled: generator.moves.enabled)
        graph.append(from: state, to: targets, movers: generator.moves.movers)
        store.bytesElsewhere = graph.bytes
        return !outcome.isCutShort
    }
}
