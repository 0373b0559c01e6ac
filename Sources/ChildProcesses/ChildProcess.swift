import Foundation

/// A program that runs to its end, or is killed with everything that it started when its time is up.
///
/// `Foundation.Process` signals only the child itself; `spin` and `gcc` start children of their own, which would
/// survive a timeout and slow down all that comes later. Here the child leads a process group.
public struct ChildProcess: Sendable {
    /// How a program ended.
    public enum Ending: Sendable, Equatable {
        /// It returned this code.
        case exit(Int32)
        /// A signal killed it.
        case signal(Int32)
        /// It was killed because its time was up.
        case timeout
    }

    /// The program's path.
    public var executable: String
    /// What it is given, without its own name.
    public var arguments: [String]
    /// The directory that it runs in.
    public var directory: URL
    /// How many seconds it may take.
    public var timeout: Double
    /// Variables that it has besides those of this process.
    public var environment: [String: String]

    /// Describes a program to run; nothing happens before `run`.
    public init(
        _ executable: String, _ arguments: [String], directory: URL, timeout: Double, environment: [String: String] = [:]
    ) {
        self.environment = environment
        self.executable = executable
        self.arguments = arguments
        self.directory = directory
        self.timeout = timeout
    }

    /// The path of a program on `PATH`, or nil if this machine does not have it.
    public static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs the program, hands over what it writes to standard output and standard error as it comes, and says how it
    /// ended and what it took.
    /// - Parameter mayGoOn: asked some times a second; when it says no, the program is killed.
    /// - Throws: `ChildProcessError` if the program cannot be started, and `CancellationError` if it may not go on.
    public func measure(
        mayGoOn: () -> Bool = { true }, receive: (UnsafeRawBufferPointer) -> Void
    ) throws -> (ending: Ending, usage: ResourceUsage) {
        let start = DispatchTime.now().uptimeNanoseconds
        let (child, output) = try self.start()
        defer { close(output) }
        let deadline = start + UInt64(timeout * 1e9)
        var expired = false
        var isStopped = false
        read: while true {
            let now = DispatchTime.now().uptimeNanoseconds
            expired = now >= deadline
            isStopped = !mayGoOn()
            if expired || isStopped { break }
            var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waited, 1, Int32(min((deadline - now) / 1_000_000 + 1, 200)))
            guard ready > 0 else { continue }
            let atEnd = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
                let count = read(output, buffer.baseAddress, buffer.count)
                if count > 0 { receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
                return count == 0 || (count < 0 && errno != EINTR)
            }
            if atEnd { break read }
        }
        if expired || isStopped { kill(-child, SIGKILL) }
        var status: Int32 = 0
        var used = rusage()
        while wait4(child, &status, 0, &used) < 0, errno == EINTR {}
        if isStopped { throw CancellationError() }
        let usage = ResourceUsage(used, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        if expired { return (.timeout, usage) }
        let signal = status & 0x7f
        return (signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal), usage)
    }

    /// Runs the program, hands over what it writes to standard output and standard error as it comes, and says how it
    /// ended.
    public func run(receive: (UnsafeRawBufferPointer) -> Void) throws -> Ending { try measure(receive: receive).ending }

    /// Runs the program and returns all that it wrote.
    public func run() throws -> (ending: Ending, output: String) {
        var bytes: [UInt8] = []
        let ending = try run { bytes.append(contentsOf: $0) }
        return (ending, String(decoding: bytes, as: UTF8.self))
    }

    /// Guards the moment between the creation of a pipe and the start of the child that is to have it: a child that
    /// another thread starts just then would hold the pipe open.
    private static let starting = NSLock()

    private func start() throws -> (child: pid_t, output: Int32) {
        Self.starting.lock()
        defer { Self.starting.unlock() }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildProcessError(operation: "create a pipe", code: errno) }
        defer { close(ends[1]) }
        do {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (try spawn(output: ends[1]), ends[0])
        } catch {
            close(ends[0])
            throw error
        }
    }

    private func spawn(output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)

        // The shell, for POSIX has no portable way to give a spawned child its own working directory.
        let command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory.path, executable] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        defer { words.forEach { free($0) } }
        words.append(nil)
        var child: pid_t = 0
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") }
        defer { settings.forEach { free($0) } }
        settings.append(nil)
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, words, settings)
        guard code == 0 else { throw ChildProcessError(operation: "start \(executable)", code: code) }
        return child
    }
}

/// The operating system refused to start a program.
public struct ChildProcessError: Error, CustomStringConvertible {
    /// What was tried.
    public let operation: String
    /// The system's error number.
    public let code: Int32

    public var description: String { "cannot \(operation): \(String(cString: strerror(code)))" }
}
