import Automata
@testable import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// The number of random programs of each kind; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_REDUCTION_PROGRAMS"] ?? "") ?? 150
private let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_REDUCTION_SEED"] ?? "") ?? 1

/// What spares a search of a product, against that search.
struct CycleEliminationTests {
    @Test("what is spared would have found nothing, in random programs", arguments: GeneratedClaim.allCases)
    func randomPrograms(kind: GeneratedClaim) throws {
        var (spared, leftOut, leftOutNodes, cached) = (0, 0, 0, 0)
        for seed in firstSeed..<firstSeed + UInt64(programCount) {
            let text = ProgramGenerator(seed: seed, profile: .liveness(kind)).makeProgram()
            let system = try System(try #require(ModelReader.read(text: text, path: "model.pml").program))
            let search = try Search(
                system,
                options: SearchOptions(properties: [.claim(kind.claim)], fairness: .strong, memoryLimit: 1 << 28, violationLimit: .max)
            ) { $0.statesStored < 5_000 }
            search.packingThreshold = 1
            _ = search.run()
            let graph = try #require(search.graph)
            func product() throws -> ProductGraph {
                try ProductGraph(graph, search.store, ClaimTable(system, kind.claim), expandedCount: graph.expandedCount)
            }
            for fairness in Fairness.allCases {
                let (whole, short) = (try product(), try product())
                let expected = try ComponentSearch(whole, fairness: fairness, memoryLimit: .max) { _ in true }
                try expected.run()
                var elimination = CycleElimination(short, threads: 2) { true }
                let leavesRuns = try elimination.leavesRuns(asksForCycles: true)
                let found = try ComponentSearch(short, fairness: fairness, memoryLimit: .max) { _ in true }
                let goingWithAll = elimination.statesThatGoWithAll
                elimination.leaveOutEliminated(of: found, memoryLimit: .max)
                try found.run(goingWithAll: goingWithAll)
                #expect(leavesRuns || expected.breaking.isEmpty && !expected.hasEnding, "seed \(seed)\n\(text)")
                #expect(found.hasEnding == expected.hasEnding, "seed \(seed)\n\(text)")
                let everywhere = try ComponentSearch(short, fairness: fairness, memoryLimit: .max) { _ in true }
                try everywhere.run(goingWithAll: goingWithAll)
                #expect(everywhere.nodeCount == expected.nodeCount, "seed \(seed)\n\(text)")
                let nodes = (0..<whole.numberLimit).lazy.map(whole.node)
                #expect(nodes.allSatisfy { found.isBreaking($0) == expected.isBreaking($0) }, "seed \(seed)\n\(text)")
                let eliminated = nodes.filter { expected.component(of: $0) != 0 && found.isLeftOut($0) }.count
                #expect(found.nodeCount <= expected.nodeCount - eliminated, "seed \(seed)\n\(text)")
                for node in nodesBeforeBreakingOnes(whole, expected) where !goingWithAll.contains(node.claim) {
                    #expect(found.component(of: node) != 0 && !found.isLeftOut(node), "seed \(seed)\n\(text)")
                }
                leftOutNodes += eliminated
                spared += leavesRuns ? 0 : 1
                leftOut += goingWithAll.isEmpty ? 0 : 1
            }
            cached += try letters(of: product(), "seed \(seed)\n\(text)") ? 1 : 0
        }
        #expect(spared > 0 || kind == .neverClaim, "nothing was spared")
        #expect(leftOut > 0, "every claim state was searched")
        #expect(leftOutNodes > 0, "every node was searched")
        #expect(cached > 0 || kind != .formula, "no letter was told by its bits")
    }

    /// The nodes that were met and lead to some in which a run breaks the claim, with these.
    private func nodesBeforeBreakingOnes(_ product: ProductGraph, _ search: ComponentSearch) -> [ProductGraph.Node] {
        let met = (0..<product.numberLimit).map(product.node).filter { search.component(of: $0) != 0 }
        var pending = met.filter(search.isBreaking)
        if pending.isEmpty { return [] }
        var sources: [ProductGraph.Node: [ProductGraph.Node]] = [:]
        for node in met {
            product.forEachEdge(of: node) {
                sources[$0.target, default: []].append(node)
                return true
            }
        }
        var found = Set(pending)
        while let node = pending.popLast() {
            for source in sources[node] ?? [] where found.insert(source).inserted { pending.append(source) }
        }
        return Array(found)
    }

    /// Compares the letters of all states with those that their bytes are.
    /// - Returns: whether letters are told by bits of keys.
    private func letters(of product: ProductGraph, _ name: String) throws -> Bool {
        let table = product.table
        _ = product.readLetters(of: 0..<product.store.count, threads: 2)
        for state in 0..<product.store.count {
            let letter = table.letter(of: product.store.state(state), product.circumstances(of: state))
            #expect(product.letter(of: state) == letter, "\(name)")
        }
        let cache = LetterCache(product.store.states, table.evaluator)
        cache?.deallocate()
        return cache != nil
    }
}
