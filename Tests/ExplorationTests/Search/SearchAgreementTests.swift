import Automata
import Exploration
import TestSupport
import Testing

/// Two orders of search find the same, and every counterexample can be walked.
struct SearchAgreementTests {
    private static func program(_ seed: Int) -> String {
        let profiles: [GeneratorProfile] = [.everything, .data, .channels, .atomicity, .processes]
        return ProgramGenerator(seed: UInt64(1000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
    }

    private static func options(_ order: SearchOptions.Order) -> SearchOptions {
        SearchOptions(order: order, memoryLimit: 1 << 28, violationLimit: .max)
    }

    @Test("breadth first and depth first store the same states and give the same verdicts", arguments: 1...100)
    func orders(seed: Int) throws {
        let text = Self.program(seed)
        let breadth = try Checked.search(text, Self.options(.breadth))
        let depth = try Checked.search(text, Self.options(.depth))
        #expect(breadth.statistics.statesStored == depth.statistics.statesStored, "\(text)")
        #expect(breadth.statistics.transitions == depth.statistics.transitions, "\(text)")
        #expect(breadth.statistics.statesMatched == depth.statistics.statesMatched, "\(text)")
        #expect(breadth.verdicts.map(\.verdict) == depth.verdicts.map(\.verdict), "\(text)")
        #expect(breadth.violations.count == depth.violations.count, "\(text)")
    }

    @Test("every counterexample can be walked step by step, and ends in its violation", arguments: 1...100)
    func counterexamples(seed: Int) throws {
        let text = Self.program(seed)
        let bruteForce = BruteForce(try Checked.system(text))
        for order in SearchOptions.Order.allCases {
            // Not all violations: some programs have thousands of deadlocks.
            var options = Self.options(order)
            options.violationLimit = 3
            for violation in try Checked.search(text, options).violations {
                let (faults, node, _) = try bruteForce.walk(violation)
                if let fault = violation.fault {
                    #expect(faults.contains(fault), "\(violation.message)\n\(text)")
                } else {
                    #expect(bruteForce.isBlocked(node) && bruteForce.isInvalidEnd(node.state), "\(violation.message)\n\(text)")
                }
            }
        }
    }

    @Test("a breadth-first counterexample is a shortest one, counted in stored states", arguments: 1...40)
    func shortest(seed: Int) throws {
        let text = ProgramGenerator(seed: UInt64(seed), profile: .atomicity.without(.assertions)).makeProgram()
        let system = try Checked.system(text)
        let options = SearchOptions(properties: [.endStates], memoryLimit: 1 << 28)
        let result = try Search(system, options: options).run()
        // Some have more states than are worth counting twice.
        guard result.statistics.statesStored < 3000 else { return }
        let bruteForce = BruteForce(system)
        let distance = bruteForce.distanceToInvalidEnd()
        let violation = result.violations.first
        #expect((violation == nil) == (distance == nil), "\(text)")
        guard let violation, let distance else { return }
        #expect(result.statistics.depthReached == distance, "\(text)")
        #expect(violation.isShortest)
    }
}
