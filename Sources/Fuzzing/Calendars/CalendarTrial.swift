import TimeTravel

/// Runs of clients against a calendar from its beginning to its end, which is judged too.
struct CalendarTrial: Sendable {
    /// What came of a run.
    struct Result {
        var outcome: CalendarOutcome
        /// What the calendar has printed last, if it has not survived.
        var console: [String]
        /// The calendar, if it goes on and may.
        var process: CalendarProcess?
    }

    var command: [String]
    /// Clients that the calendar is told to wait for.
    var expected: Int
    /// Whether the calendar ends when all clients have gone.
    var endsByItself = false
    var patience = CalendarRun.Patience()

    /// How long a calendar may take to end when clients that all keep to the protocol have gone, in milliseconds.
    private static let timeToEnd: Int32 = 1000

    /// A run with clients that all keep to the protocol.
    /// - Returns: what came of it, and whether the calendar ended when they had gone.
    func peace(_ plan: CalendarPlan, shouldStop: () -> Bool) throws(SystemError) -> (result: Result, ends: Bool) {
        var trial = self
        trial.endsByItself = false
        let result = try trial.run(plan, shouldStop: shouldStop)
        guard result.outcome == .survived else { return (result, false) }
        return (result, result.process.map { $0.ending(within: Self.timeToEnd) != nil } ?? true)
    }

    /// A run with the clients of a plan.
    /// - Parameters:
    ///   - idle: a calendar that has gone on after another run; nil for a new one.
    ///   - logPath: where to record all messages.
    func run(
        _ plan: CalendarPlan, on idle: CalendarProcess? = nil, logPath: String? = nil, shouldStop: () -> Bool
    ) throws(SystemError) -> Result {
        let process = if let idle { idle } else { try CalendarProcess(command, expected: expected) }
        process.uses += 1
        let log = try logPath.map { (path) throws(SystemError) in
            try CalendarLog(path: path, clients: expected, timeOfDay: 0, sharesMemory: false)
        }
        let outcome = try CalendarRun.run(plan, against: process, patience: patience, log: log, shouldStop: shouldStop)
        try log?.keep()
        guard outcome == .survived else { return Result(outcome: outcome, console: process.lines) }
        // The clients' connections are closed by now: a calendar that fails over that, or goes on for ever, is found out here.
        let ending = process.ending(within: endsByItself ? Int32(patience.starvation / .milliseconds(1)) : 0)
        if let ending, case .killed = ending { return Result(outcome: .ended(ending), console: process.lines) }
        if ending == nil, endsByItself { return Result(outcome: .goesOn, console: process.lines) }
        return Result(outcome: outcome, console: [], process: ending == nil ? process : nil)
    }
}
