import ArgumentParser
import Automata
import Exploration
import Foundation
import Promela

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Explore every interleaving of a model, and say what holds.")
    @OptionGroup var model: ModelOptions
    @Option var allViolations = 1
    @Option var search: SearchOptions.Order = .breadth
    mutating func run() throws {
        let system = try model.load()
        let search = try Search(system, options: SearchOptions(order: search, memoryLimit: 4 << 30, violationLimit: allViolations))
        let r = search.run()
        for v in r.verdicts { print(v.property.rawValue, v.verdict) }
        for v in r.violations { print(v.property, v.message, v.path.count) 
            for s in v.path { print(s.pid, system.program.sources.location(of: system.transitions[s.transition].span).line, system.program.sources.text(of: system.transitions[s.transition].span), s.receiver.map { "-> \($0.pid)" } ?? "") } }
        print(r.statistics, r.truncations.map(\.name))
    }
}
extension SearchOptions.Order: ExpressibleByArgument {}
struct Simulate: ParsableCommand {}
struct Replay: ParsableCommand {}
struct Show: ParsableCommand {}
