import Fuzzing
import Testing

@testable import Exploration

struct WitnessForestTests {
    @Test func aStateIsNoWitnessOfThoseItGoesOnTo() throws {
        let forest = try WitnessForest(stateLimit: 100)
        #expect(!forest.add(3, for: 3))
        #expect(forest.add(1, for: 2))
        #expect(forest.add(2, for: 3))
        #expect(!forest.canWitness(3, for: 1))
        #expect(!forest.add(3, for: 1))
        #expect(forest.add(4, for: 1))
        #expect(!forest.add(2, for: 4))
        #expect(forest.bytes == 16)
    }

    @Test("whoever follows witnesses comes to an end", arguments: 0..<20 as Range<UInt64>)
    func randomWitnesses(seed: UInt64) throws {
        let count = 500
        let forest = try WitnessForest(stateLimit: count)
        var witnesses: [Int: Int] = [:]
        var random = SplitMix64(seed: seed)
        for state in (0..<count).shuffled(using: &random) {
            let witness = Int.random(in: 0..<count, using: &random)
            // What it has to say, found the long way.
            var end = witness
            while let next = witnesses[end] { end = next }
            let expected = end != state
            #expect(forest.canWitness(witness, for: state) == expected)
            #expect(forest.add(witness, for: state) == expected)
            if expected { witnesses[state] = witness }
        }
        #expect(witnesses.count < count)
    }
}
