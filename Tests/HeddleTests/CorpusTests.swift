import Foundation
import Testing

/// The traces that are kept because they must go on to show what they show.
@Suite struct CorpusTests {
    static let traces: [String] = {
        let corpus = Repository.root.appendingPathComponent("Corpus")
        let names = FileManager.default.enumerator(atPath: corpus.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".itf.json") }.sorted().map { "Corpus/\($0)" }
    }()

    @Test func thereAreSome() { #expect(!Self.traces.isEmpty) }

    @Test(arguments: traces)
    func replays(trace: String) throws {
        let outcome = try HeddleCommand.run(["replay", trace], in: Repository.root)
        #expect(outcome.output.hasPrefix("\(trace): reproduced\n"))
        #expect(outcome.errors.isEmpty)
        #expect(outcome.exitCode == 0)
    }
}
