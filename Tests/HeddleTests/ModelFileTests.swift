import Foundation
import Testing

/// A model of `Models/`, and what its first lines say about it:
///
///     // expect: violated end-states
///     // options: --depth 3
///     // says: a part of what is printed
struct ModelFile: Sendable, CustomTestStringConvertible {
    var name: String
    var verdict: String
    /// The property that is expected to be violated.
    var property: String?
    var options: [String]
    var says: [String]

    var testDescription: String { name }

    init?(_ url: URL) {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        func values(_ key: String) -> [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("// \(key): ") }
                .map { String($0.dropFirst("// \(key): ".count)) }
        }
        let expected = values("expect").first?.split(separator: " ").map(String.init) ?? []
        guard let verdict = expected.first else { return nil }
        name = url.lastPathComponent
        self.verdict = verdict
        property = expected.dropFirst().first
        options = values("options").flatMap { $0.split(separator: " ").map(String.init) }
        says = values("says")
    }

    var exitCode: Int32? { ["holds": 0, "violated": 1, "inconclusive": 3][verdict] }

    static let all: [ModelFile] = {
        let files = try? FileManager.default.contentsOfDirectory(at: Repository.models, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }.compactMap(ModelFile.init)
    }()
}

/// `heddle check` on whole models, each with the expected verdict in its first lines.
@Suite struct ModelFileTests {
    @Test func everyModelSaysWhatIsExpected() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.models.path)
        #expect(Set(ModelFile.all.map(\.name)) == Set(names))
    }

    @Test(arguments: ["assertions", "end-states", "array-bounds", "division-by-zero", "execution"])
    func everyPropertyIsViolatedSomewhere(property: String) {
        #expect(ModelFile.all.contains { $0.property == property })
    }

    @Test(arguments: ModelFile.all)
    func theVerdictIsTheExpectedOne(model: ModelFile) throws {
        let outcome = try HeddleCommand.run(["check"] + model.options + [model.name], in: Repository.models)
        #expect(outcome.exitCode == model.exitCode)
        #expect(outcome.output.hasPrefix("\(model.name): \(model.verdict)"))
        #expect(outcome.errors.isEmpty)
        for part in model.says { #expect(outcome.output.contains(part)) }
        let violated = outcome.output.split(separator: "\n")
            .filter { $0.wholeMatch(of: #/  \S+ +violated/#) != nil }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(violated == (model.property.map { [$0] } ?? []))
    }

    @Test(arguments: ["counter-holds.pml", "assertion-violated.pml", "too-deep-inconclusive.pml"])
    func quietPrintsTheVerdictAlone(name: String) throws {
        let model = try #require(ModelFile.all.first { $0.name == name })
        let outcome = try HeddleCommand.run(["check", "--quiet"] + model.options + [model.name], in: Repository.models)
        #expect(outcome.exitCode == model.exitCode)
        #expect(outcome.output.hasPrefix("\(model.name): \(model.verdict)"))
        #expect(outcome.output.count(where: { $0 == "\n" }) == 1)
        #expect(outcome.errors.isEmpty)
    }
}
