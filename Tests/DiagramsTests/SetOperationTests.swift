@testable import Diagrams
import TestSupport
import Testing

/// Operations on diagrams give what the same ones on sets of vectors do.
struct SetOperationTests {
    @Test("unions are those of sets", arguments: 1...150 as ClosedRange<UInt64>)
    func operations(seed: UInt64) throws {
        let system = System(seed: seed)
        var random = SplitMix64(seed: seed)
        let diagrams = try DecisionDiagrams(domains: system.domains)
        let (one, other) = (system.vectors(12, &random), system.vectors(12, &random))
        let (first, second) = (try diagrams.set(one), try diagrams.set(other))
        #expect(diagrams.vectors(first) == one)
        #expect(diagrams.vectors(try diagrams.union(first, second)) == one.union(other))
        #expect(try diagrams.count(of: first) == UInt128(one.count))
        for (result, expected) in [
            (try diagrams.union(first, .empty), first), (try diagrams.union(.empty, first), first),
            (try diagrams.set(one.shuffled(using: &random)), first),
        ] {
            #expect(result == expected)
        }
    }

    @Test("conditions leave what meets all of them", arguments: 1...150 as ClosedRange<UInt64>)
    func conditions(seed: UInt64) throws {
        let system = System(seed: seed)
        var random = SplitMix64(seed: seed)
        let diagrams = try DecisionDiagrams(domains: system.domains)
        let vectors = system.vectors(20, &random)
        let set = try diagrams.set(vectors)
        for _ in 0..<20 {
            let conditions = system.domains.enumerated().filter { _ in Bool.random(using: &random) }.map {
                (level: $0.offset, rank: Int.random(in: 0..<$0.element, using: &random))
            }
            let filter = try conditions.reversed().reduce(DecisionDiagrams.Relation.identity) { rest, condition in
                try diagrams.relation(level: condition.level, edges: [.init(from: condition.rank, to: nil, child: rest)])
            }
            let expected = vectors.filter { vector in conditions.allSatisfy { vector[$0.level] == $0.rank } }
            // Either may be asked for first.
            if Bool.random(using: &random) { #expect(try diagrams.hasNoImage(set, filter) == expected.isEmpty) }
            #expect(diagrams.vectors(try diagrams.image(set, filter)) == expected)
            #expect(try diagrams.hasNoImage(set, filter) == expected.isEmpty)
            #expect(try diagrams.hasNoImage(.empty, filter))
        }
    }

    @Test("images and unions of relations are those of rules", arguments: 1...150 as ClosedRange<UInt64>)
    func images(seed: UInt64) throws {
        let system = System(seed: seed)
        var random = SplitMix64(seed: seed)
        let diagrams = try DecisionDiagrams(domains: system.domains)
        let vectors = system.vectors(12, &random)
        let set = try diagrams.set(vectors)
        var (all, expected) = (DecisionDiagrams.Relation.empty, Set<[Int]>())
        for rule in system.rules {
            let relation = try rule.relation(in: diagrams)
            let image = Set(vectors.compactMap(rule.apply))
            #expect(try diagrams.hasNoImage(set, relation) == image.isEmpty)
            #expect(diagrams.vectors(try diagrams.image(set, relation)) == image)
            all = try diagrams.union(all, relation)
            expected.formUnion(image)
            #expect(try diagrams.hasNoImage(set, all) == expected.isEmpty)
            #expect(diagrams.vectors(try diagrams.image(set, all)) == expected)
        }
        #expect(try diagrams.image(set, .identity) == set)
        #expect(try diagrams.image(set, .empty) == .empty)
        #expect(diagrams.vectors(try diagrams.image(set, diagrams.union(all, .identity))) == expected.union(vectors))
    }

    @Test("ranks of a set are together if a vector has both", arguments: 1...100 as ClosedRange<UInt64>)
    func jointRanks(seed: UInt64) throws {
        let system = System(seed: seed, ranks: seed % 2 == 0 ? 1...5 : 60...130)
        var random = SplitMix64(seed: seed)
        let diagrams = try DecisionDiagrams(domains: system.domains)
        let vectors = system.vectors(6, &random)
        let ranks = try diagrams.jointRanks(of: diagrams.set(vectors))
        let none = try diagrams.jointRanks(of: .empty)
        for (level, domain) in system.domains.enumerated() {
            for rank in 0..<domain {
                let own = vectors.filter { $0[level] == rank }
                let expected = system.domains.indices.flatMap { other in Set(own.map { $0[other] }).sorted().map { [other, $0] } }
                #expect(ranks.companions(ofRank: rank, atLevel: level).map { [$0.level, $0.rank] } == expected)
                #expect(none.companions(ofRank: rank, atLevel: level).isEmpty)
            }
        }
    }

    @Test("nodes that have the same edges are the same, and tell their level and edges")
    func nodes() throws {
        let diagrams = try DecisionDiagrams(domains: [3, 2])
        let (low, high) = (
            try diagrams.node(level: 1, edges: [.init(rank: 0, child: .terminal)]),
            try diagrams.node(level: 1, edges: [.init(rank: 0, child: .empty), .init(rank: 1, child: .terminal)])
        )
        let edges = [DecisionDiagrams.Edge(rank: 0, child: high), .init(rank: 2, child: low)]
        let set = try diagrams.node(level: 0, edges: edges)
        #expect(diagrams.vectors(set) == [[0, 1], [2, 0]])
        #expect(try diagrams.set([[2, 0], [0, 1]]) == set)
        #expect(diagrams.edges(of: set) == edges)
        #expect(diagrams.edges(of: .terminal) == [] && diagrams.edges(of: .empty) == [])
        #expect([set, high, .terminal].map(diagrams.level) == [0, 1, 2])
        #expect(try diagrams.node(level: 0, edges: [.init(rank: 1, child: .empty)]) == .empty)
    }
}
