import CDiagrams

/// Sets of vectors of small numbers as multi-valued decision diagrams, and the closure of such sets under relations by saturation
/// (G. Ciardo, G. Luettgen, R. Siminiceanu, "Saturation: An Efficient Iteration Strategy for Symbolic State-Space Generation", 2001).
///
/// A vector has a rank at each level, from level 0 at the top. Sets and relations belong to the diagrams that made them; sets that are
/// equal are the same node. Diagrams must not be used by several threads at a time; there is nothing that different ones share. Operations
/// go down the levels by recursion.
public final class DecisionDiagrams {
    /// A set of vectors, or of what is left of them from some level on.
    public struct Node: Hashable, Sendable {
        /// What tells the set from others of the same diagrams. Whatever is below it has smaller numbers.
        public let number: UInt32

        init(number: UInt32) { self.number = number }

        /// No vector at all, whatever the level.
        public static let empty = Self(number: 0)
        /// What is left behind the last level: one vector, which is empty.
        public static let terminal = Self(number: 1)
    }

    /// What may become of vectors, or of what is left of them from some level on.
    public struct Relation: Hashable, Sendable {
        /// What tells the relation from others of the same diagrams.
        public let number: UInt32

        init(number: UInt32) { self.number = number }

        /// Nothing becomes of any vector.
        public static let empty = Self(number: 0)
        /// All stays as it is.
        public static let identity = Self(number: 1)
    }

    /// A rank, and the set of what follows it.
    public struct Edge: Hashable, Sendable {
        public var rank: Int
        public var child: Node

        public init(rank: Int, child: Node) {
            self.rank = rank
            self.child = child
        }
    }

    /// What becomes of a rank, and the relation for what follows it.
    public struct RelationEdge: Hashable, Sendable {
        /// A rank, or nil for any.
        public var from: Int?
        /// A rank, or nil if it stays.
        public var to: Int?
        public var child: Relation

        public init(from: Int?, to: Int?, child: Relation) {
            self.from = from
            self.to = to
            self.child = child
        }
    }

    /// The most ranks that a level may have, and the most levels.
    public static let rankLimit = Int(CDiagrams.rankLimit)
    public static let levelLimit = Int(CDiagrams.levelLimit)

    /// For each level, the number of its ranks.
    public private(set) var domains: [Int]
    let diagrams: OpaquePointer
    private let stop: DiagramStop?

    /// - Parameters:
    ///   - domains: for each level, the number of its ranks.
    ///   - byteLimit: bytes that all nodes and tables may take.
    ///   - stepLimit: results that may be worked out, rather than found in a table. It says the same on any machine.
    /// - Throws: `DiagramLimit.memory`.
    public init(domains: [Int], byteLimit: Int = .max, stepLimit: Int = .max, stop: DiagramStop? = nil) throws(DiagramLimit) {
        precondition(domains.count <= Self.levelLimit && domains.allSatisfy { 0...Self.rankLimit ~= $0 })
        let limits = CDiagrams.DiagramLimits(
            bytes: UInt64(clamping: byteLimit), steps: UInt64(clamping: stepLimit), stop: stop?.address)
        guard let diagrams = createDiagrams(domains.map(UInt32.init), Int64(domains.count), limits) else { throw .memory }
        self.diagrams = diagrams
        self.domains = domains
        self.stop = stop
    }

    deinit { destroyDiagrams(diagrams) }

    public var levelCount: Int { domains.count }
    /// Bytes that all nodes and tables take.
    public var byteCount: Int { Int(bytesOfDiagrams(diagrams)) }
    /// Results that have been worked out.
    public var stepCount: Int { Int(stepsOfDiagrams(diagrams)) }

    /// Lets a level have more ranks, if they are more. What is known of sets and events stays true.
    public func growDomain(of level: Int, to count: Int) throws(DiagramLimit) {
        precondition(0...Self.rankLimit ~= count)
        guard count > domains[level] else { return }
        try Self.check(CDiagrams.growDomain(diagrams, Int64(level), UInt32(count)))
        domains[level] = count
    }

    // MARK: Sets

