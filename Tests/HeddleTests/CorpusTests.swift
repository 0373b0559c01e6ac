import Foundation
import Suites
import Testing
import Traces

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

    /// Two or three sentences, which `replay` tells with the outcome.
    @Test(arguments: traces)
    func tellsAStory(trace: String) throws {
        let story = try TraceFile.read(at: Repository.root.appendingPathComponent(trace).path).story
        #expect((2...3).contains(story.count))
        for sentence in story {
            // Or the name of a function.
            #expect(sentence.contains(#/^([A-Z]|[a-z]+_\w+\()/#), "\(sentence)")
            #expect(sentence.hasSuffix(".") || sentence.hasSuffix(".\""), "\(sentence)")
        }
    }

    /// The suite compares a trace that a check names with the shortest one that it finds, so none may be left out.
    @Test func isWhatTheSuiteNames() throws {
        let root = Repository.root.standardizedFileURL.path + "/"
        let suite = try Suite(fileAt: root + "Models/suite.yaml")
        let named = suite.checks.compactMap { check -> String? in
            guard let trace = check.trace else { return nil }
            #expect(check.expectation == .violated, "\(check.title)")
            return trace.hasPrefix(root) ? String(trace.dropFirst(root.count)) : trace
        }
        #expect(Set(named) == Set(Self.traces))
        #expect(named.count == Set(named).count)
    }
}

/// Findings about real clients, without any.
@Suite struct LiveCorpusTests {
    static let findings = ["late-joiner", "run-inside-get", "newcomer-starved", "run-in-sigio", "message-in-two-pieces"]

    @Test(arguments: findings) func isShownBesideItsModel(name: String) throws {
        let outcome = try HeddleCommand.run(["show", "Corpus/live/\(name)"], in: Repository.root)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasPrefix("# "))
        #expect(outcome.output.contains("1 ─▶ START 1"))
        let isModelled = name != "message-in-two-pieces"
        #expect(outcome.output.contains("┿ 1 ◀─") == isModelled)
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test func needsACommand() throws {
        let outcome = try HeddleCommand.run(["replay", "Corpus/live/late-joiner"], in: Repository.root)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("there is no command") && outcome.errors.contains("-- <command>"))
    }

    @Test func isNotReproducedByAnyProgram() throws {
        let outcome = try HeddleCommand.run(["replay", "--quiet", "--times", "2", "Corpus/live/late-joiner", "--", "true"], in: Repository.root)
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.hasPrefix("Corpus/live/late-joiner: not reproduced: at line 4 of the script, `start 1`: client 1 ended"))
    }

    @Test func aWrongFileIsShown() throws {
        let place = try Workplace(["finding.json": "{}"])
        let outcome = try place.heddle("replay", ".", "--", "true")
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("./finding.json: there is no `format`"))
    }
}
