import ChildProcesses
import Foundation

/// The built `heddle`, run as a user runs it.
public struct HeddleProgram: Sendable {
    /// What one run found, and what it took.
    public struct Run: Sendable {
        /// `holds`, `violated` or `inconclusive`, or why there is no verdict.
        public var verdict: String
        public var states: Int
        /// Pairs of a state and a state of the formula's automaton, where a formula was checked.
        public var productStates: Int
        public var usage: ResourceUsage
    }

    /// When it makes machine code, as `--native` has it.
    public enum Native: String, Sendable, CaseIterable {
        case auto, first, off
    }

    /// The path of the executable.
    public var path: String
    public var native: Native
    /// What every run is given, such as `--threads 2`.
    public var options: [String]
    /// Seconds that a run may take.
    public var timeLimit: Double
    /// Asked some times a second; no ends a run.
    public var mayGoOn: @Sendable () -> Bool

    /// Describes the program; nothing is run yet.
    public init(
        path: String, native: Native = .auto, options: [String] = [], timeLimit: Double = 600,
        mayGoOn: @escaping @Sendable () -> Bool = { true }
    ) {
        self.path = path
        self.native = native
        self.options = options
        self.timeLimit = timeLimit
        self.mayGoOn = mayGoOn
    }

    /// Checks a model.
    /// - Parameters:
    ///   - model: the path of the file.
    ///   - options: besides those of all runs.
    ///   - cache: the folder for compiled models; an empty one if the time to compile is to count.
    /// - Throws: `BenchmarkError` where the program does not print a result, and what `ChildProcess.measure` throws.
    public func check(model: String, defines: [String], options: [String], cache: URL) throws -> Run {
        let settings = ["--native", native.rawValue] + self.options + options + ["--quiet", "--format", "json"]
        let arguments = ["check", model] + defines.map { "-D\($0)" } + settings
        let child = ChildProcess(
            path, arguments, directory: cache, timeout: timeLimit, environment: ["XDG_CACHE_HOME": cache.path])
        var output: [UInt8] = []
        let (ending, usage) = try child.measure(mayGoOn: mayGoOn) { output.append(contentsOf: $0) }
        if ending == .timeout { return Run(verdict: "timeout", states: 0, productStates: 0, usage: usage) }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(output)) else {
            let text = String(decoding: output, as: UTF8.self)
            throw BenchmarkError("heddle \(arguments.joined(separator: " ")): \(ending)\n\(text)")
        }
        return Run(
            verdict: report.verdict, states: report.statistics.statesStored, productStates: report.statistics.productStates,
            usage: usage)
    }

    /// What is read of `heddle check --format json`.
    private struct Report: Decodable {
        struct Statistics: Decodable {
            var statesStored: Int
            var productStates: Int
        }

        var verdict: String
        var statistics: Statistics
    }
}

/// Something could not be measured; in words.
public struct BenchmarkError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
