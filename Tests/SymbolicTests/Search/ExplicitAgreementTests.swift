import Automata
import Exploration
import Foundation
import Promela
import Symbolic
import TestSupport
import Testing
import Traces

/// The number of random programs in each profile; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 100

/// The symbolic engine finds what the explicit one finds, where both can look at all values.
@Suite struct ExplicitAgreementTests {
    static let profiles: [(name: String, profile: GeneratorProfile)] = [
        ("everything", .everything), ("data", .data), ("channels", .channels), ("atomicity", .atomicity),
        ("processes", .processes),
    ]

    @Test("random programs, with every number a term", arguments: profiles.indices)
    func randomPrograms(profile index: Int) throws {
        let (name, profile) = Self.profiles[index]
        let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1
        var (compared, withTerms) = (0, 0)
        for offset in 0..<programCount {
            let seed = firstSeed + UInt64(offset)
            let text = ProgramGenerator(seed: seed, profile: profile).makeProgram()
            guard let explicit = try explicitFindings(text) else { continue }
            do {
                let (symbolic, states) = try symbolicFindings(text)
                compared += 1
                if states != explicit.states { withTerms += 1 }
                if symbolic != explicit.findings {
                    Issue.record(
                        """
                        \(name), seed \(seed):
                        only explicit \(explicit.findings.subtracting(symbolic).sorted())
                        only symbolic \(symbolic.subtracting(explicit.findings).sorted())
                        \(text)
                        """)
                }
            } catch is UnsupportedModel {
                continue
            } catch {
                Issue.record("\(name), seed \(seed): \(error)\n\(text)")
            }
        }
        #expect(compared > programCount / 2, "too few of the programs are supported for this to mean anything")
        print("\(name): \(compared) compared, \(withTerms) with terms")
    }

    private func program(_ text: String) -> Program? {
        ModelReader.read(text: text, path: "model.pml", options: ReadOptions()).program
    }

    /// Nil for programs that are too large.
    private func explicitFindings(_ text: String) throws -> (findings: Set<String>, states: Int)? {
        guard let program = self.program(text) else { return nil }
        let found = try Search(
            System(program),
            options: SearchOptions(
                properties: Set(Property.ofStates), memoryLimit: 1 << 28, violationLimit: .max)
        ) { $0.statesStored < 20_000 }.run()
        guard found.verdicts.allSatisfy({ $0.verdict != .inconclusive(.interrupted) }) else { return nil }
        return (Self.findings(found), found.statistics.statesStored)
    }

    private func symbolicFindings(_ text: String) throws -> (findings: Set<String>, states: Int) {
        let program = try #require(self.program(text))
        var options = SymbolicOptions()
        options.properties = Set(Property.ofStates)
        options.termWidth = 2
        options.violationLimit = .max
        let found = try SymbolicSearch(program, options: options).run().result
        let recorder = TraceRecorder(try System(program), model: ModelReference(path: "model.pml"))
        for violation in found.violations {
            _ = try recorder.record(
                violation.path, finding: violation.fault.map { .fault($0) } ?? .invalidEndState, property: "",
                message: violation.message)
        }
        return (Self.findings(found), found.statistics.statesStored)
    }

    /// What was violated, and where; the values that do it may differ.
    private static func findings(_ result: SearchResult) -> Set<String> {
        Set(result.violations.map { "\($0.property) at \($0.span.start) \($0.fault.map { "\($0.kind)" } ?? $0.message)" })
    }
}
