import Automata

/// Which processes a cycle treats unfairly.
struct FairnessCheck {
    let run: ObservedRun

    /// The processes that are there somewhere in the cycle, in the order of their pids.
    private var processes: [Trace.Process] {
        var known: [Int: Trace.Process] = [:]
        for position in run.cycle {
            for process in position.state.processes where known[process.pid] == nil { known[process.pid] = process }
        }
        return known.values.sorted { $0.pid < $1.pid }
    }

    /// The processes that move in the cycle.
    var moving: [Trace.Process] { processes.filter { process in run.cycle.contains { $0.movers.contains(process.pid) } } }

    /// The processes that are able to move often enough for this kind of fairness to want them to, but never do.
    func starved(_ fairness: Fairness) -> [Trace.Process] {
        let idle = processes.filter { process in !run.cycle.contains { $0.movers.contains(process.pid) } }
        return switch fairness {
        case .none: []
        case .weak: idle.filter { process in run.cycle.allSatisfy { $0.able.contains(process.pid) } }
        case .strong: idle.filter { process in run.cycle.contains { $0.able.contains(process.pid) } }
        }
    }
}
