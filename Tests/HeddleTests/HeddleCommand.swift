import Foundation
import TestSupport

#if canImport(Musl)
    import Musl
#elseif canImport(Glibc)
    import Glibc
#endif

/// The built `heddle` executable, run as a user runs it.
struct HeddleCommand: CustomStringConvertible {
    /// What is given on the command line, without the name of the program.
    var arguments: [String]
    /// What it can read from standard input.
    var input: [UInt8] = []
    /// The directory that it runs in.
    var directory: URL
    /// Variables that are set besides those that the tests have.
    var environment: [String: String] = [:]
    /// Against hangs: after this many seconds the program is killed, and the test fails.
    var timeout = 600.0
    /// Whether the arguments are the shell's rather than those of `heddle`.
    var isShell = false
    /// Which of the built programs it is, if it is not the shell.
    var name = "heddle"

    /// What came of it.
    struct Outcome {
        var exitCode: Int32
        var output: String
        var errors: String
    }

    /// The program did not end by itself with an exit code.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    var description: String { ([isShell ? "sh" : name] + arguments).joined(separator: " ") }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String], input: String = "", in directory: URL, environment: [String: String] = [:]
    ) throws -> Outcome {
        let command = HeddleCommand(
            arguments: arguments, input: Array(input.utf8), directory: directory, environment: environment)
        return try command.start().outcome()
    }

    /// Has a shell run a line in which `heddle` is the built program.
    static func shell(_ line: String, in directory: URL) throws -> Outcome {
        // `$0` is the path of the program; what the line starts finds it too.
        let script = #"PATH="${0%/*}:$PATH"; "# + line
        let arguments = ["-c", script, try program()]
        return try HeddleCommand(arguments: arguments, directory: directory, isShell: true).start().outcome()
    }

    /// Starts the program.
    func start() throws -> RunningCommand { try RunningCommand(self) }

    /// Where the executable is: beside the bundle of these tests.
    static func program(named name: String = "heddle") throws -> String {
        let paths = neighbours.map { $0.appendingPathComponent(name).path }
        guard let executable = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw Failure(description: "there is no \(name) beside the tests")
        }
        return executable
    }

    private static let neighbours: [URL] = {
        var neighbours = ["/proc/self/exe", CommandLine.arguments[0]].map {
            URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
        }
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            neighbours.append(bundle.bundleURL.deletingLastPathComponent())
        }
        return neighbours
    }()
}

/// A `heddle` that has been started.
///
/// Its streams are files rather than pipes: nobody has to read while it runs, and a program that another test starts at
/// the same moment cannot hold an end of them open.
final class RunningCommand {
    private let command: HeddleCommand
    private let streams: TemporaryDirectory
    private let process: pid_t
    private let deadline: ContinuousClock.Instant
    private var isReaped = false
    /// How it has ended, as `waitpid` has it.
    private var status: Int32 = 0

    fileprivate init(_ command: HeddleCommand) throws {
        self.command = command
        let executable = command.isShell ? "/bin/sh" : try HeddleCommand.program(named: command.name)
        streams = try TemporaryDirectory(prefix: "heddle-streams")
        let input = streams.url.appendingPathComponent("stdin")
        try Data(command.input).write(to: input)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input.path, O_RDONLY, 0)
        for (descriptor, name) in [(Int32(1), "stdout"), (2, "stderr")] {
            let path = streams.url.appendingPathComponent(name).path
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        // The shell, for POSIX has no portable way to give a spawned child its own working directory.
        let script = #"cd "$0" && exec "$@""#
        var arguments = Self.strings(["sh", "-c", script, command.directory.path, executable] + command.arguments)
        let variables = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
        var environment = Self.strings(variables.map { "\($0.key)=\($0.value)" })
        defer { for string in arguments + environment { free(string) } }
        var process: pid_t = 0
        // Tests run on threads that block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, &environment)
        guard code == 0 else {
            throw HeddleCommand.Failure(description: "cannot start \(executable): error \(code)")
        }
        self.process = process
        deadline = .now + .seconds(command.timeout)
    }

    deinit {
        guard !isReaped else { return }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
    }

    /// What the system calls want: ended by a null pointer.
    private static func strings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// Whether it has taken over a signal yet, so that the signal does not simply end it.
    func isCatching(_ signal: Int32) -> Bool {
        // The shell catches SIGINT too, until it becomes the program.
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
        guard let program, URL(fileURLWithPath: program).lastPathComponent == command.name else { return false }
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
            let mask = UInt64(line.dropFirst("SigCgt:".count).trimmingCharacters(in: .whitespaces), radix: 16)
        else { return false }
        return mask & (1 << UInt64(signal - 1)) != 0
    }

    /// The processor time that it has had, in seconds.
    var processorTime: Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // The name of the program, in parentheses, may have spaces; user and system time are 14th and 15th.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Waits until it is so far; how long that takes on a busy machine says nothing about it.
    /// - Throws: `HeddleCommand.Failure` if it ends before, with what it has printed, or does not come so far in its time.
    func wait(until isSoFar: (RunningCommand) throws -> Bool) throws {
        while try !isSoFar(self) {
            if try hasEnded() {
                let outcome = try outcome()
                throw HeddleCommand.Failure(
                    description: "\(command) ended too early, with \(outcome.exitCode): \(outcome.output)\(outcome.errors)")
            }
            usleep(5_000)
        }
    }

    /// Waits until it is over.
    func outcome() throws -> HeddleCommand.Outcome {
        while try !hasEnded() { usleep(5_000) }
        guard status & 0x7f == 0 else {
            throw HeddleCommand.Failure(description: "signal \(status & 0x7f) ended \(command): \(try text("stderr"))")
        }
        return HeddleCommand.Outcome(
            exitCode: (status >> 8) & 0xff, output: try text("stdout"), errors: try text("stderr"))
    }

    /// Whether it is over.
    /// - Throws: `HeddleCommand.Failure` if it has had its time.
    private func hasEnded() throws -> Bool {
        if isReaped { return true }
        let ended = waitpid(process, &status, WNOHANG)
        isReaped = ended == process
        if ended < 0, errno != EINTR { throw HeddleCommand.Failure(description: "cannot wait for \(command): error \(errno)") }
        if !isReaped, ContinuousClock.now > deadline {
            throw HeddleCommand.Failure(description: "\(command) did not end by itself")
        }
        return isReaped
    }

    private func text(_ stream: String) throws -> String {
        String(decoding: try Data(contentsOf: streams.url.appendingPathComponent(stream)), as: UTF8.self)
    }
}
