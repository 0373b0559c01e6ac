@testable import Automata
import TestSupport
import Testing

/// What transitions put together is what the definition says, in whichever steps it becomes known.
struct LocalEffectTests {
    private static let (fieldCount, valueCount) = (7, 4)

    /// Pairs of values that go together; a value that occurs goes with itself.
    private typealias Pairs = Set<[FieldValue]>

    private static func randomTransition(_ random: inout SplitMix64) -> LocalTransition {
        func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        func value(in field: Int) -> FieldValue { FieldValue(field: field, value: UInt8(number(valueCount))) }
        let fields = Array(0..<fieldCount).shuffled(using: &random)
        let conditions = fields.prefix(number(3)).map(value)
        let others = fields.dropFirst(conditions.count)
        let outcomes = (0..<1 + number(2)).map { _ in
            fields.shuffled(using: &random).prefix(1 + number(4)).map { field -> LocalTransition.Assignment in
                guard number(2) == 0, let source = others.filter({ $0 != field }).randomElement(using: &random) else {
                    return .init(field: field, value: .constant(value(in: field).value))
                }
                return .init(field: field, value: .copy(of: source))
            }
        }
        return LocalTransition(pid: 0, kind: .usual, conditions: conditions, outcomes: outcomes)
    }

    /// Everything that a transition puts together, by the definition.
    private static func made(by transition: LocalTransition, of pairs: Pairs) -> Pairs {
        func areTogether(_ values: [FieldValue]) -> Bool { values.allSatisfy { one in values.allSatisfy { pairs.contains([one, $0]) } } }
        let before = Set(pairs.map { $0[0] }).filter { areTogether(transition.conditions + [$0]) }
        guard areTogether(transition.conditions) else { return [] }
        var made: Pairs = []
        for outcome in transition.outcomes {
            let fields = Set(outcome.map(\.field))
            // Each value with the one that it was before, if it was one.
            var after = before.filter { !fields.contains($0.field) }.map { (now: $0, before: Optional($0)) }
            for assignment in outcome {
                switch assignment.value {
                case .constant(let value): after.append((FieldValue(field: assignment.field, value: value), nil))
                case .copy(let source):
                    for value in before where value.field == source {
                        after.append((FieldValue(field: assignment.field, value: value.value), value))
                    }
                }
            }
            for one in after {
                for other in after {
                    if let before = one.before, let otherBefore = other.before, !pairs.contains([before, otherBefore]) { continue }
                    made.insert([one.now, other.now])
                }
            }
        }
        return made
    }

    private static func pairs(of joint: JointValues) -> Pairs {
        var pairs: Pairs = []
        for one in joint.members.indices {
            for other in joint.members.indices where joint.goTogether(one, other) { pairs.insert([joint.members[one], joint.members[other]]) }
        }
        return pairs
    }

    @Test("random transitions put together all that they can, and nothing else", arguments: 1...60 as ClosedRange<UInt64>)
    func fixedPoint(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let joint = JointValues(fieldCount: Self.fieldCount)
        let transitions = (0..<6).map { _ in Self.randomTransition(&random) }
        var effects = transitions.map { LocalEffect($0, joint) }
        var room = LocalEffect.Room()
        for round in 0..<3 {
            // The last of them starts with less than there was.
            if round == 2 { joint.separateAll() }
            let vector = (0..<Self.fieldCount).map { FieldValue(field: $0, value: UInt8(random.next() % UInt64(Self.valueCount))) }
            let numbers = vector.map { joint.insert($0.value, in: $0.field) }
            for number in numbers { joint.join(number, joint.set(vector)) }
            var expected = Self.pairs(of: joint)
            while true {
                let more = transitions.reduce(expected) { $0.union(Self.made(by: $1, of: $0)) }
                if more == expected { break }
                expected = more
            }
            var time = -1
            while time != joint.time {
                time = joint.time
                for index in effects.indices { effects[index].spread(in: joint, &room) }
            }
            #expect(Self.pairs(of: joint) == expected)
        }
    }

    @Test("what was put together is put together again when it was forgotten meanwhile, in whichever order its causes come back")
    func forgotten() {
        let joint = JointValues(fieldCount: 4)
        let values = (0..<4).map { FieldValue(field: $0, value: 1) }
        let transition = LocalTransition(
            pid: 0, kind: .usual, conditions: [values[0], values[1]], outcomes: [[.init(field: 3, value: .copy(of: 2))]])
        var effect = LocalEffect(transition, joint)
        var room = LocalEffect.Room()
        let numbers = values.map { joint.insert($0.value, in: $0.field) }
        func join(_ fields: [Int]) {
            for field in fields { joint.join(numbers[field], joint.set(fields.map { values[$0] })) }
            effect.spread(in: joint, &room)
        }
        join([0, 1, 2])
        #expect([0, 1].allSatisfy { joint.goTogether(numbers[3], numbers[$0]) })
        joint.separateAll()
        join([0, 2])
        join([1, 2])
        #expect(!joint.occurs(numbers[3]))
        join([0, 1])
        #expect([0, 1].allSatisfy { joint.goTogether(numbers[3], numbers[$0]) })
    }
}
