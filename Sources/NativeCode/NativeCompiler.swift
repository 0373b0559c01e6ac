import Automata
import Foundation
import Synchronization

/// Compiles systems with the machine's C compiler, in the background, once a search has become long; or while the search waits.
///
/// Where that does not work, for whatever reason, the interpreter goes on. Nothing but cached objects is left behind once
/// `stop` has been called or the compiler is gone.
public final class NativeCompiler: SuccessorCompiler {
    /// What is wrong with a compilation.
    public enum Failure: Error, Hashable, Sendable {
        case noCompiler
        /// The system is too large to compile, or of a kind that is better interpreted.
        case notTranslated
        case noWorkFolder
        case compilerFailed
        case notLoaded
        case stopped

        /// The failure, in words.
        public var explanation: String {
            switch self {
            case .noCompiler: "there is no C compiler"
            case .notTranslated: "the model has priorities or a trace assertion, or is very large"
            case .noWorkFolder: "there is no folder to compile in"
            case .compilerFailed: "the C compiler failed"
            case .notLoaded: "what the C compiler made cannot be loaded"
            case .stopped: "the compilation was stopped"
            }
        }
    }

    private enum Stage: @unchecked Sendable {
        // Whoever has the lock is the only one to use the process.
        case waiting
        case compiling(CompilerProcess, Job)
        case ready(CompiledExpansion)
        case failed(Failure)
    }

    private struct Job {
        var key: String
        var cache: ObjectCache?
        var workFolder: URL
        var object: URL { workFolder.appendingPathComponent("system.so") }
        var source: URL { workFolder.appendingPathComponent("system.c") }
    }

    /// What there is of each system: a search may go over to another one that stands for its own.
    private struct Works {
        /// The systems are kept, so that no other one is taken for one of them.
        var stages: [(system: System, stage: Stage)] = []
        var isStopped = false

        subscript(system: System) -> Stage {
            get { stages.first { $0.system.isSame(as: system) }?.stage ?? (isStopped ? .failed(.stopped) : .waiting) }
            set {
                if let index = stages.firstIndex(where: { $0.system.isSame(as: system) }) {
                    stages[index].stage = newValue
                } else {
                    stages.append((system, newValue))
                }
            }
        }
    }

    /// Asked some times a second while the compiler works; as long as it says yes, the search waits. Nil: it goes on.
    private let waits: (@Sendable () -> Bool)?
    /// Asked only when there is something to compile: small models leave the disk alone.
    private let findCache: @Sendable () -> ObjectCache?
    private let works = Mutex(Works())
    /// See `SystemTranslator`.
    private let longTextLimit: Int

    /// A search that has found fewer states in less time is probably over before a compiler would be.
    private static let stateThreshold = 8_000
    private static let secondThreshold = 0.1

    /// - Parameters:
    ///   - cachesObjects: whether compiled objects are looked for, and kept, in the user's cache folder.
    ///   - waits: given if searches are to begin with machine code, however short they are: asked some times a second while
    ///     the compiler works, and no ends the wait.
    public init(cachesObjects: Bool = true, waits: (@Sendable () -> Bool)? = nil) {
        findCache = { cachesObjects ? .standard() : nil }
        longTextLimit = SystemTranslator.usualLongTextLimit
        self.waits = waits
    }

    init(
        cache: ObjectCache?, longTextLimit: Int = SystemTranslator.usualLongTextLimit, waits: (@Sendable () -> Bool)? = nil
    ) {
        findCache = { cache }
        self.longTextLimit = longTextLimit
        self.waits = waits
    }

    deinit { stop() }

    /// Why there is no machine code of the system that was asked for last; nil as long as there may yet be some.
    public var failure: Failure? {
        works.withLock { works in
            if case .failed(let failure) = works.stages.last?.stage { return failure }
            return works.stages.isEmpty && works.isStopped ? .stopped : nil
        }
    }

    public func expansion(of system: System, states: Int, seconds: Double) -> CompiledExpansion? {
        withStage(of: system) { stage in
            if case .waiting = stage, waits != nil || states >= Self.stateThreshold || seconds >= Self.secondThreshold {
                stage = start(system)
            }
            if case .compiling(let process, let job) = stage, let succeeded = outcome(of: process) {
                stage = finish(job, succeeded: succeeded)
            }
            if case .ready(let expansion) = stage { return expansion }
            return nil
        }
    }

    /// Stops all compilations that are going on; nothing is compiled after that.
    public func stop() {
        works.withLock { works in
            works.isStopped = true
            for index in works.stages.indices {
                switch works.stages[index].stage {
                case .compiling(let process, let job):
                    process.stop()
                    try? FileManager.default.removeItem(at: job.workFolder)
                    works.stages[index].stage = .failed(.stopped)
                case .waiting: works.stages[index].stage = .failed(.stopped)
                case .ready, .failed: break
                }
            }
        }
    }

    private func withStage<Result>(of system: System, _ body: (inout Stage) -> Result) -> Result {
        works.withLock { body(&$0[system]) }
    }

    // MARK: One after the other

    /// Whether a compiler has come to an end, and with success; nil if it runs on and is not waited for any longer.
    private func outcome(of process: CompilerProcess) -> Bool? {
        while true {
            if let succeeded = process.outcome() { return succeeded }
            guard let waits, waits() else { return nil }
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    private func start(_ system: System) -> Stage {
        guard let compiler = CompilerProcess.path else { return .failed(.noCompiler) }
        guard let text = SystemTranslator.translate(system, longTextLimit: longTextLimit) else { return .failed(.notTranslated) }
        let key = SHA256.hash("\(CompilerProcess.identity(of: compiler))\n\(text)")
        let cache = findCache()
        // An object that cannot be loaded is made anew.
        if let file = cache?.object(key), let expansion = LoadedObject(file)?.expansion { return .ready(expansion) }
        let folder = cache?.makeWorkFolder() ?? WorkFolder.make(in: FileManager.default.temporaryDirectory)
        guard let folder else { return .failed(.noWorkFolder) }
        let job = Job(key: key, cache: cache, workFolder: folder)
        guard (try? Data(text.utf8).write(to: job.source)) != nil,
            let process = CompilerProcess(compiler: compiler, source: job.source, object: job.object)
        else {
            try? FileManager.default.removeItem(at: folder)
            return .failed(.noWorkFolder)
        }
        return .compiling(process, job)
    }

    private func finish(_ job: Job, succeeded: Bool) -> Stage {
        defer { try? FileManager.default.removeItem(at: job.workFolder) }
        guard succeeded else { return .failed(.compilerFailed) }
        // An object stays in memory when its file is gone.
        let object = job.cache?.insert(job.object, key: job.key) ?? job.object
        guard let expansion = LoadedObject(object)?.expansion else { return .failed(.notLoaded) }
        return .ready(expansion)
    }
}
