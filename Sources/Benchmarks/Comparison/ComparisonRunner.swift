import ChildProcesses
import Foundation

/// Measures models one by one, Heddle and Spin in turns, so that what else the machine does bears on both.
public struct ComparisonRunner: Sendable {
    private let heddle: HeddleProgram
    private let spin: SpinProgram?
    private let rounds: Int

    /// - Parameters:
    ///   - spin: nil to measure Heddle alone.
    ///   - rounds: how often each is run; at least once.
    public init(heddle: HeddleProgram, spin: SpinProgram?, rounds: Int) {
        self.heddle = heddle
        self.spin = spin
        self.rounds = max(1, rounds)
    }

    /// Measures one model.
    /// - Parameters:
    ///   - model: the path of its file.
    ///   - defines: the macros to read it with.
    ///   - formula: what is checked where infinite runs are compared.
    public func measure(
        _ comparison: Comparison, name: String, model: String, defines: [String], formula: Benchmark.Formula? = nil
    ) throws -> ComparisonRow {
        let folder = try TemporaryDirectory(prefix: "heddle-bench")
        let defines = comparison == .liveness ? formula?.defines ?? defines : defines
        let (way, first) = try fastest(comparison.heddleWays(formula), model, defines, in: folder)
        var heddleRuns = [first]
        let opponent = try spin.map {
            try Opponent(
                $0, comparison, model: model, defines: defines, formula: formula, states: heddleRuns[0].search.states, in: folder.url)
        }
        let programBytes = try programBytes(in: folder)
        var spinRuns = try opponent.map { [try $0.verifier.run()] } ?? []
        for round in 1..<max(rounds, 1) {
            heddleRuns.append(try measure(way, model, defines, in: folder, round: round))
            if let opponent { spinRuns.append(try opponent.verifier.run()) }
        }
        var effort = Self.effort(heddleRuns)
        effort.programBytes = programBytes
        effort.search = way.name
        return ComparisonRow(
            comparison: comparison, model: name, defines: defines, heddle: effort,
            spin: opponent.map { $0.effort(spinRuns) })
    }

    /// The same check twice: one that compiles the model if it takes long, and one that finds it compiled, as Spin's verifier is.
    private typealias Runs = (toVerdict: HeddleProgram.Run, search: HeddleProgram.Run)

    /// Tries some ways to search.
    /// - Throws: `BenchmarkError` where one finds other states than another.
    private func fastest(
        _ ways: [HeddleWay], _ model: String, _ defines: [String], in folder: TemporaryDirectory
    ) throws -> (way: HeddleWay, runs: Runs) {
        let trials = try ways.map { (way: $0, runs: try measure($0, model, defines, in: folder, round: 0)) }
        let right = trials.filter { $0.runs.search.verdict == "holds" }
        if Set(right.map(\.runs.search.states)).count > 1 {
            throw BenchmarkError("Heddle's searches have different states: \(right.map(\.runs.search.states))")
        }
        guard let best = (right.isEmpty ? trials : right).min(by: { $0.runs.search.usage.seconds < $1.runs.search.usage.seconds }) else {
            throw BenchmarkError("there is no way for Heddle to search")
        }
        return best
    }

    /// - Parameter round: each has its folder for what is compiled, so that each compiles.
    private func measure(
        _ way: HeddleWay, _ model: String, _ defines: [String], in folder: TemporaryDirectory, round: Int
    ) throws -> Runs {
        let cache = folder.url.appendingPathComponent("cache-\(way.name ?? "")-\(round)")
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        func check(_ heddle: HeddleProgram) throws -> HeddleProgram.Run {
            try heddle.check(model: model, defines: defines, options: way.options, cache: cache)
        }
        let first = try check(heddle)
        var prepared = heddle
        // A check that ends before its compiler leaves nothing behind.
        if prepared.native == .auto { prepared.native = .first }
        let objects = try Self.files(below: cache)
        let second = try check(prepared)
        return (first, try Self.files(below: cache) == objects ? second : check(prepared))
    }

    private static func files(below folder: URL) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path))
    }

    /// What Heddle takes for a model of one state. Spin's verifier, a small program of its own, takes too little to be seen.
    private func programBytes(in folder: TemporaryDirectory) throws -> Int {
        let model = folder.url.appendingPathComponent("one-state.pml")
        try Data("init { skip }\n".utf8).write(to: model)
        let run = try heddle.check(model: model.path, defines: [], options: [], cache: folder.url)
        return Self.visible(run.usage.peakBytes) ?? 0
    }

    private static func effort(_ runs: [Runs]) -> Effort {
        let (all, searches) = (runs.flatMap { [$0.toVerdict, $0.search] }, runs.map(\.search))
        let middle = middleRun(searches.map(\.usage))
        // The compiler that Heddle starts may take more memory than Heddle.
        return Effort(
            verdict: all.first { $0.verdict != "holds" }?.verdict ?? "holds",
            states: max(all[0].states, all[0].productStates), seconds: middle.seconds,
            processorSeconds: middle.processorSeconds, secondsToVerdict: middleRun(runs.map(\.toVerdict.usage)).seconds,
            peakBytes: visible(searches[0].usage.peakBytes))
    }

    /// The run that took the median time: of an even number, the slower one in the middle.
    static func middleRun(_ runs: [ResourceUsage]) -> ResourceUsage {
        runs.sorted { $0.seconds < $1.seconds }[runs.count / 2]
    }

    static func visible(_ peak: Int) -> Int? { peak > ResourceUsage.smallestPeak ? peak : nil }
}

/// The faster of Spin's verifiers, ready to run.
private struct Opponent {
    let verifier: SpinVerifier
    /// What came before: `spin -a` and the compiler.
    let preparation: Double

    init(
        _ spin: SpinProgram, _ comparison: Comparison, model: String, defines: [String], formula: Benchmark.Formula?,
        states: Int, in folder: URL
    ) throws {
        let generation = try spin.generate(model: model, defines: defines, options: comparison.spinOptions, in: folder)
        var (fastest, patience) = (SpinVerifier?.none, spin.timeLimit)
        for order in comparison.spinOrders {
            let next = try SpinVerifier(
                spin, order, compilerFlags: comparison.compilerFlags(formula), verifierFlags: comparison.verifierFlags(formula),
                states: states, patience: patience, in: folder)
            guard let next else { continue }
            if next.trial.seconds < fastest?.trial.seconds ?? .infinity { fastest = next }
            // What takes longer than another need not be waited for. A run may be quicker the next time, but not by so much.
            patience = min(patience, 2 * next.trial.seconds + 1)
        }
        guard let fastest else { throw spin.timeout }
        verifier = fastest
        preparation = generation.seconds + fastest.compilation.seconds
    }

    func effort(_ runs: [SpinProgram.Run]) -> Effort {
        let middle = ComparisonRunner.middleRun(runs.map(\.usage))
        let results = runs.map(\.result)
        let fault = results.first { $0.errors > 0 || !$0.isComplete }
        return Effort(
            verdict: fault.map { $0.errors > 0 ? "violated" : "incomplete" } ?? "holds",
            states: results[0].nominalStates ?? results[0].statesStored,
            seconds: middle.seconds, processorSeconds: middle.processorSeconds,
            secondsToVerdict: middle.seconds + preparation,
            peakBytes: ComparisonRunner.visible(runs.map(\.usage.peakBytes).max() ?? 0), search: verifier.order.rawValue)
    }
}
