import Foundation

/// What Spin can be asked about a model's infinite runs.
public enum SpinLivenessQuestion: Hashable, Sendable {
    /// Whether no run is matched by the model's never claim, or by what Spin makes of its formula. Where there are
    /// several, they are told apart by their names.
    case claim(name: String?)
    /// Whether no run goes through an `accept` label of a process for ever; claims of the model are left out.
    case acceptance
    /// Whether every run that does not end goes through `progress` labels for ever; claims of the model are left out.
    case progress
}

extension SpinOracle {
    /// A macro that is defined where Spin's verifier runs a claim beside the processes, and counts it in `_nr_pr`.
    public static let claimIsCounted = "CLAIM_IS_COUNTED"

    /// Asks about a model's infinite runs: first about all of them, then about those that are weakly fair.
    ///
    /// Spin takes the `accept` labels of processes for those of a claim, too: a model that is asked about its claim should
    /// have none.
    public func check(
        text: String, _ question: SpinLivenessQuestion, mode: Mode = .allViolations, defines: [String] = []
    ) throws -> (all: SpinOutcome, weaklyFair: SpinOutcome) {
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        try Data(text.utf8).write(to: directory.url.appendingPathComponent("model.pml"))
        return try check(path: "model.pml", in: directory, question, mode, defines)
    }

    /// Asks the same of a model file; what it includes is found beside it.
    public func check(
        file: URL, _ question: SpinLivenessQuestion, mode: Mode = .allViolations, defines: [String] = []
    ) throws -> (all: SpinOutcome, weaklyFair: SpinOutcome) {
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        return try check(path: file.absoluteURL.path, in: directory, question, mode, defines)
    }

    /// Asks a model file about all runs only: fair ones can take Spin minutes where it finds many that are bad.
    public func checkAllRuns(
        file: URL, _ question: SpinLivenessQuestion, mode: Mode = .allViolations, defines: [String] = []
    ) throws -> SpinOutcome {
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        return try check(path: file.absoluteURL.path, in: directory, question, mode, defines, kindsOfRuns: [[]])[0]
    }

    private func check(
        path: String, in directory: TemporaryDirectory, _ question: SpinLivenessQuestion, _ mode: Mode, _ defines: [String]
    ) throws -> (all: SpinOutcome, weaklyFair: SpinOutcome) {
        let outcomes = try check(path: path, in: directory, question, mode, defines, kindsOfRuns: [[], ["-f"]])
        return (outcomes[0], outcomes[1])
    }

    private func check(
        path: String, in directory: TemporaryDirectory, _ question: SpinLivenessQuestion, _ mode: Mode, _ defines: [String],
        kindsOfRuns: [[String]]
    ) throws -> [SpinOutcome] {
        // Room for the counters of 14 processes under fairness.
        var compilerFlags = ["-DNFAIR=4"]
        var defines = defines
        var verifierFlags = verifierFlags + [mode == .allViolations ? "-c0" : "-c1"]
        switch question {
        case .claim(let name):
            verifierFlags += ["-a"]
            if let name { verifierFlags += ["-N", name] }
        case .acceptance:
            compilerFlags += ["-DNOCLAIM"]
            verifierFlags += ["-a"]
        case .progress:
            // Where the model has a claim of its own, this one takes its place.
            compilerFlags += ["-DNP"]
            verifierFlags += ["-l"]
        }
        if question != .acceptance { defines.append(Self.claimIsCounted) }
        return try outcomes(
            path: path, in: directory, defines: defines, compilerFlags: compilerFlags,
            runs: kindsOfRuns.map { verifierFlags + $0 })
    }

    /// Asks about many models' texts, some at a time, and returns the outcomes in the same order.
    public func check(
        texts: [String], _ question: SpinLivenessQuestion, atATime width: Int = 2
    ) throws -> [(all: SpinOutcome, weaklyFair: SpinOutcome)] {
        let outcomes = Gathering<(all: SpinOutcome, weaklyFair: SpinOutcome)>(count: texts.count)
        DispatchQueue.concurrentPerform(iterations: max(1, width)) { _ in
            while let index = outcomes.nextIndex() {
                outcomes.store(Result { try check(text: texts[index], question) }, at: index)
            }
        }
        return try outcomes.values()
    }
}

extension SpinResult {
    /// Whether something went wrong in a step, so that what came after it means nothing.
    private var hasExecutionError: Bool {
        violations.contains { violation in
            violation.hasPrefix("assertion violated - invalid array index")
                || !violation.hasPrefix("assertion violated") && !Self.signsOfBadRuns.contains(violation)
                    && violation != "invalid end state"
        }
    }

    /// The answer to a question: nil where the search was cut off before it found a run that should not be, or met errors in
    /// steps.
    ///
    /// The claim that Spin makes of a formula asserts, too; a model that is asked about its claim should have no assertions
    /// of its own that look the same and fail.
    public func answer(to question: SpinLivenessQuestion) -> Bool? {
        if hasExecutionError { return nil }
        var isClaim = false
        if case .claim = question { isClaim = true }
        let hasBadRun = violations.contains { violation in
            Self.signsOfBadRuns.contains(violation) || isClaim && violation.hasPrefix(Self.startOfClaimAssertions)
        }
        if hasBadRun { return false }
        return isComplete ? true : nil
    }

    /// A run of a claim that ends has matched, and so has one at an `accept` label of a process where nothing can move.
    private static let signsOfBadRuns: Set<String> = [
        "acceptance cycle", "non-progress cycle", "end state in claim reached", "accept stutter",
    ]
    /// Spin's claims assert the opposite of what they have just seen.
    private static let startOfClaimAssertions = "assertion violated  !("
}
