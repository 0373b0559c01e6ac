import Foundation

/// Asks Debian's Spin 6.5.2 what a model's state space is, so that an engine's answer can be compared with it.
///
/// Spin is run without the optimisations that change the number of states: no data-flow analysis, dead-variable
/// elimination or statement merging (`-o1 -o2 -o3`), and no partial-order reduction (`-DNOREDUCE`).
public struct SpinOracle: Sendable {
    /// When the verifier stops.
    public enum Mode: Sendable {
        /// At the first violation, so the counts depend on the order of the search.
        case firstViolation
        /// When every state has been seen (`pan -c0`). A step that fails an assertion is counted and then taken; a step
        /// that indexes out of range is taken too, with whatever memory is there.
        case allViolations
    }

    /// What the verifier is compiled with.
    public enum Compiler: Sendable {
        /// `tcc` where it is installed, or else `gcc -O0`: a small model takes 20 ms or 250 ms.
        case quick
        /// `gcc -O1`: 600 ms to compile, and several times faster on more than some 100,000 states.
        case optimizing
    }

    /// How the verifier is compiled.
    public var compiler: Compiler
    /// The seconds that each of Spin, the compiler and the verifier may take.
    public var timeout: Double
    /// The depth limit to start with; where it is too small, the verifier runs again with a limit a hundred times as
    /// large, up to `maximumDepth`.
    public var depth: Int
    /// The largest depth limit; beyond it a result is marked as incomplete.
    public var maximumDepth: Int
    /// The binary logarithm of the number of hash table slots.
    public var hashBits: Int
    /// Whether Spin's optimisations of the model are off, so that counts can be compared.
    public var turnsOffOptimizations: Bool
    /// Further flags for the compiler, such as `-DNFAIR=3`.
    public var compilerFlags: [String]
    /// Further flags for the verifier, such as `-E`.
    public var verifierFlags: [String]

    /// Describes how to ask Spin; the defaults fit small models.
    public init(
        compiler: Compiler = .quick, timeout: Double = 30, depth: Int = 10_000, maximumDepth: Int = 1_000_000,
        hashBits: Int = 16, turnsOffOptimizations: Bool = true, compilerFlags: [String] = [],
        verifierFlags: [String] = []
    ) {
        self.compiler = compiler
        self.timeout = timeout
        self.depth = depth
        self.maximumDepth = maximumDepth
        self.hashBits = hashBits
        self.turnsOffOptimizations = turnsOffOptimizations
        self.compilerFlags = compilerFlags
        self.verifierFlags = verifierFlags
    }

    /// Whether this machine has Spin and a C compiler.
    public static var isAvailable: Bool {
        ChildProcess.find("spin") != nil && ChildProcess.find("gcc") != nil
    }

    /// Verifies a model's text. The `defines` come as `NAME` or `NAME=VALUE`.
    public func check(
        text: String, mode: Mode = .allViolations, defines: [String] = []
    ) throws -> SpinOutcome {
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        let model = directory.url.appendingPathComponent("model.pml")
        try Data(text.utf8).write(to: model)
        return try check(path: "model.pml", in: directory, mode: mode, defines: defines)
    }

    /// Verifies a model file; what it includes is found beside it.
    public func check(
        file: URL, mode: Mode = .allViolations, defines: [String] = []
    ) throws -> SpinOutcome {
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        return try check(path: file.absoluteURL.path, in: directory, mode: mode, defines: defines)
    }

    /// Verifies many models' texts, some at a time, and returns the outcomes in the same order.
    public func check(
        texts: [String], mode: Mode = .allViolations, defines: [String] = [], atATime width: Int = 2
    ) throws -> [SpinOutcome] {
        let outcomes = Gathering<SpinOutcome>(count: texts.count)
        DispatchQueue.concurrentPerform(iterations: max(1, width)) { _ in
            while let index = outcomes.nextIndex() {
                outcomes.store(Result { try check(text: texts[index], mode: mode, defines: defines) }, at: index)
            }
        }
        return try outcomes.values()
    }

