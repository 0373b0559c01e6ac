import Automata
import Exploration
import ModelFuzzing
import Promela
import Testing
import Traces

/// Models in memory, and what walks through them find.
enum Fuzzed {
    typealias System = Automata.System

    static func system(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> System {
        let result = ModelReader.read(text: text, path: "model.pml")
        let (program, errors) = (result.program, result.diagnostics.map(\.message))
        return try System(try #require(program, "\(errors)", sourceLocation: sourceLocation))
    }

    static func options(walks: Int? = nil, steps: Int? = nil, seed: UInt64 = 1, threads: Int = 1) -> ModelFuzzingOptions {
        var options = ModelFuzzingOptions()
        (options.walkLimit, options.stepLimit, options.seed, options.threads) = (walks, steps, seed, threads)
        return options
    }

    static func fuzz(_ system: System, _ options: ModelFuzzingOptions) throws -> ModelFuzzingResult {
        try ModelFuzzer(system, options: options).run()
    }

    static func fuzz(_ text: String, walks: Int, seed: UInt64 = 1) throws -> ModelFuzzingResult {
        try fuzz(system(text), options(walks: walks, seed: seed))
    }

    /// Has the interpreter go through a counterexample: throws if it does not hold up.
    @discardableResult
    static func record(_ violation: Violation, of system: System, _ fairness: Fairness = .none) throws -> Trace {
        let finding: Finding
        if case .claim(let claim) = violation.property {
            finding = .claim(claim, loopStart: violation.loopStart, fairness: fairness)
        } else {
            finding = violation.fault.map { .fault($0) } ?? .invalidEndState
        }
        return try TraceRecorder(system, model: ModelReference(path: "model.pml")).record(
            violation.path, finding: finding, property: violation.property.name(in: system.program), message: violation.message)
    }

    /// All that was found, but for what it cost.
    static func findings(_ found: ModelFuzzingResult) -> [String] {
        let violations = found.result.violations.map { "\($0.property) \($0.message) \($0.path) \(String(describing: $0.loopStart))" }
        let coverage = found.coverage.proctypes.map { "\($0.name) \($0.taken) of \($0.reachable), not \($0.missed)" }
        let claims = found.coverage.claims.map { "\($0.claim) \($0.visited) of \($0.states)" }
        let counts = ["\(found.walks) \(found.steps) \(found.corpusCount) \(found.result.statistics.depthReached)"]
        return found.result.verdicts.map { "\($0.property) \($0.verdict)" } + violations + coverage + claims + counts
            + found.result.truncations.map { "\($0)" }
    }
}
