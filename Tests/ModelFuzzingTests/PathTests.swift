import Automata
@testable import ModelFuzzing
import TestSupport
import Testing

/// Small things that walks are made of.
struct PathTests {
    @Test(
        "a step is the same after it was packed",
        arguments: [
            Step(pid: 0, transition: 0), Step(pid: 255, transition: 70_000, isTimeout: true), Step(pid: 3, transition: -1),
            Step(pid: 3, transition: 7, choice: 0), Step(pid: 3, transition: 7, choice: .min),
            Step(pid: 3, transition: 7, receiver: .init(pid: 200, transition: 99_999)),
        ])
    func packedStep(step: Step) {
        #expect(ScheduleStep(step).step == step)
        #expect(ScheduleStep(step).does(step))
    }

    private static func step(_ number: Int) -> ScheduleStep { ScheduleStep(Step(pid: 0, transition: number)) }

    @Test("paths that share their beginnings are whole")
    func segments() {
        let first = PathSegment(nil, (0..<5).map(Self.step))
        let second = PathSegment((first, 3), (10..<14).map(Self.step))
        let third = PathSegment((second, 5), (20..<22).map(Self.step))
        #expect(third.steps(7).map(\.transition) == [0, 1, 2, 10, 11, 20, 21])
        #expect(third.steps(6).map(\.transition) == [0, 1, 2, 10, 11, 20])
        #expect(third.steps(4).map(\.transition) == [0, 1, 2, 10])
        #expect(third.steps(2).map(\.transition) == [0, 1])
        #expect(third.steps(0).isEmpty)
    }

    @Test("a state is known again, where it was met first and last, until all are forgotten")
    func recentStates() {
        let states = RecentStates()
        #expect(states.meet(77, at: 0) == nil)
        #expect(states.meet(78, at: 1) == nil)
        #expect(states.meet(77, at: 2).map { [$0.first, $0.last] } == [0, 0])
        #expect(states.meet(77, at: 5).map { [$0.first, $0.last] } == [0, 2])
        #expect(states.meet(77, at: 6).map { [$0.first, $0.last] } == [0, 5])
        // One with the same place in the table takes it.
        #expect(states.meet(77 + 1 << 40, at: 7) == nil)
        states.removeAll()
        #expect(states.meet(78, at: 0) == nil)
    }

    @Test("numbers of chance stay in their range, and come to both of its ends")
    func randomNumbers() {
        var random = SplitMix64(seed: 1)
        let numbers = (0..<1000).map { _ in random.next(below: 7) }
        #expect(Set(numbers) == Set(0..<7))
        let logarithmic = (0..<20_000).map { _ in random.logarithmic(in: 3...50) }
        #expect(logarithmic.min() == 3)
        #expect(logarithmic.max() == 50)
        #expect((0..<100).allSatisfy { _ in random.logarithmic(in: 5...5) == 5 })
    }
}