    private func check(
        path: String, in directory: TemporaryDirectory, mode: Mode, defines: [String]
    ) throws -> SpinOutcome {
        let run = [mode == .allViolations ? "-c0" : "-c1"] + verifierFlags
        return try outcomes(path: path, in: directory, defines: defines, compilerFlags: ["-DSAFETY"], runs: [run])[0]
    }

    /// Makes a verifier and runs it with each of these lists of flags.
    func outcomes(
        path: String, in directory: TemporaryDirectory, defines: [String], compilerFlags: [String], runs: [[String]]
    ) throws -> [SpinOutcome] {
        func all(_ outcome: SpinOutcome) -> [SpinOutcome] { Array(repeating: outcome, count: runs.count) }
        guard let spin = ChildProcess.find("spin") else { throw SpinOracleError.isMissing("spin") }
        let optimizations = turnsOffOptimizations ? ["-o1", "-o2", "-o3"] : []
        let (ending, messages) = try ChildProcess(
            spin, optimizations + defines.map { "-D\($0)" } + ["-a", path],
            directory: directory.url, timeout: timeout
        ).run()
        let verifierSource = directory.url.appendingPathComponent("pan.c").path
        switch ending {
        case .exit(0) where FileManager.default.fileExists(atPath: verifierSource): break
        case .exit: return all(.rejected(messages))
        case .signal(let number): return all(.failed("spin was killed by signal \(number)\n\(messages)"))
        case .timeout: return all(.failed("spin took more than \(timeout) s"))
        }
        if let failure = try compile(in: directory, with: compilerFlags) { return all(.failed(failure)) }
        // The preprocessor warns too, of `??<` as a trigraph for one.
        let warnings = messages.split(separator: "\n").filter { $0.hasPrefix("spin:") }.map(String.init)
        return try runs.map { flags in
            var outcome = try run(in: directory, compilerFlags: compilerFlags, flags: flags)
            if case .result(var result) = outcome {
                result.warnings = warnings
                outcome = .result(result)
            }
            return outcome
        }
    }

    private func run(in directory: TemporaryDirectory, compilerFlags: [String], flags: [String]) throws -> SpinOutcome {
        var depth = depth
        var hasLargeVector = false
        while true {
            var parser = PanOutputParser()
            let ending = try ChildProcess(
                directory.url.appendingPathComponent("pan").path, ["-m\(depth)", "-w\(hashBits)"] + flags,
                directory: directory.url, timeout: timeout
            ).run { parser.receive($0) }
            let result = parser.finish()
            if case .timeout = ending { return .failed("pan took more than \(timeout) s") }
            if parser.isDepthExceeded, depth < maximumDepth {
                depth = min(maximumDepth, depth * 100)
            } else if parser.isVectorTooSmall, !hasLargeVector {
                hasLargeVector = true
                if let failure = try compile(in: directory, with: compilerFlags + ["-DVECTORSZ=32000"]) {
                    return .failed(failure)
                }
            } else if parser.hasStatistics {
                return .result(result)
            } else {
                return .failed("pan ended with \(ending)\n\(result.output)")
            }
        }
    }

    /// Compiles the verifier and returns what went wrong, if anything did.
    func compile(in directory: TemporaryDirectory, with flags: [String]) throws -> String? {
        let (name, options) =
            switch compiler {
            case .quick: ChildProcess.find("tcc") == nil ? ("gcc", ["-O0", "-pipe"]) : ("tcc", [])
            case .optimizing: ("gcc", ["-O1", "-pipe"])
            }
        guard let path = ChildProcess.find(name) else { throw SpinOracleError.isMissing(name) }
        let arguments = options + ["-w", "-DNOREDUCE"] + flags + compilerFlags + ["-o", "pan", "pan.c"]
        let (ending, messages) = try ChildProcess(
            path, arguments, directory: directory.url, timeout: timeout
        ).run()
        return ending == .exit(0) ? nil : "\(name) ended with \(ending)\n\(messages)"
    }
}

/// Why Spin cannot be asked at all.
public enum SpinOracleError: Error, CustomStringConvertible {
    /// This program is not on `PATH`.
    case isMissing(String)

    public var description: String {
        switch self {
        case .isMissing(let name): "\(name) is not installed; on Debian: apt-get install spin gcc"
        }
    }
}
