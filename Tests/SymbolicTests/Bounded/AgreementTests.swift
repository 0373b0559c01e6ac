import Automata
import Exploration
import Foundation
import Promela
import Symbolic
import TestSupport
import Testing

/// The bounded engine finds what the interpreter does, and at the same depth.
@Suite(.serialized) struct AgreementTests {
    /// Small enough for the solver.
    static func small(_ profile: GeneratorProfile) -> GeneratorProfile {
        var profile = profile
        profile.processes = profile.processes.lowerBound...min(4, profile.processes.upperBound)
        profile.statements = 12...32
        return profile
    }

    /// What processes ask of each other, and what is only there inside atomic sequences.
    private static let questions = GeneratorProfile.only([
        .enabledQueries, .hidden, .atomic, .dStep, .timeouts, .provided, .nestedChoices, .elseBranches, .loops, .rendezvous,
        .bufferedChannels, .unless, .lastProcess, .programCounters, .run, .assertions,
    ])

    static let profiles: [(name: String, profile: GeneratorProfile)] = [
        ("everything", small(.everything)), ("data", small(.data)), ("channels", small(.channels)),
        ("atomicity", small(.atomicity)), ("processes", small(.processes)),
        ("questions", small(questions)), ("endless", small(.liveness(.progress))),
    ]

    private static let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_BOUNDED_PROGRAMS"] ?? "") ?? 30
    private static let first = Int(ProcessInfo.processInfo.environment["HEDDLE_BOUNDED_FIRST"] ?? "") ?? 1
    private static let depth = Int(ProcessInfo.processInfo.environment["HEDDLE_BOUNDED_DEPTH"] ?? "") ?? 7

    @Test("random programs are violated at the depth at which the interpreter finds it", arguments: profiles.indices)
    func randomPrograms(profile index: Int) throws {
        var supported = 0
        for seed in Self.first..<Self.first + Self.programCount {
            let text = ProgramGenerator(seed: UInt64(seed), profile: Self.profiles[index].profile).makeProgram()
            let system = try Checked.system(text)
            let expected = MoveSearch(system, depth: Self.depth)
            do {
                let result = try BoundedCheck(
                    system, properties: Set(Property.ofStates), depth: Self.depth, timeLimit: 20_000).run()
                supported += 1
                if !text.contains("atomic") { try compare(result, withSearchOf: system, "\(seed)\n\(text)") }
                compare(result, expected, "\(Self.profiles[index].name) \(seed)\n\(text)")
            } catch let error as UnsupportedModel {
                #expect(error.diagnostic.code == .notSupported)
            } catch {
                Issue.record("\(Self.profiles[index].name) \(seed): \(error)\n\(text)")
            }
        }
        #expect(supported * 10 >= Self.programCount * 9)
    }

    /// Where every step is one of the search's, the nearest violation is as near.
    private func compare(_ result: BoundedResult, withSearchOf system: Automata.System, _ text: String) throws {
        let options = SearchOptions(properties: Set(Property.ofStates), depthLimit: Self.depth + 1, memoryLimit: 1 << 28)
        func depth(_ violation: Violation) -> Int { violation.path.count - (violation.fault == nil ? 0 : 1) }
        let expected = try Search(system, options: options).run().violations.first.map(depth)
        #expect(result.violations.map(depth).min() == expected.flatMap { $0 <= Self.depth ? $0 : nil }, "\(text)")
    }

    @Test("what is proved holds, and what is violated does not", arguments: profiles.indices)
    func proofs(profile index: Int) throws {
        var (proofs, violations) = (0, 0)
        // A proof takes longer than a run.
        let programCount = max(5, Self.programCount / 3)
        for seed in Self.first..<Self.first + programCount {
            var profile = Self.profiles[index].profile
            profile.statements = 6...14
            profile.processes = 1...3
            let text = ProgramGenerator(seed: UInt64(seed), profile: profile).makeProgram()
            let model = text + (Self.invariant(of: try Checked.system(text).program, seed) ?? "")
            let system = try Checked.system(model)
            let properties = Set(Property.ofStates + (system.program.formulas.isEmpty ? [] : [.claim(.formula(0))]))
            let expected = try Search(
                system, options: SearchOptions(properties: properties, memoryLimit: 1 << 28, violationLimit: .max)
            ).run()
            let result = try BoundedCheck(
                system, properties: properties, depth: 5, induction: 4, invariantTime: 1, timeLimit: 5_000).run()
            for (property, verdict) in result.verdicts {
                let known = expected.verdicts.first { $0.property == property }?.verdict
                switch verdict {
                case .holds(let proof):
                    proofs += 1
                    #expect(known == .holds, "\(property) \(proof) \(seed)\n\(model)")
                case .violated:
                    violations += 1
                    #expect(known == .violated, "\(property) \(seed)\n\(model)")
                case .inconclusive: break
                }
            }
        }
        #expect(proofs > programCount && violations > 0)
    }

    /// Something to say of a global of a program.
    private static func invariant(of program: Program, _ seed: Int) -> String? {
        var random = SplitMix64(seed: UInt64(seed))
        let variables = program.globals.filter { variable in
            guard variable.count == nil, case .scalar(let type) = variable.type else { return false }
            return type != .chan
        }
        guard let variable = variables.randomElement(using: &random),
            let operation = ["<=", "!=", ">=", "<"].randomElement(using: &random)
        else { return nil }
        return "\nltl claimed { [] (\(variable.name) \(operation) \(Int.random(in: 0...8, using: &random))) }\n"
    }

    private func compare(_ result: BoundedResult, _ expected: MoveSearch, _ text: String) {
        for (property, verdict) in result.verdicts {
            switch verdict {
            case .violated(let depth): #expect(expected.depths[property] == depth, "\(property) \(text)")
            case .holds: #expect(expected.depths[property] == nil && expected.diameter != nil, "\(property) \(text)")
            case .inconclusive(.depth(let depth)):
                #expect(depth == Self.depth)
                #expect(expected.depths[property] == nil, "\(property) \(text)")
            case .inconclusive(.runsEndInViolation): #expect(expected.depths[property] == nil, "\(property) \(text)")
            case .inconclusive: Issue.record("\(property) \(verdict) \(text)")
            }
        }
    }
}
