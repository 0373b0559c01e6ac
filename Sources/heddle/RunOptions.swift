import ArgumentParser
import Foundation
import Fuzzing
import Terminal

/// How many runs of chance to make, and of which seeds.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The seed of the first run; the next ones have the next numbers.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Make so many runs. Default: 100, or with --time as many as there is time for.", valueName: "n"))
    var runs: Int?

    @Option(help: ArgumentHelp("Begin no more runs after so many seconds.", valueName: "s"))
    var time: Double?

    @Option(help: ArgumentHelp("Make so many runs at a time. Default: as many as there are processors.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard runs ?? 0 >= 0 else { throw ValidationError("--runs takes a number from 0 on.") }
        guard time ?? 0 >= 0 else { throw ValidationError("--time takes a number of seconds from 0 on.") }
        guard jobs > 0 else { throw ValidationError("--jobs takes a number from 1 on.") }
    }

    /// Makes runs in several threads, as long as there are any left.
    /// - Parameters:
    ///   - begin: when the first began.
    ///   - run: makes one, by its seed.
    func makeRuns(
        since begin: ContinuousClock.Instant, progress: () -> Void, run: @escaping @Sendable (_ seed: UInt64) throws -> Void
    ) throws {
        let (most, seed) = (runs ?? (time == nil ? 100 : Int.max), seed)
        let end = time.map { begin + .seconds($0) }
        try ParallelRuns.make(jobs: jobs, progress: progress) { number in
            guard number < most, end.map({ ContinuousClock.now < $0 }) ?? true, !Interruption.isRequested else { return false }
            try run(seed &+ UInt64(number))
            return true
        }
    }

    /// Runs a second, to show.
    static func rate(_ runs: Int, since begin: ContinuousClock.Instant) -> String {
        String(format: "%.1f", Double(runs) / ((ContinuousClock.now - begin) / .seconds(1)))
    }
}
