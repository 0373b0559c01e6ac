import Foundation

/// The example models that come with Debian's Spin package, and what Spin 6.5.2 finds in them.
///
/// The models are not part of this repository; `SpinExamples.find` looks for them on the machine.
public enum SpinExamples {
    /// The directory of the examples, or nil if there is none on this machine.
    ///
    /// Slim systems leave out `/usr/share/doc`. There, with a cache directory given, the package is fetched with
    /// `apt-get download` and unpacked into it, without being installed.
    public static func find(cache: URL? = nil) throws -> URL? {
        let inside = "usr/share/doc/spin/examples/Examples"
        let installed = URL(fileURLWithPath: "/\(inside)", isDirectory: true)
        if isPresent(installed) { return installed }
        guard let cache else { return nil }
        let unpacked = cache.appendingPathComponent(inside, isDirectory: true)
        if isPresent(unpacked) { return unpacked }
        guard let apt = ChildProcess.find("apt-get"), let dpkg = ChildProcess.find("dpkg-deb") else { return nil }
        let directory = try TemporaryDirectory(prefix: "heddle-spin-package")
        let fetched = try ChildProcess(apt, ["download", "spin"], directory: directory.url, timeout: 120).run()
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
        guard fetched.ending == .exit(0), let package = names.first(where: { $0.hasSuffix(".deb") }) else { return nil }
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        _ = try ChildProcess(dpkg, ["-x", package, cache.path], directory: directory.url, timeout: 60).run()
        return isPresent(unpacked) ? unpacked : nil
    }

    private static func isPresent(_ directory: URL) -> Bool {
        FileManager.default.fileExists(atPath: directory.appendingPathComponent("peterson.pml").path)
    }

    /// Every example, and what Spin said about it.
    public static let all: [SpinExample] = SpinExamples.table.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 8 else { return nil }
        let verdict: SpinExample.Verdict
        switch cells[1] {
        case "checked":
            guard let stored = Int(cells[2]), let matched = Int(cells[3]), let errors = Int(cells[4]) else { return nil }
            verdict = .checked(statesStored: stored, statesMatched: matched, errors: errors)
        case "rejected": verdict = .rejected
        case "failed": verdict = .failed
        default: verdict = .tooLarge
        }
        return SpinExample(
            name: cells[0], verdict: verdict, hasEmbeddedC: cells[5] == "c", hasClaim: cells[6] == "claim",
            statesWithoutClaim: Int(cells[7]))
    }
}

/// One of Spin's example models.
public struct SpinExample: Sendable {
    /// What Spin says about it.
    public enum Verdict: Sendable, Equatable {
        /// The whole state space was searched, with the counts as `SpinOracle.Mode.allViolations` gives them.
        case checked(statesStored: Int, statesMatched: Int, errors: Int)
        /// Spin refuses it.
        case rejected
        /// Spin takes it, but its verifier does not compile or ends early.
        case failed
        /// There are over 2 million states, or the search took over 25 seconds or went over a million steps deep.
        case tooLarge
    }

    /// The path in the directory of examples.
    public let name: String
    /// What Spin says about it, without any defines.
    public let verdict: Verdict
    /// Whether it has embedded C code, which Heddle refuses.
    public let hasEmbeddedC: Bool
    /// Whether it has a never claim or an LTL formula, so that the counts are those of the product.
    public let hasClaim: Bool
    /// The number of states of the model alone, as `-DNOCLAIM` gives it; nil if there are too many.
    public let statesWithoutClaim: Int?
}
