@testable import Automata
import Promela
import TestSupport
import Testing

/// What was found for some states is used for others; it must not show.
struct StubbornSetsTests {
    private static let profiles: [GeneratorProfile] = [
        .data, .channels, .processes.without(.enabledQueries, .programCounters, .lastProcess),
        .only([.provided, .loops, .run, .bufferedChannels, .rendezvous, .elseBranches, .assertions]),
    ]

    /// States of a system as they are found, the first ones only.
    private static func states(of generator: SuccessorGenerator, limit: Int) -> [[UInt8]] {
        var found = [generator.initialState().state]
        var known = Set(found)
        generator.onSuccessor = { successor in
            let state = [UInt8](successor.state)
            if known.count < limit, known.insert(state).inserted { found.append(state) }
        }
        defer { generator.onSuccessor = { _ in } }
        var next = 0
        while next < found.count {
            _ = found[next].withUnsafeBytes { generator.expand($0) }
            next += 1
        }
        return found
    }

    /// Compares the sets of states with those that are found by what knows of no other state.
    /// - Returns: how many states there are, and how many in which something can be left out.
    private static func compare(_ text: String, limit: Int) throws -> (states: Int, useful: Int) {
        let generator = SuccessorGenerator(try Walk.system(text))
        let used = StubbornSets(generator, keeping: [])
        // Both ways, so that what is remembered has been found in another order, and is asked for again.
        let states = Self.states(of: generator, limit: limit)
        let useful = (states + states.reversed()).count { state in
            let (sets, fresh) = state.withUnsafeBytes { state in
                (used.candidates(in: state), StubbornSets(generator, keeping: []).candidates(in: state))
            }
            #expect(sets == fresh, "\(text)")
            return !sets.isEmpty
        }
        return (states.count * 2, useful)
    }

    @Test("sets are the same, whatever was asked before", arguments: 0..<profiles.count)
    func memory(kind: Int) throws {
        var (states, useful) = (0, 0)
        for seed in 1...40 as ClosedRange<UInt64> {
            let found = try Self.compare(ProgramGenerator(seed: seed, profile: Self.profiles[kind]).makeProgram(), limit: 60)
            (states, useful) = (states + found.states, useful + found.useful)
        }
        #expect(useful > states / 100)
        #expect(useful < states)
    }

    @Test(
        "states that differ only in what a set is closed by are told apart",
        arguments: [
            // Which element is written.
            """
            byte a[2];
            active proctype Writer() { byte i; if :: i = 0 :: i = 1 fi; a[i] = 1 }
            active proctype Reader() { byte x; x = a[0] }
            active proctype Other() { byte y; y = 1 }
            """,
            // Which element is waited for.
            """
            byte a[2], r;
            active proctype Waiter() { byte i; if :: i = 0 :: i = 1 fi; a[i] == 1 -> r = 1 }
            active proctype One() { a[0] = 1 }
            active proctype Another() { a[1] = 1 }
            active proctype Reader() { byte z; z = r }
            """,
            // Whether a process that stands at its end is held back, or waits for the youngest one.
            """
            byte x, n;
            active proctype Held() provided (x == 0) { skip }
            active proctype Holder() { do :: x = 1 - x od }
            active proctype Counter() { n = _nr_pr }
            active proctype Youngest() { byte y; y = 1 }
            """,
            // Which condition fails.
            """
            byte x, y, a, b;
            active proctype Waiter() { x == 1 && y == 1 -> a = 1 }
            active proctype One() { if :: x = 1 :: x = 2 fi; b = 1 }
            active proctype Another() { if :: y = 1 :: y = 2 fi; b = 2 }
            active proctype Reader() { byte z; z = a; z = b }
            """,
        ])
    func distinction(text: String) throws {
        let found = try Self.compare(text, limit: .max)
        #expect(found.useful > 0)
        #expect(found.useful < found.states)
    }
}
