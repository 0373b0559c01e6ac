@testable import Diagrams
import TestSupport
import Testing

/// Saturation finds what rules find one by one.
struct SaturationTests {
    private func diagrams(_ system: System) throws -> (DecisionDiagrams, [DecisionDiagrams.Relation]) {
        let diagrams = try DecisionDiagrams(domains: system.domains)
        return (diagrams, try system.rules.map { try $0.relation(in: diagrams) })
    }

    @Test("the closure under random rules is the one found vector by vector", arguments: 1...300 as ClosedRange<UInt64>)
    func closure(seed: UInt64) throws {
        let system = System(seed: seed)
        let (diagrams, events) = try diagrams(system)
        try diagrams.setEvents(events)
        let closed = try diagrams.saturate(diagrams.set(system.start))
        let expected = system.closure(of: system.start)
        #expect(diagrams.vectors(closed) == expected)
        #expect(try diagrams.count(of: closed) == UInt128(expected.count))
        for vector in system.all { #expect(diagrams.contains(closed, vector) == expected.contains(vector)) }
        #expect(try diagrams.saturate(closed) == closed)
        #expect(try diagrams.set(expected) == closed)
    }

    @Test("one event that is the union of all gives the same closure", arguments: 1...100 as ClosedRange<UInt64>)
    func unitedEvents(seed: UInt64) throws {
        let system = System(seed: seed)
        let (diagrams, events) = try diagrams(system)
        let start = try diagrams.set(system.start)
        try diagrams.setEvents([events.reduce(.empty) { try diagrams.union($0, $1) }])
        #expect(diagrams.vectors(try diagrams.saturate(start)) == system.closure(of: system.start))
    }

    @Test("other events give another closure, and what was closed can be closed again", arguments: 1...100 as ClosedRange<UInt64>)
    func otherEvents(seed: UInt64) throws {
        var system = System(seed: seed)
        let (diagrams, events) = try diagrams(system)
        let (start, rules) = (try diagrams.set(system.start), system.rules)
        var reached = start
        for part in [0..<rules.count / 2, rules.count / 2..<rules.count, 0..<rules.count] {
            system.rules = Array(rules[part])
            try diagrams.setEvents(Array(events[part]))
            #expect(diagrams.vectors(try diagrams.saturate(start)) == system.closure(of: system.start))
            let before = diagrams.vectors(reached)
            reached = try diagrams.saturate(reached)
            #expect(diagrams.vectors(reached) == system.closure(of: before))
        }
    }

    @Test("a closed set with more vectors is closed with what they become", arguments: 1...100 as ClosedRange<UInt64>)
    func moreVectors(seed: UInt64) throws {
        let system = System(seed: seed)
        var random = SplitMix64(seed: seed)
        let (diagrams, events) = try diagrams(system)
        try diagrams.setEvents(events)
        let closed = try diagrams.saturate(diagrams.set(system.start))
        let more = system.vectors(3, &random)
        let both = try diagrams.saturate(diagrams.union(closed, diagrams.set(more)))
        #expect(diagrams.vectors(both) == system.closure(of: system.start.union(more)))
    }

    @Test("levels that get more ranks keep their sets, relations, and closures", arguments: 1...150 as ClosedRange<UInt64>)
    func growingDomains(seed: UInt64) throws {
        var small = System(seed: seed, ranks: 1...3)
        let (diagrams, events) = try diagrams(small)
        try diagrams.setEvents(events)
        let closed = try diagrams.saturate(diagrams.set(small.start))
        #expect(diagrams.vectors(closed) == small.closure(of: small.start))

        var random = SplitMix64(seed: seed)
        small.domains = small.domains.map { $0 + Int.random(in: 0...70, using: &random) }
        for (level, domain) in small.domains.enumerated() { try diagrams.growDomain(of: level, to: domain) }
        #expect(diagrams.domains == small.domains)
        #expect(try diagrams.saturate(closed) == closed)
        // Vectors with the new ranks, first under the old events, and then with a rule that has some of them, too.
        let more = small.vectors(3, &random)
        let start = try diagrams.set(more)
        #expect(diagrams.vectors(try diagrams.saturate(start)) == small.closure(of: more))
        let last = small.domains.count - 1
        small.rules.append(System.Rule(conditions: [0: small.domains[0] - 1], writes: [last: small.domains[last] - 1]))
        small.rules.append(System.Rule(conditions: [:], writes: [0: small.domains[0] - 1]))
        try diagrams.setEvents(events + small.rules.suffix(2).map { try $0.relation(in: diagrams) })
        #expect(diagrams.vectors(try diagrams.saturate(start)) == small.closure(of: more))
    }

    @Test("edges from any rank, edges that stay, and several edges between the same ranks mean what they say")
    func edges() throws {
        let diagrams = try DecisionDiagrams(domains: [3, 3])
        let below = try (0..<3).map { rank in try diagrams.relation(level: 1, edges: [.init(from: rank, to: 2 - rank, child: .identity)]) }
        let relation = try diagrams.relation(
            level: 0, edges: [
                .init(from: 0, to: 1, child: below[0]), .init(from: 0, to: 1, child: below[1]), .init(from: nil, to: nil, child: below[2]),
                .init(from: nil, to: 2, child: .empty),
            ])
        let images = { (vector: [Int]) in diagrams.vectors(try diagrams.image(diagrams.singleton(vector), relation)) }
        #expect(try images([0, 0]) == [[1, 2]])
        #expect(try images([0, 1]) == [[1, 1]])
        #expect(try images([0, 2]) == [[0, 0]])
        #expect(try images([1, 2]) == [[1, 0]])
        #expect(try images([2, 1]) == [])
        try diagrams.setEvents([relation])
        #expect(diagrams.vectors(try diagrams.saturate(diagrams.singleton([0, 2]))) == [[0, 2], [0, 0], [1, 2], [1, 0]])
    }

    @Test("without levels there is one vector") func noLevels() throws {
        let diagrams = try DecisionDiagrams(domains: [])
        try diagrams.setEvents([.identity, .empty])
        let set = try diagrams.saturate(diagrams.singleton([]))
        #expect(set == .terminal)
        #expect(diagrams.contains(set, []) && !diagrams.contains(.empty, []))
        #expect(try diagrams.count(of: set) == 1)
        #expect(try diagrams.count(of: diagrams.saturate(.empty)) == 0)
        #expect(try diagrams.jointRanks(of: set).words.isEmpty)
        #expect(try diagrams.nodeCount(of: set) == 0)
    }

    @Test("diagrams on several threads have nothing to do with each other") func threads() async throws {
        let counts = try await withThrowingTaskGroup(of: UInt128?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let ring = try TokenRing(processCount: 30)
                    return try ring.diagrams.count(of: ring.diagrams.saturate(ring.start))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: TokenRing.count(processCount: 30), count: 8))
    }
}
