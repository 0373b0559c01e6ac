import Automata
import Foundation
import Promela
import TestSupport
import Testing

/// Whatever bytes a model consists of: reading it, building its automata and taking its first steps comes to an end,
/// without a crash, and every diagnostic says where in the text it belongs.
///
/// Environment:
/// - `HEDDLE_FUZZ_INPUTS`: the number of inputs.
/// - `HEDDLE_FUZZ_SEED`: the seed of the first; the others follow it. With `HEDDLE_FUZZ_INPUTS=1` this repeats a failure,
///   and prints the input beforehand.
@Suite struct FrontEndFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let inputCount = Int(environment["HEDDLE_FUZZ_INPUTS"] ?? "") ?? 100_000
    private static let firstSeed = UInt64(environment["HEDDLE_FUZZ_SEED"] ?? "") ?? 1

    @Test func `survives any input`() throws {
        let count = Self.inputCount
        let mutator = TextMutator(originals: Self.originals)
        let workers = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
        let journal = try SeedJournal(workers: workers)
        let tally = FuzzTally()
        if count == 1 {
            FileHandle.standardError.write(Data(mutator.mutant(seed: Self.firstSeed) + [10]))
        }
        let chunk = 64
        let deal = FuzzDeal(count: count, chunk: chunk)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while let range = deal.next() {
                for number in range {
                    let seed = Self.firstSeed &+ UInt64(number)
                    journal.note(seed, worker: worker)
                    let outcome = FuzzOutcome(of: mutator.mutant(seed: seed), expandsSelect: seed % 2 == 0)
                    tally.add(outcome, seed: seed)
                }
            }
        }
        journal.close()
        FileHandle.standardError.write(Data("\(tally.accepted) of \(count) inputs were accepted\n".utf8))
        for failure in tally.failures.prefix(20) {
            Issue.record("seed \(failure.seed): \(failure.message)\n\(String(decoding: mutator.mutant(seed: failure.seed), as: UTF8.self))")
        }
        #expect(tally.inputs == count)
        // Otherwise the automata were hardly tested, or the diagnostics.
        #expect(count < 1_000 || tally.accepted > count / 50, "\(tally.accepted) of \(count) inputs were accepted")
        #expect(count < 1_000 || tally.accepted < count / 2, "\(tally.accepted) of \(count) inputs were accepted")
    }

    /// What the inputs are made from: small models of many sorts, so that a seed means the same on every machine that has
    /// the same examples.
    private static let originals: [[UInt8]] = {
        var texts = (SmallModels.syntax + SmallModels.meaning).map { Array($0.utf8) }
        texts.append(Array(ParserMutationTests.dense.utf8))
        let profiles: [GeneratorProfile] = [.everything, .data, .channels, .atomicity, .processes]
        for (index, profile) in profiles.enumerated() {
            for seed in 1...20 as ClosedRange<UInt64> {
                let generator = ProgramGenerator(seed: UInt64(index) * 100 + seed, profile: profile)
                texts.append(Array(generator.makeProgram().utf8))
            }
        }
        let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Models")
        for path in SpinExamples.paths + Self.models(in: models.path) {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            texts.append(Array(data))
        }
        return texts
    }()

    private static func models(in directory: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".pml") }.sorted().map { "\(directory)/\($0)" }
    }
}

/// What became of one input.
private struct FuzzOutcome {
    /// More processor time than this is as good as a hang. It does not depend on what else the machine does.
    static let patience = Duration.seconds(10)

    var isAccepted = false
    var faults: [String] = []

    init(of bytes: [UInt8], expandsSelect: Bool) {
        var system: System?
        let time = processorTime {
            let result = ModelReader.read(bytes: bytes, options: ReadOptions(expandsSelect: expandsSelect))
            check(result.diagnostics, result.sources)
            let hasError = result.diagnostics.contains { $0.severity == .error }
            if (result.program == nil) != hasError { faults.append("a program, and errors: or neither") }
            _ = DiagnosticRenderer(sources: result.sources).render(Array(result.diagnostics.prefix(5)))
            system = result.program.flatMap { build($0) }
        }
        if time > Self.patience { faults.append("took \(time)") }
        guard let system else { return }
        // Not timed: without optimizations it takes seconds to give up on a `d_step` that never ends.
        isAccepted = true
        let generator = SuccessorGenerator(system)
        let (state, fault) = generator.initialState()
        if fault == nil { _ = state.withUnsafeBytes { generator.expand($0) } }
    }

