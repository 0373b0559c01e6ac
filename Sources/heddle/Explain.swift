import ArgumentParser
import Explanations
import Foundation
import Terminal

/// `heddle explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a diagnostic code, a property or a verdict, with a small model that shows it.",
        discussion: """
            Without a name, all of them are listed.

            Exit codes: 0 explained, 2 there is no such name.
            """)

    @Argument(help: "A code such as channel-arity, a property such as end-states, or a verdict such as inconclusive.")
    var name: String?

    func run() throws {
        guard let name else {
            print(ExplanationText.list(), terminator: "")
            return
        }
        let explanations = Catalogue.explanations(of: name)
        guard !explanations.isEmpty else {
            let near = Catalogue.names(like: name).map { "`\($0)`" }
            throw UserError(
                "there is nothing called `\(name)` to explain",
                hint: near.isEmpty
                    ? "`heddle explain` lists everything" : "did you mean \(near.joined(separator: " or "))?")
        }
        let texts = explanations.map { ExplanationText.text(of: $0, columns: min(StandardOutput.columns, 100)) }
        print(texts.joined(separator: "\n"), terminator: "")
    }
}

/// Explanations as they are printed.
enum ExplanationText {
    /// One line each, in sections.
    static func list() -> String {
        let width = Catalogue.sections.flatMap(\.explanations).map(\.name.count).max() ?? 0
        return Catalogue.sections.map { section in
            "\(section.title)\n"
                + section.explanations.map { explanation in
                    "  \(explanation.name.padding(toLength: width, withPad: " ", startingAt: 0))  \(explanation.summary)\n"
                }.joined()
        }.joined(separator: "\n")
    }

    static func text(of explanation: Explanation, columns: Int) -> String {
        var result = "\(explanation.name): \(explanation.summary)\n\n"
        for paragraph in explanation.text.components(separatedBy: "\n\n") { result += wrapped(paragraph, columns) + "\n\n" }
        for (title, example) in [("For example:", explanation.example), ("Without it:", explanation.mended)] {
            guard let example else { continue }
            result += "\(title)\n\n\(indented(example.abridged ?? example.text))\n\n"
            for name in example.files.keys.sorted() where example.abridged == nil {
                result += "with \(name):\n\n\(indented(example.files[name] ?? ""))\n\n"
            }
        }
        result.removeLast()
        return result
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    }

    private static func wrapped(_ paragraph: String, _ columns: Int) -> String {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
