import Automata
import Exploration
import ModelFuzzing
import TestSupport
import Testing

/// What walks find in programs of chance is what a search of all states finds there.
struct RandomProgramTests {
    private static func program(_ seed: Int) -> String {
        let profiles: [GeneratorProfile] = [
            .everything, .data, .channels, .atomicity, .processes, .liveness(.formula), .liveness(.neverClaim), .liveness(.acceptance),
        ]
        return ProgramGenerator(seed: UInt64(7000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
    }

    @Test("nothing is found that is not there, and every counterexample holds up", arguments: 1...64)
    func noFalseAlarm(seed: Int) throws {
        let text = Self.program(seed)
        let system = try Fuzzed.system(text)
        var options = Fuzzed.options(steps: 20_000, seed: UInt64(seed))
        options.violationLimit = 4
        let found = try Fuzzed.fuzz(system, options)
        for violation in found.result.violations { try Fuzzed.record(violation, of: system) }
        let searched = try Search(system, options: SearchOptions(memoryLimit: 1 << 28, violationLimit: .max)).run()
        for (property, verdict) in searched.verdicts where verdict == .holds {
            #expect(!found.result.violations.contains { $0.property == property }, "\(property)\n\(text)")
        }
    }

    @Test("nearly all that a search finds in small programs is found, and by paths that are nearly as short")
    func findsNearlyAll() throws {
        var (violated, found, steps, shortest) = (0, 0, 0, 0)
        for seed in 200..<260 {
            let system = try Fuzzed.system(Self.program(seed))
            let searched = try Search(system, options: SearchOptions(memoryLimit: 1 << 28)).run()
            guard let known = searched.violations.first else { continue }
            violated += 1
            var options = Fuzzed.options(steps: 50_000)
            options.properties = [known.property]
            guard let violation = try Fuzzed.fuzz(system, options).result.violations.first else { continue }
            found += 1
            guard violation.property == known.property, violation.loopStart == nil, known.isShortest else { continue }
            steps += violation.path.count
            shortest += known.path.count
        }
        #expect(violated > 30)
        #expect(found * 100 >= violated * 95, "\(found) of \(violated)")
        // Shortest is counted in states between atomic sequences, so a path may have fewer steps, too.
        #expect(steps * 100 <= shortest * 115, "\(steps) steps, \(shortest) at least")
    }
}
