import Automata

/// Finds the steps of a run, where the states along the way were replaced by others that stand for them.
///
/// Each step of the search goes from a state that stands for the real one, by some renaming, to another one, of which the renaming is
/// that one after what made it stand there is undone.
struct RealPath {
    private let expansion: SymbolicExpansion
    private let representatives: Representatives
    /// From the state that the search has come to, to the real one.
    private(set) var renaming: Renaming?
    private(set) var steps: [Step] = []

    init(_ expansion: SymbolicExpansion, _ representatives: Representatives) {
        (self.expansion, self.representatives) = (expansion, representatives)
    }

    /// The real state for one that the search has come to.
    func state(for state: SymbolicState) -> SymbolicState { representatives.rename(state, by: renaming) }

    /// Goes on by a step.
    /// - Parameters:
    ///   - state: where the search was.
    ///   - successor: where it came to, before another state was made to stand for that.
    ///   - undone: what made another state stand for that.
    ///   - step: the step with numbers for choices; nil where only control was lost.
    /// - Throws: `ConcretizationError.lost`
    mutating func go(from state: SymbolicState, to successor: SymbolicState, renamedBy undone: Renaming?, by step: Step?) throws {
        defer {
            renaming = representatives.symmetry?.back(from: undone, then: renaming, of: successor.bytes)
        }
        guard let step else { return }
        guard let renaming else {
            steps.append(step)
            return
        }
        let target = representatives.normalization.normalize(representatives.rename(successor, by: renaming))
        var found: Step?
        expansion.observing(
            state: self.state(for: state),
            onSuccessor: { [representatives] other in
                guard found == nil, let own = other.step, own.pid == renaming.pids[step.pid],
                    representatives.normalization.normalize(other.state) == target
                else { return }
                found = own
            })
        guard let found else { throw ConcretizationError.lost }
        steps.append(Self.step(found, choosing: step))
    }

    /// The last step, into a fault.
    /// - Returns: the real fault.
    /// - Throws: `ConcretizationError.lost`
    mutating func fail(from state: SymbolicState, _ fault: Fault, by step: Step) throws -> Fault {
        guard let renaming else {
            steps.append(step)
            return fault
        }
        var found: (fault: Fault, step: Step)?
        expansion.observing(
            state: self.state(for: state),
            onFault: { own, other in
                if found == nil, other.pid == renaming.pids[step.pid], own.kind == fault.kind { found = (own, other) }
            })
        guard let found else { throw ConcretizationError.lost }
        steps.append(Self.step(found.step, choosing: step))
        return found.fault
    }

    /// A step with a number for a choice that is a term: numbers are nobody's names.
    private static func step(_ step: Step, choosing other: Step) -> Step {
        var step = step
        if let choice = step.choice, TermValue(bits: choice).isTerm { step.choice = other.choice }
        return step
    }
}
