import Automata
import Promela

/// Checking claims about whole runs, on the graph of the states.
extension Search {
    /// Looks for runs that break the claims that are still open.
    /// - Parameter isComplete: whether all states were searched. Where not, only what is violated is decided.
    /// - Returns: whether the search is to go on.
    func checkClaims(isComplete: Bool) -> Bool {
        defer { passCheckpoint() }
        for claim in openClaims {
            do {
                if let violation = try violation(of: claim, isComplete: isComplete) {
                    record(violation)
                    openClaims.removeAll { $0 == claim }
                }
            } catch ComponentSearch.Interruption.interrupted {
                stop(at: .interrupted)
                return false
            } catch let error as BuchiTranslationError {
                undecidedClaims[claim] = .formulaTooLarge("\(error)")
                openClaims.removeAll { $0 == claim }
            } catch {
                if isComplete { undecidedClaims[claim] = .memory(bytes: options.memoryLimit) }
            }
        }
        return !isDone
    }

    /// A run through the states that are known, that breaks a claim. Where memory is short, and not all states are known
    /// anyway, those that were found first have to do.
    private func violation(of claim: Claim, isComplete: Bool) throws -> Violation? {
        guard let graph else { return nil }
        var count = graph.expandedCount
        while true {
            do {
                return try violation(of: claim, expandedCount: count)
            } catch ComponentSearch.Interruption.memory where !isComplete && count > 1024 {
                count /= 4
            }
        }
    }

    private func violation(of claim: Claim, expandedCount: Int) throws -> Violation? {
        guard let graph else { return nil }
        let table = try ClaimTable(system, claim)
        let product = try ProductGraph(graph, store, table, expandedCount: expandedCount)
        let memory = workingMemory
        var elimination = CycleElimination(product, threads: options.threads) { [self] in report() }
        let asksForCycles = !isDecidedByReachability(claim)
        if try !elimination.leavesRuns(asksForCycles: asksForCycles) {
            statistics.productStates = max(statistics.productStates, elimination.nodeCount)
            return nil
        }
        var components: ComponentSearch?
        if asksForCycles {
            let search = try ComponentSearch(product, fairness: options.fairness, memoryLimit: memory) { [self] nodes in
                report(productStates: nodes)
            }
            elimination.leaveOutEliminated(of: search, memoryLimit: memory / 2)
            try search.run(goingWithAll: elimination.statesThatGoWithAll)
            statistics.productStates = max(statistics.productStates, search.nodeCount)
            if search.breaking.isEmpty && !search.hasEnding { return nil }
            components = search
        }
        let search = try LassoSearch(product, components, fairness: options.fairness) { [self] nodes in
            report(productStates: nodes)
        }
        let run = try search.run(memoryLimit: memory)
        statistics.productStates = max(statistics.productStates, search.nodeCount)
        return run.map { violation(of: claim, $0, product) }
    }

    /// Whether every run that breaks a claim does so at one point, so that there are no cycles to be looked for.
    private func isDecidedByReachability(_ claim: Claim) -> Bool {
        guard case .formula(let index) = claim else { return false }
        return system.isSyntacticSafety(formula: index)
    }

    func report(productStates: Int) -> Bool {
        statistics.productStates = max(statistics.productStates, productStates)
        return report()
    }

    /// The violation that a run is.
    func violation(of claim: Claim, _ run: ProductRun, _ product: ProductGraph) -> Violation {
        let stem = way(along: run.stem.map(\.state), in: product.store)
        let round = run.cycle.map { cycle(after: stem, along: $0, in: product.store) }
        var violation = Violation(
            property: .claim(claim), message: claim.message(in: system.program, isEndless: round != nil),
            span: claim.span(in: system.program), fault: nil, path: stem.steps + (round.map { $0.approach + $0.steps } ?? []),
            isShortest: round == nil && findsShortest, loopStart: round.map { stem.steps.count + $0.approach.count })
        if run.isFaulty, let last = run.stem.last {
            let circumstances = product.circumstances(of: last.state)
            if let fault = stem.end.withUnsafeBytes({ product.table.fault(in: $0, circumstances) }) {
                violation.fault = fault
                violation.message = fault.message
            }
        }
        return violation
    }
}
