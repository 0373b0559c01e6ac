import Automata
import Exploration
import Foundation
import Promela
import Symbolic
import TestSupport
import Testing

/// What Z3's Horn engine says of random programs is what the explicit search says.
@Suite(.serialized) struct HornAgreementTests {
    private static let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_HORN_PROGRAMS"] ?? "") ?? 4
    private static let first = Int(ProcessInfo.processInfo.environment["HEDDLE_HORN_FIRST"] ?? "") ?? 1

    @Test("what is proved holds, and what is violated does not", arguments: AgreementTests.profiles.indices)
    func verdicts(profile index: Int) throws {
        var decided = 0
        for seed in Self.first..<Self.first + Self.programCount {
            var profile = AgreementTests.profiles[index].profile
            profile.statements = 4...10
            profile.processes = 1...2
            let text = ProgramGenerator(seed: UInt64(seed), profile: profile).makeProgram()
            let system = try Checked.system(text)
            let properties = Set(Property.ofStates)
            let expected = try Search(
                system, options: SearchOptions(properties: properties, memoryLimit: 1 << 28, violationLimit: .max)
            ).run()
            let result = try HornCheck(system, properties: properties, timeLimit: 2_000).run()
            for (property, verdict) in result.verdicts {
                let known = expected.verdicts.first { $0.property == property }?.verdict
                switch verdict {
                case .holds(let proof): #expect(known == .holds, "\(property) \(proof) \(seed)\n\(text)")
                case .violated: #expect(known == .violated, "\(property) \(seed)\n\(text)")
                case .inconclusive: continue
                }
                decided += 1
            }
        }
        #expect(decided > Self.programCount)
    }
}
