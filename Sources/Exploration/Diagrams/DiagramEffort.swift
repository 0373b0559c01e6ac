/// How much a search with decision diagrams may take.
struct DiagramEffort: Sendable {
    /// Of all nodes and tables.
    var bytes: Int
    /// Results that are worked out.
    var steps = Int.max
    /// Transitions of single processes; more take longer to find out about than a search without diagrams.
    var transitions = 1 << 18
    /// States that are looked at before.
    var sampleSize = 1500
    /// See `LocalTransitionTable`.
    var foresight = 500

    /// What is worth while to find out whether diagrams suit a model of which a search has seen so many states: about as long as it took. It
    /// is counted, and not timed, so that the same comes of it each time.
    static func trial(afterStates count: Int, bytes: Int) -> Self {
        Self(bytes: bytes, steps: max(1 << 18, count * 2), transitions: max(1 << 12, count >> 6))
    }
}
