import Glibc
import TimeTravel

/// A calendar's process, and where it listens.
///
/// One thread uses it at a time; it may be another one later, so it can be sent.
public final class CalendarProcess: @unchecked Sendable {
    let folder: PrivateFolder
    let guardian: Guardian
    private(set) var console: Console
    /// The last lines that it has printed.
    private(set) var lines: [String] = []
    private static let keptLines = 50
    /// Runs that it has taken part in.
    var uses = 0
    /// Whether clients have stored to its shared memory what they may not.
    var isMemorySpoilt = false

    var path: String { folder.path + "/calendar" }

    /// Starts a calendar.
    /// - Parameters:
    ///   - command: the program with its arguments; `{socket}` and `{clients}` are filled in.
    ///   - expected: the number of clients that it is to wait for.
    public init(_ command: [String], expected: Int) throws(SystemError) {
        folder = try PrivateFolder()
        guardian = try Guardian(removing: [], folder: folder.path)
        let path = folder.path + "/calendar"
        let words = command.map { $0.replacing("{socket}", with: path).replacing("{clients}", with: "\(expected)") }
        // What it keeps there is its own, and left behind when it is killed.
        console = Console(try ProcessTree(words, environment: ["TMPDIR": folder.path], guardian: guardian))
    }

    deinit { console.process.stop() }

    /// How it has ended, if it has within so many milliseconds.
    func ending(within milliseconds: Int32) -> ProcessTree.Ending? {
        if let ending = console.process.ending { return ending }
        var poll = pollfd(fd: console.process.end.number, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return nil }
        let ending = console.process.stop()
        guardian.forget(console.process)
        readConsole()
        return ending
    }

    /// Connects to it, as soon as it listens.
    /// - Returns: nil if it has ended, or has taken too long.
    func connect(patience: Duration) -> Descriptor? {
        let deadline = ContinuousClock.now + patience
        while true {
            if let socket = try? Connection.connect(to: path) { return socket }
            readConsole()
            guard ContinuousClock.now < deadline, ending(within: 1) == nil else { return nil }
        }
    }

    func readConsole() {
        for line in console.read() { lines.append(String(decoding: line, as: UTF8.self)) }
        lines.removeFirst(max(0, lines.count - Self.keptLines))
    }
}
