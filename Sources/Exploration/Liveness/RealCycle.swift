import Automata

/// What repeats for ever in the model as it is, and what comes before.
struct RealCycle {
    var approach: [Step]
    var steps: [Step]
}

extension Search {
    /// A cycle of the model, along states that may stand for the real ones.
    ///
    /// Where they do, one turn may end in another state than it began in: one in which some have changed places, or what nobody reads is
    /// another. In the next turn those that have changed places do the same, and so on, until all are back in their places,
    /// which is after as many turns as it takes to change places. What nobody reads has been replaced by the end of a turn, or never is; so the
    /// cycle may begin a turn later.
    /// - Parameters:
    ///   - way: to where the first turn begins.
    ///   - run: one turn.
    ///   - store: where its states are.
    func cycle(after way: Way, along run: [ProductRun.Step], in store: StateStore) -> RealCycle {
        let representatives = makeRepresentatives()
        let reader = StoreReader(store.states)
        var walker = PathWalker(system, representatives)
        var (steps, end): ([Step], [UInt8]) = ([], way.end)
        /// Goes one turn further.
        /// - Returns: the real states on the way; nil if there is none.
        func go(along states: some Sequence<[UInt8]>) -> [[UInt8]]? {
            var turn: [[UInt8]] = []
            for (target, step) in zip(states, run) {
                guard let next = walker.way(from: end, to: target, movers: step.movers) else { return nil }
                steps += next.steps
                end = next.end
                turn.append(end)
            }
            return turn
        }
        /// For each state in which a turn began, the steps before it.
        var beginnings: [[UInt8]: Int] = [way.end: 0]
        var turn = go(along: run.lazy.map { Array(reader.state($0.state)) })
        let renaming = representatives?.renaming(of: way.end, into: end)
        let identical = representatives?.withoutSymmetry
        walker = PathWalker(system, identical)
        while let states = turn {
            if let beginning = beginnings[end] {
                return RealCycle(approach: Array(steps[..<beginning]), steps: Array(steps[beginning...]))
            }
            beginnings[end] = steps.count
            turn = go(
                along: states.map { state in
                    var next = renaming.flatMap { representatives?.symmetry?.apply($0, to: state) } ?? state
                    identical?.canonicalize(&next)
                    return next
                })
        }
        // There is no such cycle: who replays this will say so.
        return RealCycle(approach: steps, steps: [])
    }
}

extension Representatives {
    /// How a state becomes another that the same state stands for; nil if nobody changes places.
    fileprivate func renaming(of one: [UInt8], into other: [UInt8]) -> Renaming? {
        guard let symmetry else { return nil }
        var (one, other) = (one, other)
        deadVariables?.reset(&one)
        deadVariables?.reset(&other)
        return symmetry.renaming(of: one, into: other)
    }
}
