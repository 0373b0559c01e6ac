import Testing

@testable import Automata

/// Trees of questions and what came of them, by keys.
struct RememberedSetsTests {
    private typealias Question = RememberedSets.Question

    /// What is asked one after the other, with the answers, and what comes of it.
    private struct Way {
        var answers: [(condition: Int32, fails: Bool)]
        var set: UInt64?
    }

    private static func note(_ way: Way, _ sets: RememberedSets, _ seed: Int) {
        var place = sets.beginning(of: seed)
        for (condition, fails) in way.answers {
            if case .unknown = sets.step(at: place) { sets.note(Question(member: 1, number: condition), at: place) }
            place = sets.place(after: place, fails: fails)
        }
        sets.note(way.set, at: place)
    }

    /// What comes of a way; nil if that is not known.
    private static func result(_ way: Way, _ sets: RememberedSets, _ seed: Int) -> UInt64?? {
        var place = sets.beginning(of: seed)
        for (condition, fails) in way.answers {
            guard case .question(let question) = sets.step(at: place), question.number == condition else { return nil }
            place = sets.place(after: place, fails: fails)
        }
        guard case .set(let set) = sets.step(at: place) else { return nil }
        return .some(set)
    }

    @Test("ways branch by the answers, and end in what came of them")
    func trees() {
        let sets = RememberedSets()
        let seeds = sets.add([1, 2, 3], seeds: [0b01, 0b110])
        #expect(seeds.map(sets.pids) == [0b01, 0b110])
        let ways = [
            Way(answers: [(7, true), (8, true)], set: 0b11), Way(answers: [(7, true), (8, false)], set: nil),
            Way(answers: [(7, false), (9, true)], set: 0b101),
        ]
        for way in ways {
            #expect(Self.result(way, sets, seeds.lowerBound) == nil)
            Self.note(way, sets, seeds.lowerBound)
        }
        for way in ways { #expect(Self.result(way, sets, seeds.lowerBound) == .some(way.set)) }
        // The last answer was not given yet; nothing was asked of the other seed.
        #expect(Self.result(Way(answers: [(7, false), (9, false)], set: nil), sets, seeds.lowerBound) == nil)
        guard case .unknown = sets.step(at: sets.beginning(of: seeds.lowerBound + 1)) else {
            Issue.record("a seed knows what another one was told")
            return
        }
        // A set that nothing was asked for.
        sets.note(0b111, at: sets.beginning(of: seeds.lowerBound + 1))
        #expect(Self.result(Way(answers: [], set: nil), sets, seeds.lowerBound + 1) == .some(0b111))
    }

    @Test("a key is found with its own seeds, or is not known", arguments: [1 << 30, 1 << 16])
    func keys(byteLimit: Int) {
        let sets = RememberedSets(byteLimit: byteLimit)
        let keys = (0..<5000 as Range<UInt64>).map { [$0 % 10, ($0 / 10) << 32] + ($0 % 3 == 0 ? [] : [$0 % 3]) }
        for (number, key) in keys.enumerated() {
            #expect(sets.seeds(for: key) == nil)
            let seeds = sets.add(key, seeds: [UInt64(number)])
            Self.note(Way(answers: [(1, true)], set: UInt64(number)), sets, seeds.lowerBound)
        }
        let known = keys.indices.filter { number in
            guard let seeds = sets.seeds(for: keys[number]) else { return false }
            #expect(seeds.map(sets.pids) == [UInt64(number)])
            #expect(Self.result(Way(answers: [(1, true)], set: nil), sets, seeds.lowerBound) == .some(UInt64(number)))
            return true
        }
        // With little room all are forgotten at once, and the last ones are there.
        #expect(known.last == keys.count - 1)
        #expect(known == Array(keys.count - known.count..<keys.count))
        #expect((known.count == keys.count) == (byteLimit == 1 << 30))
    }
}
