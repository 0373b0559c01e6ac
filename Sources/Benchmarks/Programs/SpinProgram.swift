import ChildProcesses
import Foundation
import Spin

/// Spin and the C compiler, run as a user who knows them well runs them.
public struct SpinProgram: Sendable {
    /// What one run of a verifier found, and what it took.
    public struct Run: Sendable {
        public var result: SpinResult
        public var usage: ResourceUsage
        /// What it had too little of, so that the result is none.
        var shortage: Shortage?
    }

    /// What a verifier is told the size of.
    enum Shortage {
        case depth, vector
    }

    /// Seconds that each program may take.
    public var timeLimit: Double
    /// Asked some times a second; no ends a run.
    public var mayGoOn: @Sendable () -> Bool
    private let spin: String
    private let compiler: String

    /// - Throws: `BenchmarkError` that names what this machine does not have.
    public init(timeLimit: Double = 600, mayGoOn: @escaping @Sendable () -> Bool = { true }) throws {
        guard let spin = ChildProcess.find("spin") else {
            throw BenchmarkError("spin is not installed; on Debian: apt-get install spin")
        }
        guard let compiler = ChildProcess.find("gcc") else {
            throw BenchmarkError("gcc is not installed, and Spin needs it; on Debian: apt-get install gcc")
        }
        self.spin = spin
        self.compiler = compiler
        self.timeLimit = timeLimit
        self.mayGoOn = mayGoOn
    }

    /// Makes the C source of a verifier in the folder.
    /// - Parameter options: Spin's own, such as `-o1`.
    func generate(model: String, defines: [String], options: [String], in folder: URL) throws -> ResourceUsage {
        try succeed(spin, options + defines.map { "-D\($0)" } + ["-a", model], in: folder)
    }

    /// Compiles the verifier that was made in the folder.
    func compile(_ flags: [String], to name: String, in folder: URL) throws -> ResourceUsage {
        try succeed(compiler, ["-O3", "-w"] + flags + ["-o", name, "pan.c"], in: folder)
    }

    /// Runs a verifier.
    /// - Parameter patience: seconds after which it is given up.
    /// - Returns: nil if it was.
    func verify(_ name: String, _ flags: [String], patience: Double, in folder: URL) throws -> Run? {
        var parser = PanOutputParser()
        let child = ChildProcess(folder.appendingPathComponent(name).path, flags, directory: folder, timeout: patience)
        let (ending, usage) = try child.measure(mayGoOn: mayGoOn) { parser.receive($0) }
        let result = parser.finish()
        if ending == .timeout { return nil }
        let shortage: Shortage? = parser.isVectorTooSmall ? .vector : parser.isDepthExceeded ? .depth : nil
        guard parser.hasStatistics || shortage != nil else {
            throw BenchmarkError("pan ended with \(ending)\n\(result.output)")
        }
        return Run(result: result, usage: usage, shortage: shortage)
    }

    /// What to say of a verifier that was given up.
    var timeout: BenchmarkError { BenchmarkError("pan took more than \(Int(timeLimit)) s") }

    private func succeed(_ program: String, _ arguments: [String], in folder: URL) throws -> ResourceUsage {
        var output: [UInt8] = []
        let child = ChildProcess(program, arguments, directory: folder, timeout: timeLimit)
        let (ending, usage) = try child.measure(mayGoOn: mayGoOn) { output.append(contentsOf: $0) }
        guard ending == .exit(0) else {
            let text = String(decoding: output, as: UTF8.self)
            throw BenchmarkError("\(program) \(arguments.joined(separator: " ")): \(ending)\n\(text)")
        }
        return usage
    }
}
