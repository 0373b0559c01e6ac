import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// Fairness can be said in a formula: to claim something of the fair runs is to claim it of all, if they are fair. Both ways
/// must come to the same.
struct FairnessFormulaTests {
    private static let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 60

    @Test("a claim about fair runs is a claim about all runs that assumes fairness", arguments: [Fairness.weak, .strong])
    func assumption(fairness: Fairness) throws {
        let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1
        var (compared, different) = (0, 0)
        for seed in firstSeed..<firstSeed + UInt64(Self.programCount) {
            let text = ProgramGenerator(seed: seed, profile: Self.profile).makeProgram()
            let processes = try Self.program(text).initialProcesses.count
            let assumption = (0..<processes).map { Self.assumption(of: fairness, pid: $0) }.joined(separator: " && ")
            let assuming = text.replacing("ltl claimed {", with: "ltl claimed { (\(assumption)) ->")
            guard let fair = try Self.holds(text, under: fairness), let assumed = try Self.holds(assuming, under: .none),
                let all = try Self.holds(text, under: .none)
            else { continue }
            compared += 1
            if all != fair { different += 1 }
            #expect(fair == assumed, "seed \(seed): \(fair), if assumed \(assumed)\n\(assuming)")
            #expect(!all || fair, "seed \(seed): what holds of all runs does not hold of fair ones\n\(text)")
        }
        #expect(compared > Self.programCount * 3 / 4)
        #expect(compared < 50 || different > 0, "fairness made no difference, so little was compared")
    }

    /// What it means that runs are fair to a process.
    private static func assumption(of fairness: Fairness, pid: Int) -> String {
        switch fairness {
        case .none: "true"
        case .weak: "([] (<> ((!enabled(\(pid))) || (_last == \(pid)))))"
        case .strong: "(([] (<> (enabled(\(pid))))) -> ([] (<> (_last == \(pid)))))"
        }
    }

    /// No handshakes, for there two processes move, of which `_last` is one; no processes that start later; and no `provided`
    /// clauses, of which `enabled` knows nothing, as in Spin.
    private static let profile: GeneratorProfile = {
        var profile = GeneratorProfile.liveness(.formula).without(.rendezvous, .run, .provided)
        profile.processes = 1...2
        return profile
    }()

    private static func program(_ text: String) throws -> Program {
        let result = ModelReader.read(text: text, path: "model.pml")
        guard let program = result.program else {
            throw ModelRejected(description: DiagnosticRenderer(sources: result.sources).render(result.diagnostics))
        }
        return program
    }

    private static func holds(_ text: String, under fairness: Fairness) throws -> Bool? {
        let property = Property.claim(.formula(0))
        let options = SearchOptions(properties: [property], fairness: fairness, violationLimit: .max)
        let verdicts = try Search(System(program(text)), options: options).run().verdicts
        return switch verdicts.first(where: { $0.property == property })?.verdict {
        case .holds: true
        case .violated: false
        case .inconclusive, nil: nil
        }
    }
}
