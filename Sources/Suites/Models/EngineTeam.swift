import Automata
import Exploration
import Foundation
import Symbolic
import Synchronization

/// Engines that work side by side, each on a thread of its own, so that they can be ended even while Z3 is thinking.
struct EngineTeam {
    typealias Engine = ModelCheck.Engine

    /// What became of one of them.
    struct Outcome: Sendable {
        var engine: Engine
        var report: Result<EngineReport, any Error>
        /// Since the beginning.
        var seconds: Double
        /// Whether it was ended because others knew enough, or because somebody asked for it.
        var wasStopped: Bool
    }

    var engines: [Engine]
    /// Bytes that Z3 may take before its engines are ended. It only counts all that it takes in this program.
    var solverMemory: Int
    /// Lets an engine work.
    var work: @Sendable (Engine, @escaping Search.Monitor) throws -> EngineReport

    /// What the threads share.
    private final class Board: Sendable {
        struct State {
            var outcomes: [Outcome] = []
            var statistics: [Engine: Statistics] = [:]
        }

        let state = Mutex(State())
    }

    /// Seconds between two looks at what the threads have done.
    private static let interval = 0.005
    /// Models nest as deep as the main thread's stack allows, and so do Z3's terms.
    private static let stackSize = 64 << 20

    /// Lets all of them work, until each has come to its end.
    /// - Parameters:
    ///   - monitor: called from time to time on the caller's thread; returns false to end them all.
    ///   - isEnough: whether what is known makes it needless to go on.
    /// - Returns: the outcomes in the order in which they came.
    func run(monitor: Search.Monitor, isEnough: ([Outcome]) -> Bool) -> [Outcome] {
        let board = Board()
        let start = ContinuousClock.now
        var signals: [Engine: StopSignal] = [:]
        for engine in engines {
            let signal = StopSignal()
            signals[engine] = signal
            let work = work
            let thread = Thread {
                let report = StopSignal.$current.withValue(signal) {
                    Result {
                        try work(engine) { statistics in
                            board.state.withLock { $0.statistics[engine] = statistics }
                            return !signal.isGiven
                        }
                    }
                }
                let outcome = Outcome(
                    engine: engine, report: report, seconds: (ContinuousClock.now - start) / .seconds(1), wasStopped: signal.isGiven)
                board.state.withLock { $0.outcomes.append(outcome) }
            }
            thread.stackSize = Self.stackSize
            thread.start()
        }
        var isOutOfMemory = false
        while true {
            Thread.sleep(forTimeInterval: Self.interval)
            let state = board.state.withLock { $0 }
            let statistics = state.statistics.values.max { ($0.statesStored, $0.seconds) < ($1.statesStored, $1.seconds) }
            if !monitor(statistics ?? Statistics()) || isEnough(state.outcomes) { for signal in signals.values { signal.give() } }
            if state.outcomes.count == engines.count {
                return isOutOfMemory ? state.outcomes.map(explainingMemory) : state.outcomes
            }
            if !isOutOfMemory, SolverMemory.bytes > solverMemory {
                isOutOfMemory = true
                for engine in engines where engine.unrolls { signals[engine]?.give() }
            }
        }
    }

    /// Says of what an engine left open that it was for want of memory.
    private func explainingMemory(_ outcome: Outcome) -> Outcome {
        guard outcome.engine.unrolls, outcome.wasStopped, case .success(var report) = outcome.report else { return outcome }
        var outcome = outcome
        report.result.verdicts = report.result.verdicts.map { property, verdict in
            if case .inconclusive = verdict { return (property, .inconclusive(.memory(bytes: solverMemory))) }
            return (property, verdict)
        }
        outcome.report = .success(report)
        return outcome
    }
}

extension ModelCheck.Engine {
    /// Whether it gives Z3 whole states and steps, and so all of its memory to Z3.
    var unrolls: Bool { self == .bounded || self == .horn }
}
