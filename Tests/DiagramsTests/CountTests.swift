@testable import Diagrams
import Testing

/// Sets are counted exactly, or it is said that they cannot be.
struct CountTests {
    @Test("a ring has as many vectors as it must have", arguments: [2, 3, 7, 20, 40, 110])
    func ring(processCount: Int) throws {
        let ring = try TokenRing(processCount: processCount)
        let closed = try ring.diagrams.saturate(ring.start)
        #expect(try ring.diagrams.count(of: closed) == TokenRing.count(processCount: processCount))
        #expect(processCount < 40 || TokenRing.count(processCount: processCount) > 1 << 32)
    }

    /// All vectors of so many levels.
    private func everything(_ diagrams: DecisionDiagrams) throws -> DecisionDiagrams.Node {
        try diagrams.domains.enumerated().reversed().reduce(.terminal) { child, level in
            try diagrams.node(level: level.offset, edges: (0..<level.element).map { .init(rank: $0, child: child) })
        }
    }

    @Test("counts are exact up to 128 bits, and there is none beyond")
    func overflow() throws {
        for levelCount in [1, 63, 64, 65, 127] {
            let diagrams = try DecisionDiagrams(domains: Array(repeating: 2, count: levelCount))
            #expect(try diagrams.count(of: everything(diagrams)) == 1 << UInt128(levelCount))
        }
        let diagrams = try DecisionDiagrams(domains: Array(repeating: 2, count: 128))
        let all = try everything(diagrams)
        #expect(try diagrams.count(of: all) == nil)
        let less = try (0..<128).reversed().reduce((all: DecisionDiagrams.Node.terminal, less: DecisionDiagrams.Node.empty)) { below, level in
            let (kept, left) = (DecisionDiagrams.Edge(rank: 0, child: below.all), DecisionDiagrams.Edge(rank: 1, child: below.less))
            return (
                try diagrams.node(level: level, edges: [kept, .init(rank: 1, child: below.all)]),
                try diagrams.node(level: level, edges: [kept, left])
            )
        }.less
        #expect(try diagrams.count(of: less) == UInt128.max)
        let wide = try DecisionDiagrams(domains: Array(repeating: 1000, count: 20))
        #expect(try wide.count(of: everything(wide)) == nil)
    }

    @Test("a level may have as many ranks as there can be")
    func widest() throws {
        let diagrams = try DecisionDiagrams(domains: [DecisionDiagrams.rankLimit, 3])
        let all = try everything(diagrams)
        #expect(try diagrams.count(of: all) == UInt128(DecisionDiagrams.rankLimit * 3))
        #expect(try diagrams.nodeCount(of: all) == 2)
        let last = DecisionDiagrams.rankLimit - 1
        // From any rank to the next one but for the last, which goes back to the first.
        let next = try diagrams.relation(
            level: 0, edges: (0...last).map { .init(from: $0, to: $0 == last ? 0 : $0 + 1, child: .identity) })
        try diagrams.setEvents([next])
        let closed = try diagrams.saturate(diagrams.singleton([7, 2]))
        #expect(try diagrams.count(of: closed) == UInt128(DecisionDiagrams.rankLimit))
        let edges = diagrams.edges(of: closed)
        #expect(edges.map(\.rank) == Array(0...last) && edges.allSatisfy { diagrams.edges(of: $0.child).map(\.rank) == [2] })
        #expect(diagrams.contains(closed, [last, 2]) && !diagrams.contains(closed, [last, 1]))
    }

    @Test("nodes are counted once, however many paths lead to them")
    func nodes() throws {
        let diagrams = try DecisionDiagrams(domains: [2, 2, 2])
        #expect(try diagrams.nodeCount(of: everything(diagrams)) == 3)
        #expect(try diagrams.nodeCount(of: diagrams.set([[0, 0, 0], [1, 1, 1]])) == 5)
        #expect(try diagrams.nodeCount(of: diagrams.set([[0, 0, 0], [1, 1, 0]])) == 4)
        #expect(try diagrams.nodeCount(of: .empty) == 0)
    }
}
