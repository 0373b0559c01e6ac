@testable import Diagrams
import TestSupport

/// Vectors, and rules that make others of them: what diagrams are compared with.
struct System {
    /// What becomes of vectors that have certain ranks at some levels: others at some.
    struct Rule {
        var conditions: [Int: Int]
        var writes: [Int: Int]

        func apply(to vector: [Int]) -> [Int]? {
            guard conditions.allSatisfy({ vector[$0] == $1 }) else { return nil }
            var next = vector
            for (level, rank) in writes { next[level] = rank }
            return next
        }

        /// The edges by which the rule goes on at each level that it has.
        func relation(in diagrams: DecisionDiagrams) throws -> DecisionDiagrams.Relation {
            try Set(conditions.keys).union(writes.keys).sorted().reversed().reduce(.identity) { child, level in
                try diagrams.relation(level: level, edges: [.init(from: conditions[level], to: writes[level], child: child)])
            }
        }
    }

    var domains: [Int]
    var rules: [Rule]
    var start: Set<[Int]>

    init(seed: UInt64, ranks: ClosedRange<Int> = 1...5, ruleCount: ClosedRange<Int> = 1...12) {
        var random = SplitMix64(seed: seed)
        let domains = (0..<Int.random(in: 2...6, using: &random)).map { _ in Int.random(in: ranks, using: &random) }
        self.domains = domains
        rules = (0..<Int.random(in: ruleCount, using: &random)).map { _ in
            let sort = Int.random(in: 2...4, using: &random)
            let some = { (random: inout SplitMix64) in
                var ranks: [Int: Int] = [:]
                for level in domains.indices where Int.random(in: 0..<sort, using: &random) == 0 {
                    ranks[level] = Int.random(in: 0..<domains[level], using: &random)
                }
                return ranks
            }
            return Rule(conditions: some(&random), writes: some(&random))
        }
        start = []
        start = vectors(Int.random(in: 1...4, using: &random), &random)
    }

    func vectors(_ count: Int, _ random: inout SplitMix64) -> Set<[Int]> {
        Set((0..<count).map { _ in domains.map { Int.random(in: 0..<$0, using: &random) } })
    }

    /// All vectors that there might be.
    var all: [[Int]] {
        domains.reduce([[]]) { vectors, domain in vectors.flatMap { vector in (0..<domain).map { vector + [$0] } } }
    }

    func closure(of start: Set<[Int]>) -> Set<[Int]> {
        var (closed, open) = (start, Array(start))
        while let vector = open.popLast() {
            for rule in rules {
                if let next = rule.apply(to: vector), closed.insert(next).inserted { open.append(next) }
            }
        }
        return closed
    }
}

extension DecisionDiagrams {
    func set(_ vectors: some Sequence<[Int]>) throws -> Node { try vectors.reduce(.empty) { try union($0, singleton($1)) } }

    /// The vectors of a set, as its edges say.
    func vectors(_ node: Node) -> Set<[Int]> {
        var found: Set<[Int]> = []
        func visit(_ node: Node, _ ranks: [Int]) {
            if node == .terminal { found.insert(ranks) }
            for edge in edges(of: node) { visit(edge.child, ranks + [edge.rank]) }
        }
        visit(node, [])
        return found
    }
}
