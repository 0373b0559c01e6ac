@testable import Automata
import Foundation
import TestSupport
import Testing

/// Values are together if they were put together, whichever came first and however many there are.
struct JointValuesTests {
    @Test("what is put together stays together while there come more values", arguments: 1...20 as ClosedRange<UInt64>)
    func joining(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let joint = JointValues(fieldCount: 40)
        var pairs: Set<[Int]> = []
        for _ in 0..<300 {
            let field = Int(random.next() % 40), value = UInt8(random.next() % 16)
            let number = joint.insert(value, in: field)
            #expect(joint.insert(value, in: field) == number && joint.number(of: value, in: field) == number)
            #expect(joint.members[number] == FieldValue(field: field, value: value) && joint.numbers[field].contains(number))
            let others = (0..<5).map { _ in Int(random.next() % UInt64(joint.members.count)) }
            joint.join(number, joint.set(others.map { joint.members[$0] }))
            for other in others { pairs.formUnion([[number, other], [other, number]]) }
        }
        #expect(joint.members.count > 64 * 2)
        for one in joint.members.indices {
            for other in joint.members.indices { #expect(joint.goTogether(one, other) == pairs.contains([one, other])) }
        }
    }

    @Test("what goes with several values goes with each of them")
    func companions() {
        let joint = JointValues(fieldCount: 3)
        let (one, two, three) = (joint.insert(1, in: 0), joint.insert(2, in: 1), joint.insert(3, in: 2))
        let all = [one, two, three].map { joint.members[$0] }
        for number in [one, two, three] { joint.join(number, joint.set([joint.members[number]])) }
        joint.join(one, joint.set(all))
        var set = NumberSet()
        #expect(joint.collect(companionsOf: [one], in: &set) && [one, two, three].allSatisfy(set.contains))
        #expect(joint.collect(companionsOf: [one, two], in: &set) && !set.contains(three))
        #expect(!joint.collect(companionsOf: [two, three], in: &set))
        #expect(joint.collect(companionsOf: [], in: &set) && [one, two, three].allSatisfy(set.contains))
        joint.separateAll()
        #expect(joint.collect(companionsOf: [], in: &set) && ![one, two, three].contains(where: set.contains))
        #expect(joint.number(of: 3, in: 2) == three)
    }

    @Test("it is known when a row changed last")
    func changes() {
        let joint = JointValues(fieldCount: 2)
        let (one, two) = (joint.insert(1, in: 0), joint.insert(2, in: 1))
        let time = joint.time
        joint.join(one, joint.set([joint.members[one]]))
        #expect(joint.haveChanged([one], since: time) && !joint.haveChanged([two], since: time))
        let later = joint.time
        joint.join(one, joint.set([joint.members[one]]))
        #expect(joint.time == later)
        joint.join(one, joint.set([joint.members[two]]))
        #expect(joint.haveChanged([two], since: later) && joint.haveChanged([one], since: later))
    }
}
