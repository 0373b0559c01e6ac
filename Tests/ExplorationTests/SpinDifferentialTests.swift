import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// What Heddle finds in a model, in the terms in which it is compared with Spin.
struct Findings: Equatable, CustomStringConvertible {
    var statesStored: Int
    var failsAssertion: Bool
    var hasInvalidEnd: Bool

    var description: String { "\(statesStored) states, assertion \(failsAssertion), invalid end \(hasInvalidEnd)" }

    /// Searches the whole state space of a model.
    init(ofModel text: String) throws {
        try self.init(of: ModelReader.read(text: text, path: "model.pml", options: ReadOptions(expandsSelect: true)))
    }

    /// Searches the whole state space of the model in a file.
    init(ofModelAt file: URL) throws {
        try self.init(of: ModelReader.read(fileAt: file.path, options: ReadOptions(expandsSelect: true)))
    }

    private init(of result: ReadResult) throws {
        guard let program = result.program else {
            throw ModelRejected(description: DiagnosticRenderer(sources: result.sources).render(result.diagnostics))
        }
        self.init(
            try Search(
                System(program),
                options: SearchOptions(properties: Set(Property.ofStates), memoryLimit: 1 << 30, violationLimit: .max)
            ).run())
    }

    init(_ found: SearchResult) {
        statesStored = found.statistics.statesStored
        failsAssertion = found.violations.contains { $0.property == .assertions }
        hasInvalidEnd = found.violations.contains { $0.property == .endStates }
    }

    init(of spin: SpinResult) {
        statesStored = spin.statesStored
        failsAssertion = spin.violations.contains { $0.contains("assertion violated") }
        hasInvalidEnd = spin.violations.contains { $0.contains("invalid end state") }
    }
}

struct ModelRejected: Error, CustomStringConvertible {
    var description: String
}

/// The number of random programs in each profile; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 160

@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct SpinDifferentialTests {
    static let profiles: [(name: String, profile: GeneratorProfile)] = [
        ("everything", .everything), ("data", .data), ("channels", .channels), ("atomicity", .atomicity),
        ("processes", .processes),
    ]

    @Test("random programs have the same states and verdicts as in Spin", arguments: profiles.indices)
    func randomPrograms(profile index: Int) throws {
        let (name, profile) = Self.profiles[index]
        let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1
        let programs = (0..<programCount).map {
            ProgramGenerator(seed: firstSeed + UInt64($0), profile: profile).makeProgram()
        }
        let outcomes = try SpinOracle().check(texts: programs)
        var compared = 0
        for (offset, outcome) in outcomes.enumerated() {
            guard case .result(let spin) = outcome, spin.isComplete, !Self.isBeyondComparison(programs[offset]) else { continue }
            compared += 1
            do {
                let own = try Findings(ofModel: programs[offset])
                if own == Findings(of: spin) { continue }
                let program = try reproducer(of: programs[offset])
                Issue.record("\(name), seed \(firstSeed + UInt64(offset)): \(own), in Spin \(Findings(of: spin))\n\(program)")
            } catch {
                Issue.record("\(name), seed \(firstSeed + UInt64(offset)): \(error)\n\(programs[offset])")
            }
        }
        #expect(compared > programCount / 2, "Spin decided too few of the programs for the comparison to mean anything")
    }

    /// Whether Spin's verifier is known to answer by accident: where `enabled` asks about a process that stands before an
    /// `else`, it looks at whether the *asking* process has found a move yet.
    private static func isBeyondComparison(_ program: String) -> Bool {
        program.contains("enabled(") && program.contains("else")
    }

    /// The program, or, where the environment asks for it, a smaller one that still tells the two apart.
    private func reproducer(of program: String) throws -> String {
        guard ProcessInfo.processInfo.environment["HEDDLE_SHRINK"] != nil else { return program }
        return try Shrinker(attempts: 400) { candidate in
            guard case .result(let spin) = try SpinOracle().check(text: candidate), spin.isComplete,
                let own = try? Findings(ofModel: candidate)
            else { return false }
            return own != Findings(of: spin)
        }.shrink(program)
    }
}
