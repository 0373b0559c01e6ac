/// Finds which locations of one process stand for which of another, so that the edges that leave them say the same.
struct ControlMatch {
    /// An edge as text, and where it leads.
    struct Edge {
        var text: String
        var target: Int
    }

    /// One process: the edges of each location, in order, and what else is to be the same there.
    struct Graph {
        var edges: [[Edge]]
        /// What labels say of a location.
        var marks: [String]
        /// Whether the order of edges counts.
        var isOrdered: [Bool]
    }

    private let one: Graph
    private let other: Graph
    private(set) var images: [Int?]
    private var isTaken: [Bool]

    /// - Parameter pairs: locations that are to stand for each other, where to begin.
    /// - Returns: nil if there is no such match, or none is found: where several edges say the same, only their order is tried.
    init?(_ one: Graph, _ other: Graph, from pairs: [(Int, Int)]) {
        (self.one, self.other) = (one, other)
        images = Array(repeating: nil, count: one.edges.count)
        isTaken = Array(repeating: false, count: one.edges.count)
        var pending = pairs
        while let (location, image) = pending.popLast() {
            if let known = images[location] {
                if known != image { return nil }
                continue
            }
            if isTaken[image] { return nil }
            images[location] = image
            isTaken[image] = true
            guard one.marks[location] == other.marks[image], one.isOrdered[location] == other.isOrdered[image] else { return nil }
            var (edges, others) = (one.edges[location], other.edges[image])
            if !one.isOrdered[location] {
                edges = Self.sorted(edges)
                others = Self.sorted(others)
            }
            guard edges.map(\.text) == others.map(\.text) else { return nil }
            pending += zip(edges, others).map { ($0.target, $1.target) }
        }
    }

    private static func sorted(_ edges: [Edge]) -> [Edge] {
        edges.enumerated().sorted { ($0.element.text, $0.offset) < ($1.element.text, $1.offset) }.map(\.element)
    }
}
