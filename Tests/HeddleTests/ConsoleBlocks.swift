import Foundation

/// Examples of the command line in a Markdown text: fenced blocks that start with ```` ```console ````.
///
/// In a block, a line `$ heddle …` is a command, and what follows up to the next `$` or the end of the block is what it
/// prints on standard output. A line `...` stands for any number of lines. Other commands (`$ swift build`) are passed over.
struct ConsoleBlocks {
    /// A command and what it is said to print.
    struct Example: Equatable {
        /// The line of the text that the command stands on, counted from 1.
        var line: Int
        var command: String
        var expected: [String]
    }

    var examples: [Example] = []
    /// Blocks that were found.
    var blockCount = 0

    init(markdown: String) {
        var isInside = false
        var current: Example?
        func isFence(_ line: Substring) -> Bool { line.hasPrefix("```") }
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if !isInside {
                // Other fenced blocks are skipped with their ends, so that these are not taken for beginnings.
                if line.hasPrefix("```console") {
                    isInside = true
                    blockCount += 1
                }
                continue
            }
            if isFence(line) || line.hasPrefix("$ ") {
                if let example = current { examples.append(example) }
                current = nil
                if isFence(line) {
                    isInside = false
                } else if line.hasPrefix("$ heddle ") || line == "$ heddle" {
                    current = Example(line: index + 1, command: String(line.dropFirst(2)), expected: [])
                }
            } else {
                current?.expected.append(String(line))
            }
        }
        if let example = current { examples.append(example) }
    }

    /// Whether an output is what an example says, times and amounts of memory aside.
    static func matches(_ output: String, _ expected: [String]) -> Bool {
        let actual = lines(Normalized.text(output))
        let wanted = lines(expected.map(Normalized.text).joined(separator: "\n"))
        return matches(actual[...], wanted[...])
    }

    /// The lines of a text, without empty ones at its end.
    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func matches(_ actual: ArraySlice<Substring>, _ wanted: ArraySlice<Substring>) -> Bool {
        guard let first = wanted.first else { return actual.isEmpty }
        if first == "..." {
            let rest = wanted.dropFirst()
            return (actual.startIndex...actual.endIndex).contains { matches(actual[$0...], rest) }
        }
        guard let line = actual.first, line == first else { return false }
        return matches(actual.dropFirst(), wanted.dropFirst())
    }

    /// Runs an example in a folder: by a shell, so that quotes, pipes and `2>&1` mean what they mean to a reader.
    static func run(_ example: Example, in directory: URL) throws -> HeddleCommand.Outcome {
        try HeddleCommand.shell(example.command, in: directory)
    }
}
