import CHost
import Foundation

/// A program that was started here, with all that it starts, and a pipe for what they print.
public final class ProcessTree {
    /// How a process has ended.
    public enum Ending: Hashable, Sendable {
        case exited(code: Int32)
        case killed(signal: Int32)

        public var isSuccess: Bool { self == .exited(code: 0) }
    }

    /// The process that stands between the program and this one: SIGTERM has it kill all of them.
    public let number: Int32
    /// What it prints, on both streams; reading never blocks.
    package let output: Descriptor
    /// Can be read once the program has ended and all that it has left behind is gone.
    package let end: Descriptor
    public private(set) var ending: Ending?

    /// Starts a program, which is looked for as a shell does. It has nothing to read.
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - environment: variables that it has besides those of this process.
    ///   - guardian: has all of them killed if this process is; from before the program begins.
    public init(_ arguments: [String], environment: [String: String] = [:], guardian: Guardian? = nil) throws(SystemError) {
        let (reading, writing) = try Descriptor.pipe()
        let null = try Descriptor.null()
        number = try Self.start(
            arguments, environment: environment, input: null, output: writing, isSupervised: true, guardian: guardian)
        output = reading
        _ = fcntl(reading.number, F_SETFL, O_NONBLOCK)
        let descriptor = host_open_process(number)
        guard descriptor >= 0 else {
            let error = SystemError("watch a process")
            kill(number, SIGTERM)
            waitpid(number, nil, 0)
            throw error
        }
        end = Descriptor(descriptor)
    }

    deinit { stop() }

    /// Starts a program with default signals, in a process group of its own; supervised, with a process that has what it leaves behind killed.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], input: Descriptor, output: Descriptor, isSupervised: Bool = false,
        guardian: Guardian? = nil
    ) throws(SystemError) -> Int32 {
        guard let program = arguments.first else { throw SystemError("start no program", code: EINVAL) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var strings = arguments.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { for string in strings + environment { free(string) } }
        let process = host_start(
            &strings, &environment, input.number, output.number, isSupervised ? 1 : 0, guardian?.announcements ?? -1)
        guard process > 0 else { throw SystemError("start \(program)") }
        return process
    }

    /// Kills the program and all that it has started, and takes note of how it has ended.
    @discardableResult public func stop() -> Ending {
        if let ending { return ending }
        // Before it is waited for, nobody else can have its number.
        kill(number, SIGTERM)
        var status: Int32 = 0
        while waitpid(number, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        let ending = signal == 0 ? Ending.exited(code: status >> 8 & 0xff) : .killed(signal: signal)
        self.ending = ending
        return ending
    }

    /// What it has printed since the last time.
    /// - Returns: nil when nobody can print any more.
    package func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16384)
        var count: Int
        repeat { count = Glibc.read(output.number, &bytes, bytes.count) } while count < 0 && errno == EINTR
        guard count != 0 else { return nil }
        return count > 0 ? Array(bytes.prefix(count)) : []
    }
}

extension ProcessTree.Ending: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .killed(let signal): "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }
}
