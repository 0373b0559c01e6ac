import ArgumentParser
import Exploration
import Foundation
import Terminal
import TimeTravel

/// `heddle calendar`
struct CalendarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Keep simulated time for User-Mode Linux kernels (time-travel=ext:) and others that speak its protocol.",
        usage: "heddle calendar [<options>] [-- <command> ...]",
        discussion: """
            The command is started once for each client, with the socket's path in place of {socket} and the client's number, from 1 on, \
            in place of {id}, and in the environment variable HEDDLE_FOLDER a folder that goes when the calendar ends; what they print goes \
            to standard output. The calendar ends when they have ended, and what they leave behind \
            is killed. Without a command, it ends when clients have come and all have gone.

            Clients share memory with the calendar, but those that come late, and those that cannot, are served by messages alone. One \
            that breaks the protocol is refused, with the reason; the others go on.

            Exit codes: 0 all commands ended with 0, 1 one did not, or a client was refused, 2 wrong input, 3 Ctrl-C.
            """)

    @Option(help: ArgumentHelp("Where clients connect. Default: a place of its own.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("How many clients to wait for before time begins.", valueName: "n"))
    var clients: Int = 1

    @Flag(name: .customLong("no-shm"), help: "Share no memory with the clients: messages only.")
    var noSharedMemory = false

    @Option(help: ArgumentHelp("Record every message in a new file, a line of JSON each.", valueName: "log"))
    var record: String?

    @Option(
        help: ArgumentHelp(
            "The time of day at the beginning: seconds since 1970, or as 2026-01-31T12:00:00Z. Default: now.", valueName: "t"))
    var startTime: TimeOfDay?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program of a client, and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard (1...256).contains(clients) else { throw ValidationError("--clients takes a number from 1 to 256.") }
    }

    func run() throws {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.calendar.timeOfDay = (startTime ?? .now).nanoseconds
        configuration.sharesMemory = !noSharedMemory
        configuration.socketPath = socket
        configuration.logPath = record
        configuration.command = command
        let line = ProgressLine(isQuiet: false)
        let begin = ContinuousClock.now
        Interruption.install()
        let outcome: CalendarServer.Outcome
        do {
            let server = try CalendarServer(configuration) { report($0, below: line) }
            outcome = try server.run(shouldStop: { Interruption.isRequested }, progress: { line.update(text($0, since: begin)) })
        } catch {
            line.clear()
            throw UserError("\(error)", hint: hint(for: error))
        }
        line.clear()
        StandardError.write(text(outcome.progress, since: begin) + "\n")
        switch outcome.end {
        case .stopped: throw ExitStatus.inconclusive
        case .tooFewClients(let process):
            throw UserError("client \(process + 1) ended before all \(clients) had connected, so time never began")
        case .finished: break
        }
        guard outcome.refusals == 0, outcome.endings.allSatisfy(\.isSuccess) else { throw ExitStatus.violated }
    }

    private func hint(for error: SystemError) -> String? {
        switch error.code {
        case EADDRINUSE: "another calendar listens there"
        case EEXIST: "it is there already, and is not overwritten"
        default: nil
        }
    }

    private func report(_ event: CalendarServer.Event, below line: ProgressLine) {
        line.clear()
        switch event {
        case .line(let bytes, let process):
            let prefix = clients > 1 ? "\(process + 1)| " : ""
            FileHandle.standardOutput.write(Data(prefix.utf8) + Data(bytes) + Data("\n".utf8))
        case .ended(let ending, let process):
            if !ending.isSuccess { StandardError.write("heddle: client \(process + 1) \(ending)\n") }
        case .refused(let reason, let client):
            StandardError.write("heddle: refused client \(client), which \(reason)\n")
        }
    }

    private func text(_ progress: CalendarServer.Progress, since begin: ContinuousClock.Instant) -> String {
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        return "\(progress.clients) running, \(Time.text(progress.time)) simulated, \(NumberText.grouped(progress.messages)) messages"
            + (progress.isAsleep ? ", all wait for ever" : "") + String(format: ", %.1f s", seconds)
    }
}

/// A time of day on the command line.
struct TimeOfDay: ExpressibleByArgument {
    /// Since 1970.
    var nanoseconds: UInt64

    /// The last second that a kernel's 64-bit nanoseconds can hold.
    private static let maximumSeconds: UInt64 = UInt64(Int64.max) / 1_000_000_000

    private init?(seconds: UInt64) {
        guard seconds <= Self.maximumSeconds else { return nil }
        nanoseconds = seconds * 1_000_000_000
    }

    init?(argument: String) {
        if let seconds = UInt64(argument) {
            self.init(seconds: seconds)
        } else if let date = try? Date(argument, strategy: .iso8601), date.timeIntervalSince1970 >= 0 {
            self.init(seconds: UInt64(date.timeIntervalSince1970))
        } else {
            return nil
        }
    }

    static var now: TimeOfDay { TimeOfDay(seconds: UInt64(time(nil))) ?? TimeOfDay(nanoseconds: 0) }

    private init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
}
