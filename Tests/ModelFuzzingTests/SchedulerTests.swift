import Automata
@testable import ModelFuzzing
import TestSupport
import Testing

/// Each strategy does what it is for.
struct SchedulerTests {
    /// Three processes that can always move, and never end.
    private static let counters = "byte x[3]; active [3] proctype P() { do :: x[_pid]++ od }"

    /// Who moves in a walk.
    private static func walk(_ text: String, _ strategy: Strategy, steps: Int) throws -> (pids: [Int], visits: [UInt32]) {
        let system = try Fuzzed.system(text)
        let stepper = Stepper(system)
        stepper.initialState().state.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        var scheduler = Scheduler(strategy)
        var random = SplitMix64(seed: 5)
        var visits = [UInt32](repeating: 0, count: system.transitions.count)
        var pids: [Int] = []
        while pids.count < steps, case .move(let move) = scheduler.choose(from: stepper, visits: visits, using: &random) {
            visits[stepper.move(move).step.transition] += 1
            pids.append(stepper.move(move).step.pid)
            stepper.take(move)
        }
        return (pids, visits)
    }

    private static func strategy(_ kind: Strategy.Kind, process: Int = 0, changes: [Int] = []) -> Strategy {
        var random = SplitMix64(seed: 1)
        var result = Strategy(steps: 10, using: &random)
        (result.kind, result.process, result.changePoints, result.preference) = (kind, process, changes.reversed(), 0)
        return result
    }

    private static func share(of pid: Int, in pids: [Int]) -> Double { Double(pids.count { $0 == pid }) / Double(pids.count) }

    @Test("with priorities, another process moves only from a change point on, and then for good")
    func priorities() throws {
        let pids = try Self.walk(Self.counters, Self.strategy(.priorities, changes: [10, 25]), steps: 40).pids
        #expect(Set(pids[..<10]).count == 1)
        #expect(Set(pids[10..<25]).count == 1)
        #expect(Set(pids[25...]).count == 1)
        #expect(Set([pids[0], pids[10], pids[25]]).count == 3)
    }

    @Test("with delays, a process is passed over at each of them, in the order of the processes")
    func delays() throws {
        let pids = try Self.walk(Self.counters, Self.strategy(.delays, changes: [3, 5, 9]), steps: 12).pids
        #expect(pids == [0, 0, 0, 1, 1, 2, 2, 2, 2, 0, 0, 0])
    }

    @Test("with delays, who is blocked is passed over too")
    func blocked() throws {
        let text = "byte x; active [3] proctype P() { do :: x % 3 == _pid -> x++ od }"
        #expect(try Self.walk(text, Self.strategy(.delays), steps: 8).pids == [0, 0, 1, 1, 2, 2, 0, 0])
    }

    @Test("one process is favoured, or starved, nearly always", arguments: [0, 1, 2])
    func oneProcess(pid: Int) throws {
        let favoured = try Self.walk(Self.counters, Self.strategy(.favourite, process: pid), steps: 2000).pids
        #expect((0.85...0.99).contains(Self.share(of: pid, in: favoured)))
        let starved = try Self.walk(Self.counters, Self.strategy(.starved, process: pid), steps: 2000).pids
        #expect((0.001...0.04).contains(Self.share(of: pid, in: starved)))
        for other in [0, 1, 2] where other != pid { #expect(Self.share(of: other, in: starved) > 0.4) }
    }

    @Test("every process is as likely as another", arguments: [Strategy.Kind.anyMove, .anyProcess])
    func uniform(kind: Strategy.Kind) throws {
        let pids = try Self.walk(Self.counters, Self.strategy(kind), steps: 3000).pids
        for pid in 0..<3 { #expect((0.28...0.39).contains(Self.share(of: pid, in: pids))) }
    }

    @Test("who has moved goes on, mostly, and others have their turns")
    func persistent() throws {
        let pids = try Self.walk(Self.counters, Self.strategy(.persistent), steps: 3000).pids
        let switches = zip(pids, pids.dropFirst()).count { $0 != $1 }
        #expect((150...600).contains(switches))
        for pid in 0..<3 { #expect(Self.share(of: pid, in: pids) > 0.15) }
    }

    @Test("what was taken least often is taken next")
    func leastVisited() throws {
        let text = "byte x; active proctype P() { do :: x = 1 :: x = 2 :: x = 3 :: x = 4 :: x = 5 od }"
        let visits = try Self.walk(text, Self.strategy(.leastVisited), steps: 500).visits.filter { $0 > 0 }
        #expect(visits == [100, 100, 100, 100, 100])
    }

    @Test("processes that come and go do not matter to any strategy", arguments: Strategy.Kind.allCases)
    func lifetimes(kind: Strategy.Kind) throws {
        let text = """
            byte alive;
            proctype Child() { alive++; alive--; }
            init { byte n; do :: n < 20 && _nr_pr < 6 -> run Child(); n++ :: n == 20 -> break od }
            """
        let pids = try Self.walk(text, Self.strategy(kind, process: 3, changes: [2, 4, 8, 16, 32]), steps: 1000).pids
        // A child takes three steps, its end among them, and so does init for each; then it goes out of its loop, and ends.
        #expect(pids.count == 20 * 3 + 20 * 3 + 2)
    }
}
