/// From where searches can go on that begin as earlier ones did: a tree of observations, as far as they have made a difference.
struct ObservedPrefixes {
    /// A search that is about to look at a position.
    struct Start {
        var position: Int
        /// By the number of observations, the states after these, with how they were come to.
        var pending: [Int: [(form: NormalForm, origin: ObservedAncestry.Origin?)]]
        /// Of what is before the position.
        var ancestry: ObservedAncestry
        /// What the `EventMatcher` knows.
        var furthest: Int
        var looked: Int
    }

    private final class Node {
        var next: [Observation: Node] = [:]
        var start: Start?
    }

    private let root = Node()
    /// The observations of the search that goes on, and their nodes as far as there are any: the root first.
    private var observations: [Observation] = []
    private var path: [Node] = []
    /// How many states there are in all starts.
    private(set) var stateCount = 0

    /// Begins a search.
    /// - Returns: from where it can go on, if anywhere.
    mutating func begin(_ observations: [Observation]) -> Start? {
        self.observations = observations
        path = [root]
        for observation in observations {
            guard let node = path.last?.next[observation] else { break }
            path.append(node)
        }
        return path.lazy.reversed().compactMap(\.start).first
    }

    /// Whether there is a start already that depends on so many of the observations of the search that goes on.
    func hasStart(dependingOn count: Int) -> Bool { count < path.count && path[count].start != nil }

    /// Keeps a start of the search that goes on, which depends on so many of its observations only.
    mutating func add(_ start: Start, dependingOn count: Int) {
        while path.count <= count, let last = path.last {
            let node = Node()
            last.next[observations[path.count - 1]] = node
            path.append(node)
        }
        path[count].start = start
        stateCount += start.pending.values.reduce(0) { $0 + $1.count }
    }
}
