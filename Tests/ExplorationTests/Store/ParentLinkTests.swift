@testable import Exploration
import TestSupport
import Testing

/// Links are a list of ascending numbers.
struct ParentLinkTests {
    @Test("every link is what it was, whatever the distances between parents", arguments: [0, 1, 2, 3, 70, 1000])
    func links(distance: Int) throws {
        var random = SplitMix64(seed: UInt64(distance + 1))
        let links = try ParentLinks(memoryLimit: 1 << 26)
        var parents = [0]
        while parents.count < 20_000 {
            // Most parents have several children, and some follow after many that have none.
            let step = Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0...distance, using: &random) : 0
            parents.append(parents[parents.count - 1] + step)
        }
        for parent in parents { links.append(parent) }
        for (number, parent) in parents.enumerated() { #expect(links.parent(of: number) == parent) }
    }

    @Test("a link takes two bits, where each state but a few is a parent")
    func size() throws {
        let links = try ParentLinks(memoryLimit: 1 << 26)
        for number in 0..<100_000 { links.append(max(0, number - 1)) }
        #expect(links.bytes < 100_000 / 4 + 1000)
    }
}
