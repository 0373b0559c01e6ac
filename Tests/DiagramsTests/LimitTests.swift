@testable import Diagrams
import Testing

/// Diagrams that reach a limit say so, and nothing else afterwards.
struct LimitTests {
    private static let pairCount = 11
    private static let count: UInt128 = 1 << UInt128(pairCount)

    /// Bits, and below all of them copies of them: a node must say the bits before it, so that there are many.
    private struct Copies {
        let diagrams: DecisionDiagrams
        let start: DecisionDiagrams.Node

        init(byteLimit: Int = .max, stepLimit: Int = .max, stop: DiagramStop? = nil) throws {
            let levelCount = 2 * LimitTests.pairCount
            diagrams = try DecisionDiagrams(
                domains: Array(repeating: 2, count: levelCount), byteLimit: byteLimit, stepLimit: stepLimit, stop: stop)
            start = try diagrams.singleton(Array(repeating: 0, count: levelCount))
            var events: [DecisionDiagrams.Relation] = []
            for bit in 0..<LimitTests.pairCount {
                for (from, to) in [(0, 1), (1, 0)] {
                    let levels = [bit, bit + LimitTests.pairCount]
                    let rule = System.Rule(
                        conditions: Dictionary(uniqueKeysWithValues: levels.map { ($0, from) }),
                        writes: Dictionary(uniqueKeysWithValues: levels.map { ($0, to) }))
                    events.append(try rule.relation(in: diagrams))
                }
            }
            try diagrams.setEvents(events)
        }
    }

    private func closure(byteLimit: Int = .max, stepLimit: Int = .max, stop: DiagramStop? = nil) throws -> (UInt128?, DecisionDiagrams) {
        let copies = try Copies(byteLimit: byteLimit, stepLimit: stepLimit, stop: stop)
        return (try copies.diagrams.count(of: copies.diagrams.saturate(copies.start)), copies.diagrams)
    }

    @Test("steps are the same each time, and neither less than those taken are enough, nor more needed")
    func steps() throws {
        let steps = try closure().1.stepCount
        #expect(steps > 5000)
        let enough = try closure(stepLimit: steps)
        #expect(enough.0 == Self.count)
        #expect(enough.1.stepCount == steps)
        for limit in [0, 1, 2047, 2048, 2049, steps - 1] {
            #expect(throws: DiagramLimit.steps) { try closure(stepLimit: limit) }
        }
    }

    @Test("with less memory there is a right result or none")
    func memory() throws {
        let bytes = try closure().1.byteCount
        var failureCount = 0
        for part in 0...60 {
            do throws(any Error) {
                let (count, diagrams) = try closure(byteLimit: bytes * part / 40)
                #expect(count == Self.count)
                #expect(diagrams.byteCount <= bytes * part / 40)
            } catch {
                #expect(error as? DiagramLimit == .memory)
                failureCount += 1
            }
        }
        #expect(1..<60 ~= failureCount)
    }

    @Test("somebody else can stop it")
    func stop() throws {
        let stop = DiagramStop()
        #expect(try closure(stop: stop).0 == Self.count)
        stop.stop()
        #expect(throws: DiagramLimit.stopped) { try closure(stop: stop) }
    }

    @Test("after a limit nothing has a result")
    func afterwards() throws {
        let copies = try Copies(stepLimit: 3000)
        let diagrams = copies.diagrams
        #expect(throws: DiagramLimit.steps) { try diagrams.saturate(copies.start) }
        #expect(throws: DiagramLimit.steps) { try diagrams.saturate(copies.start) }
        #expect(throws: DiagramLimit.steps) { try diagrams.union(copies.start, copies.start) }
        #expect(throws: DiagramLimit.steps) { try diagrams.count(of: copies.start) }
        #expect(throws: DiagramLimit.steps) { try diagrams.setEvents([]) }
        #expect(throws: DiagramLimit.steps) { try diagrams.growDomain(of: 0, to: 9) }
        #expect(throws: DiagramLimit.steps) { try diagrams.jointRanks(of: copies.start) }
    }
}
