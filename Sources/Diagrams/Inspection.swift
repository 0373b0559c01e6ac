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

    /// Which ranks of any two levels there are together in vectors of a set.
    public func jointRanks(of set: Node) throws(DiagramLimit) -> JointRanks {
        var ranks = JointRanks(domains: domains)
        try Self.check(jointRanksOfSet(diagrams, set.number, &ranks.words))
        return ranks
    }
}

/// For each rank of each level, the ranks of all levels that are in the same vector of some set.
public struct JointRanks {
    /// For each level, the number of its first rank, where ranks are numbered from the top; and in the end, how many there are.
    private let starts: [Int]
    /// Words of a row.
    private let width: Int
    /// For each rank, a row of bits.
    var words: [UInt64]

    init(domains: [Int]) {
        starts = domains.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        let count = starts.last ?? 0
        width = (count + 63) / 64
        words = Array(repeating: 0, count: count * width)
    }

    /// The ranks that are in the same vector as another, which is among them if there is such a vector.
    public func companions(ofRank rank: Int, atLevel level: Int) -> [(level: Int, rank: Int)] {
        var result: [(level: Int, rank: Int)] = []
        var other = 0
        for word in 0..<width {
            var left = words[(starts[level] + rank) * width + word]
            while left != 0 {
                let number = word * 64 + left.trailingZeroBitCount
                left &= left - 1
                while starts[other + 1] <= number { other += 1 }
                result.append((other, number - starts[other]))
            }
        }
        return result
    }
}
