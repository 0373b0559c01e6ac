import Foundation
import TimeTravel

/// One more run of what a finding has found.
public struct LiveRun: Sendable {
    /// Nil if it was seen again; otherwise what was seen instead.
    public var difference: String?
    public var console: [String]
    /// The record of all messages, as lines of JSON.
    public var log: String

    /// What the command says it is: the first line with a version, such as a kernel's.
    public var version: String? { Self.version(in: console) }

    static func version(in console: [String]) -> String? {
        console.lazy.compactMap { line in line.firstMatch(of: #/\S+ version v?[0-9].*/#).map { String($0.output) } }.first
    }

    /// Runs the command against the calendar or the clients of a finding.
    /// - Parameters:
    ///   - command: the program of a client or of a calendar with its arguments, and with placeholders.
    ///   - patience: so much real time may go by with nothing happening before it is said to hang.
    public static func make(
        _ finding: LiveFinding, command: [String], patience: Duration = .seconds(10), shouldStop: () -> Bool = { false }
    ) throws(SystemError) -> LiveRun {
        let folder = try PrivateFolder()
        let guardian = try Guardian(removing: [], folder: folder.path)
        defer { withExtendedLifetime(guardian) {} }
        let log = folder.path + "/log"
        var run: LiveRun
        switch finding.recipe {
        case .script(let script):
            let outcome = try ScriptPlayer.play(script, command: command, logPath: log, shouldStop: shouldStop)
            run = LiveRun(difference: outcome.deviation, console: outcome.console, log: "")
            if run.difference == nil, case .ofClients(.failed(let expected)) = finding.outcome, let failure = outcome.failure, failure != expected {
                run.difference = failure
            }
        case .plan(let plan, let clients, let sharesMemory):
            var configuration = CalendarServer.Configuration()
            configuration.calendar.expectedClients = clients
            configuration.sharesMemory = sharesMemory
            configuration.command = command
            configuration.logPath = log
            let outcome = try FuzzRun.run(configuration, plan: plan, patience: patience, shouldStop: shouldStop)
            run = LiveRun(
                difference: finding.difference(from: .ofClients(outcome.outcome)), console: outcome.console, log: "")
        case .clients(let plan, let expected, let endsByItself):
            var trial = CalendarTrial(command: command, expected: expected, endsByItself: endsByItself)
            trial.patience.starvation = patience
            if finding.outcome == .ofCalendar(.goesOn), try !trial.peace(.peaceful(expected: expected), shouldStop: shouldStop).ends {
                return LiveRun(difference: "it goes on even if no client errs", console: [], log: "")
            }
            let outcome = try trial.run(plan, logPath: log, shouldStop: shouldStop)
            run = LiveRun(difference: finding.difference(from: .ofCalendar(outcome.outcome)), console: outcome.console, log: "")
        }
        run.log = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return run
    }
}

extension LiveFinding {
    /// What is to be said of another outcome.
    fileprivate func difference(from other: Outcome) -> String? { other == outcome ? nil : "\(other)" }
}
