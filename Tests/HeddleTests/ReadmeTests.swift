import Foundation
import Testing

/// The README tells the truth.
@Suite struct ReadmeTests {
    private static func text() throws -> String {
        try String(contentsOf: Repository.root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    @Test func everyExamplePrintsWhatItSays() throws {
        let blocks = ConsoleBlocks(markdown: try Self.text())
        #expect(blocks.blockCount > 0)
        #expect(!blocks.examples.isEmpty)
        let before = try Self.contents()
        for example in blocks.examples {
            let outcome = try ConsoleBlocks.run(example, in: Repository.root)
            #expect(
                ConsoleBlocks.matches(outcome.output, example.expected),
                "README.md:\(example.line): \(example.command) prints\n\(outcome.output)\(outcome.errors)")
        }
        // An example that leaves a file behind would fail when it is run again.
        #expect(try Self.contents() == before)
    }

    private static func contents() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: Repository.root.path))
    }

    @Test(arguments: ["README.md", "Models/README.md"]) func everyLinkLeadsToAFile(name: String) throws {
        let file = Repository.root.appendingPathComponent(name)
        let links = try String(contentsOf: file, encoding: .utf8).matches(of: #/\]\((?!https:)([^)#]+)\)/#).map { String($0.output.1) }
        #expect(!links.isEmpty)
        for link in links {
            let target = file.deletingLastPathComponent().appendingPathComponent(link).standardizedFileURL.path
            #expect(FileManager.default.fileExists(atPath: target), "\(name): \(link)")
        }
    }

    @Test(arguments: ["check", "test", "simulate", "replay", "show", "explain", "calendar", "conform", "fuzz"])
    func theTableOfCommandsNames(command: String) throws {
        let rows = try Self.text().split(separator: "\n").filter { $0.hasPrefix("|") }
        let cells = rows.compactMap { $0.split(separator: "|").first?.trimmingCharacters(in: .whitespaces) }
        #expect(cells.contains { $0.split(whereSeparator: { " `[]()".contains($0) }).contains { $0 == command } })
    }
}
