import Automata
import Exploration
import TestSupport
import Testing

/// A search that keeps bits in place of states finds what is real, and claims no more than it has seen.
struct BitstateTests {
    private static func options(_ bytes: Int?, _ violationLimit: Int = .max) -> SearchOptions {
        SearchOptions(order: .depth, memoryLimit: 1 << 28, bitTableSize: bytes, violationLimit: violationLimit)
    }

    private static func program(_ seed: Int) -> String {
        let profiles: [GeneratorProfile] = [.everything, .data, .channels, .atomicity, .processes]
        return ProgramGenerator(seed: UInt64(4000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
    }

    @Test("with room for all, it stores and finds what an exact search does, and yet nothing holds", arguments: 1...60)
    func agreement(seed: Int) throws {
        let text = Self.program(seed)
        var options = Self.options(nil)
        options.memoryLimit = 1 << 21
        let exact = try Checked.search(text, options)
        // A few are larger; where there are many states, one is missed now and then.
        if exact.verdicts.contains(where: { $0.verdict == .inconclusive(.memory(bytes: 1 << 21)) }) { return }
        let bits = try Checked.search(text, Self.options(1 << 24))
        #expect(bits.statistics.statesStored == exact.statistics.statesStored, "\(text)")
        #expect(bits.statistics.statesMatched == exact.statistics.statesMatched, "\(text)")
        #expect(bits.statistics.transitions == exact.statistics.transitions, "\(text)")
        #expect(bits.violations.map(\.message) == exact.violations.map(\.message), "\(text)")
        for (one, other) in zip(exact.verdicts, bits.verdicts) where one.verdict != .violated {
            guard case .inconclusive = other.verdict else {
                Issue.record("\(other.property) \(other.verdict)\n\(text)")
                continue
            }
        }
    }

    @Test("every counterexample can be walked, however little room there is", arguments: 1...60)
    func counterexamples(seed: Int) throws {
        let text = Self.program(seed)
        let bruteForce = BruteForce(try Checked.system(text))
        for violation in try Checked.search(text, Self.options(1 << 10, 3)).violations {
            #expect(!violation.isShortest)
            let (faults, node, _) = try bruteForce.walk(violation)
            if let fault = violation.fault {
                #expect(faults.contains(fault), "\(violation.message)\n\(text)")
            } else {
                #expect(bruteForce.isBlocked(node) && bruteForce.isInvalidEnd(node.state), "\(violation.message)\n\(text)")
            }
        }
    }

    /// Two numbers that count up in any order, so that many ways lead to nearly every state.
    private static let counters = """
        byte x, y;
        active proctype One() { do :: x < 255 -> x++ :: else -> break od }
        active proctype Other() { do :: y < 255 -> y++ :: else -> break od }
        """

    /// What only a missed state leads to is missed too, which nobody can count, so the estimate is an upper bound; where few are missed, a close one.
    @Test("the coverage is no less than what was searched", arguments: [(14, 0.7), (16, 0.3), (17, 0.1), (18, 0.02), (20, 0.0001)])
    func coverage(logarithm: Int, difference: Double) throws {
        let exact = try Checked.search(Self.counters, Self.options(nil)).statistics.statesStored
        let result = try Checked.search(Self.counters, Self.options(1 << logarithm))
        let verdict = Checked.verdict(.endStates, in: result)
        guard case .inconclusive(.bitstate(let states, let coverage)) = verdict else {
            Issue.record("\(String(describing: verdict))")
            return
        }
        #expect(states == result.statistics.statesStored)
        #expect(states <= exact)
        let share = Double(states) / Double(exact)
        #expect(coverage > share - 0.001, "\(coverage), \(states) of \(exact)")
        #expect(coverage < share + difference, "\(coverage), \(states) of \(exact)")
        #expect(result.statistics.bytes >= 1 << logarithm)
    }

    @Test("a share is never rounded up to all", arguments: [
        (1.0, "100.00 %"), (0.5, "50.00 %"), (0.99989, "99.98 %"), (0.99995, "99.995 %"), (0.999_999_87, "99.99998 %"), (1 - 1e-12, "99.99999999 %"),
    ])
    func share(share: Double, text: String) { #expect(NumberText.share(share) == text) }

    @Test("claims about whole runs are not decided") func claims() throws {
        let text = "byte x; active proctype P() { do :: x = 1 - x od } ltl live { <>[] (x == 0) }"
        let result = try Checked.search(text, Self.options(1 << 20))
        let claim = try #require(result.verdicts.first { if case .claim = $0.property { true } else { false } })
        guard case .inconclusive(.engine) = claim.verdict else {
            Issue.record("\(claim.verdict)")
            return
        }
    }

    @Test("clients that are alike count once, as without") func symmetry() throws {
        let text = """
            byte owner; byte inside; bool wants[4];
            proctype Client(byte me) {
                do :: wants[me] = true; atomic { owner == 0 -> owner = me; wants[me] = false }; inside++; assert(inside == 1); inside--; owner = 0 od
            }
            init { atomic { run Client(1); run Client(2); run Client(3) } }
            """
        var (exact, bits) = (Self.options(nil), Self.options(1 << 20))
        (exact.usesSymmetry, bits.usesSymmetry) = (true, true)
        let plain = try Checked.search(text, Self.options(nil)).statistics.statesStored
        let (one, other) = (try Checked.search(text, exact), try Checked.search(text, bits))
        #expect(one.statistics.statesStored < plain)
        #expect(one.statistics.statesStored == other.statistics.statesStored)
    }

    @Test("paths are cut where the depth is limited") func depth() throws {
        var options = Self.options(1 << 20)
        options.depthLimit = 10
        let result = try Checked.search(Self.counters, options)
        #expect(Checked.verdict(.endStates, in: result) == .inconclusive(.pathLength(10)))
    }
}
