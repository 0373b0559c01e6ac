import Automata
import Exploration
import Foundation
import TestSupport
import Testing

/// Random programs that are searched with and without something, to see that it makes no difference.
enum RandomPrograms {
    private static let environment = ProcessInfo.processInfo.environment
    private static let firstSeed = UInt64(environment["HEDDLE_REDUCTION_SEED"] ?? "") ?? 1

    /// Whether the environment asks for a number of its own, and so for figures.
    static var isAskedFor: Bool { environment["HEDDLE_REDUCTION_PROGRAMS"] != nil }

    /// The number of programs of each kind; the environment may ask for more.
    static func count(usually usual: Int = 60) -> Int { Int(environment["HEDDLE_REDUCTION_PROGRAMS"] ?? "") ?? usual }

    /// What each of so many programs is made from.
    static func seeds(_ count: Int) -> Range<UInt64> { firstSeed..<firstSeed + UInt64(count) }

    /// Those of a kind that are small, with what a search finds of them.
    /// - Parameters:
    ///   - profile: nil for programs of which much is local.
    ///   - body: called with a program's seed, text, system and result.
    /// - Returns: how many there were.
    static func forEachSmall(
        _ profile: GeneratorProfile?, count: Int, _ options: SearchOptions,
        _ body: (_ seed: UInt64, _ text: String, _ system: Automata.System, _ full: SearchResult) throws -> Void
    ) throws -> Int {
        var compared = 0
        for seed in seeds(count) {
            var locals = LocalsProgramGenerator(seed: seed)
            let text = profile.map { ProgramGenerator(seed: seed, profile: $0).makeProgram() } ?? locals.makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: options) { $0.statesStored < 5000 }.run()
            guard full.statistics.statesStored < 5000 else { continue }
            compared += 1
            try body(seed, text, system, full)
        }
        return compared
    }
}