    /// The set of the vectors that have these edges at a level.
    /// - Parameter edges: one for each rank that there is, in their order. Children are sets of the next level.
    public func node(level: Int, edges: [Edge]) throws(DiagramLimit) -> Node {
        precondition(zip(edges, edges.dropFirst()).allSatisfy { $0.rank < $1.rank } && edges.allSatisfy { has($0.rank, level) })
        let kept = edges.filter { $0.child != .empty }
        precondition(kept.allSatisfy { levelOfNode(diagrams, $0.child.number) == level + 1 })
        let converted = kept.map { DiagramEdge(rank: UInt16($0.rank), child: $0.child.number) }
        return try node(makeSet(diagrams, Int64(level), converted, Int64(converted.count)))
    }

    /// The set of one vector.
    public func singleton(_ ranks: [Int]) throws(DiagramLimit) -> Node { try node(makeSingleton(diagrams, vector(ranks))) }

    public func union(_ one: Node, _ other: Node) throws(DiagramLimit) -> Node {
        expectSameLevel(one, other)
        return try node(uniteSets(diagrams, one.number, other.number))
    }

    // MARK: Relations

    /// The relation that has these edges at a level. Levels between it and a child's stay as they are.
    public func relation(level: Int, edges: [RelationEdge]) throws(DiagramLimit) -> Relation {
        precondition(domains.indices ~= level)
        let converted = edges.map { edge in
            precondition((edge.from.map { has($0, level) } ?? true) && (edge.to.map { has($0, level) } ?? true))
            precondition(levelOfRelation(diagrams, edge.child.number) > level)
            return CDiagrams.RelationEdge(
                from: edge.from.map(UInt16.init) ?? UInt16(anyRank), to: edge.to.map(UInt16.init) ?? UInt16(sameRank),
                child: edge.child.number)
        }
        return Relation(number: try number(makeRelation(diagrams, Int64(level), converted, Int64(converted.count))))
    }

    /// What either of two relations does. They need not start at the same level.
    public func union(_ one: Relation, _ other: Relation) throws(DiagramLimit) -> Relation {
        Relation(number: try number(uniteRelations(diagrams, one.number, other.number)))
    }

    /// What becomes of a set in one step.
    public func image(_ set: Node, _ relation: Relation) throws(DiagramLimit) -> Node {
        precondition(set == .empty || levelOfRelation(diagrams, relation.number) >= level(of: set))
        return try node(imageOfSet(diagrams, set.number, relation.number))
    }

    /// Whether nothing becomes of a set in one step.
    public func hasNoImage(_ set: Node, _ relation: Relation) throws(DiagramLimit) -> Bool {
        precondition(set == .empty || levelOfRelation(diagrams, relation.number) >= level(of: set))
        return try number(hasSetNoImage(diagrams, set.number, relation.number)) != 0
    }

    // MARK: Saturation

    /// Says under which relations sets are closed from now on.
    public func setEvents(_ relations: [Relation]) throws(DiagramLimit) {
        try Self.check(CDiagrams.setEvents(diagrams, relations.map(\.number), Int64(relations.count)))
    }

    /// The smallest set that has a set in it, and all that becomes of it by any number of events.
    public func saturate(_ set: Node) throws(DiagramLimit) -> Node { try node(saturateSet(diagrams, set.number)) }

    // MARK: Conversions

    private func has(_ rank: Int, _ level: Int) -> Bool { 0..<domains[level] ~= rank }

    func vector(_ ranks: [Int]) -> [UInt16] {
        precondition(ranks.count == levelCount && zip(ranks, domains).allSatisfy { 0..<$1 ~= $0 })
        return ranks.map(UInt16.init)
    }

    private func expectSameLevel(_ one: Node, _ other: Node) {
        precondition(one == .empty || other == .empty || level(of: one) == level(of: other))
    }

    private func number(_ result: DiagramResult) throws(DiagramLimit) -> UInt32 {
        try Self.check(result.failure)
        return result.number
    }

    private func node(_ result: DiagramResult) throws(DiagramLimit) -> Node { Node(number: try number(result)) }

    static func check(_ failure: DiagramFailure) throws(DiagramLimit) {
        if let limit = DiagramLimit(failure) { throw limit }
    }
}
