import ChildProcesses
import Foundation

/// How time and memory grow with the size of a model: without reductions, with each of them, and with all together.
public struct GrowthStudy: Sendable {
    /// One run.
    public struct Point: Sendable {
        /// The value of the macro.
        public var size: Int
        /// The options that were on, such as `--reduction stubborn`; empty for none.
        public var options: String
        public var run: HeddleProgram.Run
    }

    private let heddle: HeddleProgram
    private let model: String
    private let defines: [String]
    private let macro: String
    private let sizes: ClosedRange<Int>
    private let combinations: [[String]]

    /// - Parameters:
    ///   - model: the path of its file.
    ///   - macro: the one that says how large the model is.
    ///   - reductions: options of `heddle check`, each in one string with its value.
    public init(
        _ heddle: HeddleProgram, model: String, defines: [String], macro: String, sizes: ClosedRange<Int>, reductions: [String]
    ) {
        self.heddle = heddle
        self.model = model
        self.defines = defines
        self.macro = macro
        self.sizes = sizes
        combinations = Self.combinations(reductions)
    }

    /// None, each alone, and all together.
    static func combinations(_ reductions: [String]) -> [[String]] {
        [[]] + reductions.map { [$0] } + (reductions.count > 1 ? [reductions] : [])
    }

    /// Runs all, the small sizes first. Where a limit of time or memory ends a run, larger ones with the same reductions are not
    /// tried.
    /// - Parameter found: called with each point as soon as it is there.
    public func run(_ found: (Point) throws -> Void) throws {
        var open = combinations
        for size in sizes where !open.isEmpty {
            for combination in open {
                let folder = try TemporaryDirectory(prefix: "heddle-bench")
                var options = combination.flatMap { $0.split(separator: " ").map(String.init) }
                // What Heddle would decide by itself is not what is asked here.
                if !options.contains("--reduction") { options += ["--reduction", "none"] }
                let run = try heddle.check(
                    model: model, defines: defines + ["\(macro)=\(size)"],
                    options: ["--property", "assertions", "--property", "end-states"] + options, cache: folder.url)
                try found(Point(size: size, options: combination.joined(separator: " "), run: run))
                if run.verdict != "holds" { open.removeAll { $0 == combination } }
            }
        }
    }
}

extension GrowthStudy.Point {
    /// The names of the fields, in the order of `fields`.
    public static let head = [
        "size", "reductions", "verdict", "states", "seconds", "processor_seconds", "states_per_second", "peak_bytes",
        "bytes_per_state",
    ]

    /// One line of a table that plotting programs read, its fields set apart by tabs.
    public var fields: [String] {
        let rate = run.usage.seconds > 0 ? Double(run.states) / run.usage.seconds : 0
        return [
            "\(size)", options.isEmpty ? "none" : options, run.verdict, "\(run.states)",
            String(format: "%.3f", run.usage.seconds), String(format: "%.3f", run.usage.processorSeconds),
            String(format: "%.0f", rate), "\(run.usage.peakBytes)",
            run.states > 0 ? String(format: "%.1f", Double(run.usage.peakBytes) / Double(run.states)) : "",
        ]
    }
}
