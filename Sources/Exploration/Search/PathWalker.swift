import Automata

/// Goes from state to state in the model as it is, where states that are known by others may stand for them.
final class PathWalker {
    // A generator of its own: that of a search may be in the middle of an expansion.
    private let generator: SuccessorGenerator
    private let representatives: Representatives?

    /// - Parameter representatives: nil if each state stands for itself alone.
    init(_ system: System, _ representatives: Representatives?) {
        generator = SuccessorGenerator(system)
        self.representatives = representatives
    }

    /// The real initial state.
    var initialState: [UInt8] { generator.initialState().state }

    /// A way to a successor.
    /// - Parameters:
    ///   - state: a real one.
    ///   - target: the successor, or what stands for it.
    ///   - movers: the processes that have to move; nil if any may.
    /// - Returns: the steps and the real state that they lead to; nil if there is no such way.
    func way(from state: [UInt8], to target: [UInt8], movers: ProcessSet?) -> Way? {
        var found: Way?
        generator.onSuccessor = { [generator, representatives] successor in
            guard found == nil, successor.state.count == target.count else { return }
            if let representatives {
                var representative = Array(successor.state)
                representatives.canonicalize(&representative)
                guard representative.elementsEqual(target) else { return }
            } else {
                guard successor.state.elementsEqual(target) else { return }
            }
            let steps = generator.path(to: successor)
            if movers == nil || movers == ProcessSet(movingIn: steps) { found = Way(steps: steps, end: Array(successor.state)) }
        }
        defer { generator.onSuccessor = { _ in } }
        _ = state.withUnsafeBytes { generator.expand($0) }
        return found
    }
}
