import CDiagrams

/// What there is to know of a set.
extension DecisionDiagrams {
    /// The level of a set; the number of levels for the terminal one, and for the empty one.
    public func level(of node: Node) -> Int { Int(levelOfNode(diagrams, node.number)) }

    /// The edges of a set at its level, in the order of their ranks.
    public func edges(of node: Node) -> [Edge] {
        let count = Int(edgeCountOfNode(diagrams, node.number))
        let edges = [DiagramEdge](unsafeUninitializedCapacity: count) { room, size in
            if let start = room.baseAddress { readEdges(diagrams, node.number, start) }
            size = count
        }
        return edges.map { Edge(rank: Int($0.rank), child: Node(number: $0.child)) }
    }

    /// Whether a vector is in a set of the top level.
    public func contains(_ set: Node, _ ranks: [Int]) -> Bool { isInSet(diagrams, set.number, vector(ranks)) }

    /// How many vectors there are in a set.
    /// - Returns: nil if more than there are numbers.
    public func count(of set: Node) throws(DiagramLimit) -> UInt128? {
        let count = countOfSet(diagrams, set.number)
        try Self.check(count.failure)
        return count.isOverflow ? nil : UInt128(count.high) << 64 | UInt128(count.low)
    }

    /// How many nodes a set has, but for the terminal one.
    public func nodeCount(of set: Node) throws(DiagramLimit) -> Int {
        let count = nodeCountOfSet(diagrams, set.number)
        try Self.check(count.failure)
        return Int(count.low)
    }

    /// For each level, and each rank of it, whether there is a vector in a set that has it.
    public func values(of set: Node) throws(DiagramLimit) -> [[Bool]] {
        let wordCounts = domains.map { ($0 + 63) / 64 }
        var words = [UInt64](repeating: 0, count: wordCounts.reduce(0, +))
        try Self.check(ranksOfSet(diagrams, set.number, &words))
        var start = 0
        return zip(domains, wordCounts).map { domain, count in
            defer { start += count }
            return (0..<domain).map { words[start + $0 / 64] >> UInt64($0 % 64) & 1 == 1 }
        }
    }
}
