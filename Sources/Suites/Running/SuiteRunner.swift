import Automata
import Dispatch
import Exploration
import Foundation
import Promela
import Synchronization
import Traces

/// Runs the checks of a suite side by side.
public struct SuiteRunner: Sendable {
    /// How far a suite is.
    public struct Progress: Sendable {
        /// The checks that have been run.
        public var finished = 0
        /// All checks.
        public var total = 0
        /// The checks that run now, with the states that they have stored.
        public var running: [(title: String, states: Int)] = []
        /// Since the first one was begun.
        public var seconds = 0.0
    }

    /// Called from time to time, from the threads of the checks but never from two at once; returns false to end them all.
    public typealias Monitor = @Sendable (Progress) -> Bool

    private let jobs: Int
    private let memory: Int
    private let monitor: Monitor

    /// - Parameters:
    ///   - jobs: how many checks run at the same time, at most.
    ///   - memory: bytes that they may all take together.
    public init(jobs: Int, memory: Int, monitor: @escaping Monitor = { _ in true }) {
        self.jobs = max(1, jobs)
        self.memory = memory
        self.monitor = monitor
    }

    /// Runs the checks; the outcomes have their order.
    public func run(_ checks: [SuiteCheck]) -> [CheckReview] {
        let workers = min(jobs, checks.count)
        guard workers > 0 else { return [] }
        let board = Board(checks, monitor)
        let share = memory / workers
        let group = DispatchGroup()
        for _ in 0..<workers {
            group.enter()
            let thread = Thread {
                while let index = board.next() {
                    board.finish(index, outcome(of: checks[index], memory: share) { board.mayGoOn(index, $0.statesStored) })
                }
                group.leave()
            }
            // Models nest as deep as the main thread's stack allows, and other threads have little of it.
            thread.stackSize = 16 << 20
            thread.start()
        }
        group.wait()
        return zip(checks, board.outcomes).map { CheckReview($0, $1) }
    }

    // MARK: One check

    private func outcome(of check: SuiteCheck, memory: Int, monitor: @escaping Search.Monitor) -> CheckOutcome {
        let modelCheck = check.modelCheck(memory: memory)
        do {
            let system = try modelCheck.load().system
            let found = try modelCheck.run(system, monitor: monitor)
            let asked = try modelCheck.properties(of: system.program)
            var result = CheckResult(
                verdict: found.result.verdict, trace: found.traces.first, states: found.result.statistics.statesStored,
                depth: found.result.statistics.depthReached,
                // Nothing holds before all states were searched.
                isComplete: found.result.verdicts.contains { $0.verdict == .holds }, seconds: found.result.statistics.seconds,
                truncations: found.result.truncations.count)
            if let violation = found.result.violations.first { result.isAskedFor = asked?.contains(violation.property) ?? true }
            if let path = check.trace { result.kept = keptTrace(path, on: system, modelCheck.model) }
            return .finished(result)
        } catch {
            return .wrong(error)
        }
    }

    private func keptTrace(_ path: String, on system: System, _ model: ModelReference) -> KeptTrace {
        guard FileManager.default.fileExists(atPath: path) else { return .missing }
        let trace: Trace
        do {
            trace = try TraceFile.read(at: path)
        } catch {
            return .unreadable("\(error)")
        }
        var variant: String?
        if Set(trace.model.defines) != Set(model.defines) || trace.model.formulas != model.formulas {
            variant = trace.model.defines.isEmpty ? "no definitions" : trace.model.defines.joined(separator: " ")
            variant? += trace.model.formulas.map { " and `\($0)`" }.joined()
        }
        return .read(
            steps: trace.stepCount, property: trace.violation.property, variant: variant,
            replay: TraceReplayer(system).replay(trace))
    }
}

/// What the threads of a suite share.
private final class Board: Sendable {
    private struct State {
        var waiting: [Int]
        var outcomes: [CheckOutcome]
        /// The states of the checks that run, by their numbers.
        var running: [Int: Int] = [:]
        var finished = 0
        var isEnding = false
        var lastReport = ContinuousClock.now
    }

    private let titles: [String]
    private let monitor: SuiteRunner.Monitor
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    init(_ checks: [SuiteCheck], _ monitor: @escaping SuiteRunner.Monitor) {
        titles = checks.map(\.title)
        self.monitor = monitor
        // The large ones first, so that at the end nobody waits for one that was begun last.
        let order = checks.indices.sorted { (-(checks[$0].states ?? 0), $0) < (-(checks[$1].states ?? 0), $1) }
        state = Mutex(State(waiting: order.reversed(), outcomes: checks.map { _ in .notRun }))
    }

    var outcomes: [CheckOutcome] { state.withLock { $0.outcomes } }

    func next() -> Int? {
        state.withLock { state in
            report(&state)
            guard !state.isEnding, let index = state.waiting.popLast() else { return nil }
            state.running[index] = 0
            return index
        }
    }

    func finish(_ index: Int, _ outcome: CheckOutcome) {
        state.withLock { state in
            state.running[index] = nil
            state.finished += 1
            state.outcomes[index] = outcome
        }
    }

    func mayGoOn(_ index: Int, _ states: Int) -> Bool {
        state.withLock { state in
            state.running[index] = states
            report(&state)
            return !state.isEnding
        }
    }

    private func report(_ state: inout State) {
        guard !state.isEnding, ContinuousClock.now - state.lastReport > .milliseconds(100) else { return }
        state.lastReport = .now
        let progress = SuiteRunner.Progress(
            finished: state.finished, total: titles.count,
            running: state.running.keys.sorted().map { (titles[$0], state.running[$0] ?? 0) },
            seconds: (ContinuousClock.now - start) / .seconds(1))
        if !monitor(progress) { state.isEnding = true }
    }
}

extension SuiteCheck {
    /// How the check is done.
    /// - Parameter memory: bytes that the search may take at most.
    func modelCheck(memory: Int) -> ModelCheck {
        ModelCheck(
            model: ModelReference(path: model, defines: defines, formulas: formulas), properties: properties, engine: engine,
            solverTime: solverTime,
            options: SearchOptions(
                fairness: fairness, depthLimit: depthLimit, memoryLimit: min(memoryLimit ?? memory, memory)))
    }
}
