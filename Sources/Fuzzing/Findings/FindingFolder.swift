import Foundation
import TimeTravel

/// A finding as it is kept: a folder with what it is (`finding.json`), the record of its messages (`log.jsonl`), what the clients have
/// printed (`console.txt`), and a page for people (`README.md`).
public struct FindingFolder: Sendable {
    public var finding: LiveFinding
    public var log: String
    public var console: String
    /// Markdown.
    public var explanation: String

    private enum Name { static let finding = "finding.json", log = "log.jsonl", console = "console.txt", explanation = "README.md" }

    public init(finding: LiveFinding, run: LiveRun, explanation: String) {
        self.finding = finding
        self.explanation = explanation
        (log, console) = ("", "")
        take(run)
    }

    /// Takes the log and the console of a run; the current folder's path, which says nothing to others, is left out.
    public mutating func take(_ run: LiveRun) {
        log = run.log
        console = run.console.map { $0.replacing(FileManager.default.currentDirectoryPath + "/", with: "") + "\n" }.joined()
    }

    /// A file of a finding cannot be read, or is not what it should be.
    public struct ReadError: Error, CustomStringConvertible {
        public var description: String
    }

    /// Whether there is a finding at a path.
    public static func exists(at path: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(Name.finding)") }

    /// Reads a finding; its log and its console may be missing.
    public init(at path: String) throws(ReadError) {
        let file = "\(path)/\(Name.finding)"
        do {
            finding = try JSONDecoder().decode(LiveFinding.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        } catch DecodingError.dataCorrupted(let context) {
            throw ReadError(description: "\(file): \(context.debugDescription)")
        } catch DecodingError.keyNotFound(let key, _) {
            throw ReadError(description: "\(file): there is no `\(key.stringValue)`")
        } catch DecodingError.typeMismatch(_, let context) {
            throw ReadError(description: "\(file): \(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)")
        } catch {
            throw ReadError(description: "\(file): \(error.localizedDescription)")
        }
        func text(_ name: String) -> String { (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? "" }
        log = text(Name.log)
        console = text(Name.console)
        explanation = text(Name.explanation)
    }

    /// Puts the finding in a new folder of this name, or of one with a number behind it if there is one already.
    /// - Returns: where it is.
    public func write(in parent: String, name: String) throws -> String {
        let files = FileManager.default
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        let temporary = "\(parent)/.\(UUID().uuidString).tmp"
        try files.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        defer { try? files.removeItem(atPath: temporary) }
        try writeFiles(to: temporary, all: true)
        for number in 1... {
            let path = number == 1 ? "\(parent)/\(name)" : "\(parent)/\(name)-\(number)"
            // A move never replaces anything, but somebody else may come first.
            if files.fileExists(atPath: path) { continue }
            do {
                try files.moveItem(atPath: temporary, toPath: path)
                return path
            } catch where files.fileExists(atPath: path) {}
        }
        return temporary
    }

    /// Writes anew what a run has brought; not the page, which somebody may have written.
    public func update(at path: String) throws { try writeFiles(to: path, all: false) }

    private func writeFiles(to folder: String, all: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(finding) + Data("\n".utf8)).write(to: URL(fileURLWithPath: "\(folder)/\(Name.finding)"), options: .atomic)
        let texts = [(Name.log, log), (Name.console, console)] + (all ? [(Name.explanation, explanation)] : [])
        for (name, text) in texts { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: .atomic) }
    }
}
