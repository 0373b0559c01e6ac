import Automata

/// How each state of an `ObservedSearch` was come to first.
struct ObservedAncestry {
    /// A state, by the observations before it and its number among those after so many, and a step from there.
    struct Origin {
        var position: Int
        var node: Int
        /// Nil where only control was lost.
        var step: Step?
    }

    /// By the number of observations, and the number of the state; nil for the initial state.
    private var origins: [[Origin?]] = []

    /// Notes the origin of the next state after so many observations.
    mutating func add(_ origin: Origin?, at position: Int) {
        while origins.count <= position { origins.append([]) }
        origins[position].append(origin)
    }

    /// What of it is before a position.
    func before(_ position: Int) -> ObservedAncestry { ObservedAncestry(origins: Array(origins.prefix(position))) }

    /// The steps from the initial state to the first state after the most observations.
    var steps: [Step] {
        guard let furthest = origins.indices.last else { return [] }
        var steps: [Step] = []
        var (position, node) = (furthest, 0)
        while let origin = origins[position][node] {
            if let step = origin.step { steps.append(step) }
            (position, node) = (origin.position, origin.node)
        }
        return steps.reversed()
    }
}
