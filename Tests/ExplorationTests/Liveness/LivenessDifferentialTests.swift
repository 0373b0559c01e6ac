import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// Whether Heddle says that a claim holds, of all runs and of those that are weakly fair; nil where it cannot say.
struct ClaimFindings: Equatable, CustomStringConvertible {
    var all: Bool?
    var weaklyFair: Bool?

    var description: String { "\(Self.word(all)), with weak fairness \(Self.word(weaklyFair))" }

    private static func word(_ holds: Bool?) -> String {
        holds.map { $0 ? "holds" : "violated" } ?? "undecided"
    }

    init(ofModel text: String, _ claim: Claim) throws {
        let result = ModelReader.read(text: text, path: "model.pml", options: ReadOptions(expandsSelect: true))
        guard let program = result.program else {
            throw ModelRejected(description: DiagnosticRenderer(sources: result.sources).render(result.diagnostics))
        }
        try self.init(of: System(program), claim)
    }

    init(of system: System, _ claim: Claim) throws {
        all = try Self.holds(claim, of: system, under: .none)
        weaklyFair = try Self.holds(claim, of: system, under: .weak)
    }

    private static func holds(_ claim: Claim, of system: System, under fairness: Fairness) throws -> Bool? {
        var hasNoValue = false
        func verdict(_ order: SearchOptions.Order) throws -> Verdict {
            let options = SearchOptions(
                order: order, properties: [.claim(claim)], fairness: fairness, violationLimit: .max)
            let result = try Search(system, options: options).run()
            // The claim asks for a variable of a process that is another one by then. Spin reads what lies there.
            hasNoValue = hasNoValue || result.violations.contains { $0.fault?.kind == .remoteReferenceToOtherType }
            return try #require(result.verdicts.first { $0.property == .claim(claim) }?.verdict)
        }
        let (breadthFirst, depthFirst) = (try verdict(.breadth), try verdict(.depth))
        guard breadthFirst == depthFirst else { throw OrdersDisagree(breadthFirst: breadthFirst, depthFirst: depthFirst) }
        if hasNoValue { return nil }
        return switch breadthFirst {
        case .holds: true
        case .violated: false
        case .inconclusive: nil
        }
    }

    /// What Spin says, where its answers are to be relied on.
    init(of spin: (all: SpinOutcome, weaklyFair: SpinOutcome), to question: SpinLivenessQuestion, on program: String) {
        all = spin.all.result?.answer(to: question)
        weaklyFair = spin.weaklyFair.result?.answer(to: question)
        guard let fair = spin.weaklyFair.result else { return }
        // With fairness Spin takes a process whose `provided` clause is false for one that could move; it does not look for
        // cycles where nothing moves but the claim; and a process at an `accept` label where everything is blocked may have
        // been there before.
        let mayEnd = !program.contains("Runner()")
        if program.contains("provided") || mayEnd && weaklyFair == true || fair.violations.contains("accept stutter") {
            weaklyFair = nil
        }
    }

    /// Whether they differ in an answer that both have.
    func contradicts(_ other: ClaimFindings) -> Bool {
        func differ(_ own: Bool?, _ others: Bool?) -> Bool { own != nil && others != nil && own != others }
        return differ(all, other.all) || differ(weaklyFair, other.weaklyFair)
    }
}

/// The two ways to search for a claim do not come to the same answer.
struct OrdersDisagree: Error {
    var breadthFirst: Verdict
    var depthFirst: Verdict
}

/// The number of random programs of each kind; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 100

@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct LivenessDifferentialTests {
    /// Spin takes minutes to translate some formulas: those are passed over.
    private static let oracle = SpinOracle(timeout: 3, maximumDepth: 100_000)

    @Test("claims hold where they hold in Spin, with and without weak fairness", arguments: GeneratedClaim.allCases)
    func randomPrograms(claim: GeneratedClaim) throws {
        let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1
        let programs = (0..<programCount).map {
            ProgramGenerator(seed: firstSeed + UInt64($0), profile: .liveness(claim)).makeProgram()
        }
        let outcomes = try Self.oracle.check(texts: programs, claim.question)
        var (compared, violated) = (0, 0)
        for (offset, outcome) in outcomes.enumerated() {
            let spin = ClaimFindings(of: outcome, to: claim.question, on: programs[offset])
            guard let holds = spin.all, !Self.isBeyondComparison(programs[offset]) else { continue }
            compared += 1
            if !holds { violated += 1 }
            do {
                let own = try ClaimFindings(ofModel: programs[offset], claim.claim)
                if !own.contradicts(spin) { continue }
                let program = try reproducer(of: programs[offset], claim)
                Issue.record("\(claim), seed \(firstSeed + UInt64(offset)): \(own); in Spin \(spin)\n\(program)")
            } catch {
                Issue.record("\(claim), seed \(firstSeed + UInt64(offset)): \(error)\n\(programs[offset])")
            }
        }
        #expect(compared > programCount / 2, "Spin decided too few of the programs for the comparison to mean anything")
        #expect(compared < 50 || (compared / 4..<compared * 3 / 4).contains(violated), "the programs are too much alike")
    }

    /// Whether Spin's verifier is known to answer by accident, as in the comparison of states.
    private static func isBeyondComparison(_ program: String) -> Bool {
        program.contains("enabled(") && program.contains("else")
    }

    /// The program, or, where the environment asks for it, a smaller one that still tells the two apart.
    private func reproducer(of program: String, _ claim: GeneratedClaim) throws -> String {
        guard ProcessInfo.processInfo.environment["HEDDLE_SHRINK"] != nil else { return program }
        return try Shrinker(attempts: 400) { candidate in
            let outcome = try Self.oracle.check(text: candidate, claim.question)
            let spin = ClaimFindings(of: outcome, to: claim.question, on: candidate)
            guard let own = try? ClaimFindings(ofModel: candidate, claim.claim) else { return false }
            return own.contradicts(spin)
        }.shrink(program)
    }
}

extension GeneratedClaim {
    /// The claim of a generated program.
    var claim: Claim {
        switch self {
        case .formula: .formula(0)
        case .neverClaim: .neverClaim(0)
        case .acceptance: .acceptance
        case .progress: .progress
        }
    }

    /// The same for Spin.
    fileprivate var question: SpinLivenessQuestion {
        switch self {
        case .formula, .neverClaim: .claim(name: nil)
        case .acceptance: .acceptance
        case .progress: .progress
        }
    }
}
