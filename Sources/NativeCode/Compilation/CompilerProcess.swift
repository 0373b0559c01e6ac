import Foundation

/// The C compiler at work, in the background.
///
/// It and all that it starts form a process group: so they can be stopped together, and a Ctrl-C at the terminal is for Heddle.
final class CompilerProcess {
    private let pid: pid_t
    /// Whether there is nothing left to wait for.
    private var isOver = false

    /// Optimizing more costs more time than it saves; headers of a C library are not needed.
    static let options = [
        "-x", "c", "-std=gnu11", "-ffreestanding", "-O1", "-fPIC", "-shared", "-nostdlib", "-fwrapv", "-fno-strict-aliasing", "-w", "-pipe",
    ]

    /// Starts to compile a file; temporary files go to the folder that it lies in.
    /// - Returns: nil if the compiler cannot be started.
    init?(compiler: String, source: URL, object: URL) {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        for descriptor: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
        var environment = ProcessInfo.processInfo.environment
        environment["TMPDIR"] = source.deletingLastPathComponent().path
        let arguments = [compiler] + Self.options + ["-o", object.path, source.path]
        var child: pid_t = 0
        let status = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&child, compiler, &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else { return nil }
        pid = child
        // The search goes first where processors are short.
        setpriority(__priority_which_t(PRIO_PGRP.rawValue), id_t(child), 5)
    }

    deinit { stop() }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    /// Whether the compiler has come to an end, and with success; nil as long as it runs.
    /// - Parameter waits: whether to wait for the end.
    func outcome(waits: Bool = false) -> Bool? {
        if isOver { return false }
        var status: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(pid, &status, waits ? 0 : WNOHANG) } while result < 0 && errno == EINTR
        if result == 0 { return nil }
        isOver = true
        return result == pid && status == 0
    }

    /// Stops the compiler, if it still runs.
    func stop() {
        guard !isOver else { return }
        kill(-pid, SIGKILL)
        _ = outcome(waits: true)
    }

    /// The machine's C compiler: its path; nil where there is none.
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        for name in ["cc", "gcc", "clang"] {
            for folder in folders where folder.hasPrefix("/") {
                let path = "\(folder)/\(name)"
                var isDirectory: ObjCBool = false
                if access(path, X_OK) == 0, FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                    !isDirectory.boolValue
                {
                    return path
                }
            }
        }
        return nil
    }()

    /// What tells one compiler from another, and one release of it from the next, without asking it.
    static func identity(of path: String) -> String {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var status = stat()
        guard stat(file, &status) == 0 else { return file }
        var machine = utsname()
        uname(&machine)
        let architecture = withUnsafeBytes(of: machine.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "\(file) \(status.st_size) \(status.st_mtim.tv_sec) \(architecture) \(options.joined(separator: " "))"
    }
}