    private mutating func build(_ program: Program) -> System? {
        do {
            return try System(program)
        } catch let error as SystemError {
            check([error.diagnostic], program.sources)
        } catch {
            faults.append("unknown error: \(error)")
        }
        return nil
    }

    private mutating func check(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        for diagnostic in diagnostics {
            for span in [diagnostic.span] + diagnostic.notes.map(\.span) {
                for place in sources.backtrace(of: span) where !Self.lies(place, in: sources) {
                    faults.append("\(diagnostic.code.rawValue) lies outside its file: \(place)")
                }
            }
        }
    }

    private static func lies(_ span: Span, in sources: SourceMap) -> Bool {
        guard sources.files.indices.contains(Int(span.file.index)) else { return false }
        return span.start >= 0 && span.start <= span.end && Int(span.end) <= sources[span.file].bytes.count
    }
}

/// Deals out runs of inputs to the workers.
private final class FuzzDeal: @unchecked Sendable {
    // Unchecked, because the lock guards the variable.
    private let lock = NSLock()
    private var start = 0
    private let count: Int
    private let chunk: Int

    init(count: Int, chunk: Int) {
        self.count = count
        self.chunk = chunk
    }

    func next() -> Range<Int>? {
        lock.withLock {
            guard start < count else { return nil }
            defer { start = min(count, start + chunk) }
            return start..<min(count, start + chunk)
        }
    }
}

/// Counts what became of the inputs.
private final class FuzzTally: @unchecked Sendable {
    // Unchecked, because the lock guards the variables.
    private let lock = NSLock()
    private(set) var inputs = 0
    private(set) var accepted = 0
    private(set) var failures: [(seed: UInt64, message: String)] = []

    func add(_ outcome: FuzzOutcome, seed: UInt64) {
        lock.withLock {
            inputs += 1
            if outcome.isAccepted { accepted += 1 }
            failures += outcome.faults.map { (seed, $0) }
        }
    }
}

/// Names the seeds at work in a file that outlives a crash of the process, and puts an end to inputs that hang.
private final class SeedJournal: @unchecked Sendable {
    // Unchecked, because the lock guards the variables; the file's lines belong to one worker each.
    private static let lineLength = 32
    /// Long enough for a loaded machine; whoever is at work then will not end by itself.
    private static let hangSeconds = 600

    private let lock = NSLock()
    private var notes: [(seed: UInt64, since: ContinuousClock.Instant)?]
    private var isClosed = false
    private let file: Int32
    private let path: String

    init(workers: Int) throws {
        notes = Array(repeating: nil, count: workers)
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-fuzz-\(getpid()).log").path
        file = open(path, O_CREAT | O_TRUNC | O_RDWR, 0o600)
        try #require(file >= 0, "cannot write \(path)")
        FileHandle.standardError.write(Data("The seeds of the inputs being tried stand in \(path)\n".utf8))
        Thread.detachNewThread { [self] in watch() }
    }

    func note(_ seed: UInt64, worker: Int) {
        let line = Array("seed \(seed)".utf8)
        let padded = line + Array(repeating: UInt8(ascii: " "), count: max(0, Self.lineLength - 1 - line.count)) + [10]
        _ = pwrite(file, padded, padded.count, off_t(worker * Self.lineLength))
        lock.withLock { notes[worker] = (seed, .now) }
    }

    /// All inputs were survived, so that nobody needs the file.
    func close() {
        lock.withLock { isClosed = true }
        unlink(path)
        Glibc.close(file)
    }

    private func watch() {
        while true {
            sleep(1)
            let (ended, hanging) = lock.withLock {
                (isClosed, notes.compactMap { $0 }.filter { ContinuousClock.now - $0.since > .seconds(Self.hangSeconds) })
            }
            if ended { return }
            guard let first = hanging.first else { continue }
            FileHandle.standardError.write(Data("The front end hangs on the input of seed \(first.seed)\n".utf8))
            abort()
        }
    }
}
