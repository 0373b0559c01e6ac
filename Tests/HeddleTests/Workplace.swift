import Foundation
import TestSupport
import Testing

/// Folders of this repository.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The models that belong to these tests.
    static let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Models")

    /// The text of one of them.
    static func model(_ name: String) throws -> String {
        try String(contentsOf: models.appendingPathComponent(name), encoding: .utf8)
    }
}

/// An empty folder in which a test writes models and runs `heddle`.
struct Workplace {
    private let directory: TemporaryDirectory

    /// A folder with these files in it.
    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory(prefix: "heddle-cli")
        for (name, text) in files { try write(text, to: name) }
    }

    var url: URL { directory.url }

    /// The names of what is in the folder.
    var names: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: url.path)) }
    }

    func write(_ text: String, to name: String) throws { try write(bytes: Array(text.utf8), to: name) }

    func write(bytes: [UInt8], to name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func text(of name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(at: url.appendingPathComponent(name)) }

    /// Runs `heddle` in the folder.
    func heddle(_ arguments: String..., input: String = "") throws -> HeddleCommand.Outcome {
        try HeddleCommand.run(arguments, input: input, in: url)
    }

    /// Runs `heddle` in the folder.
    func heddle(_ arguments: [String], input: String = "") throws -> HeddleCommand.Outcome {
        try HeddleCommand.run(arguments, input: input, in: url)
    }
}

/// Takes out of an output what differs from run to run.
enum Normalized {
    /// The output with `0.00 s` for all times and `0 bytes` for all amounts of memory, and without when machine code was ready.
    static func text(_ output: String) -> String {
        output
            .replacing(#/\b\d+\.\d+ s\b/#, with: "0.00 s")
            .replacing(#/\b\d+(\.\d+)? (bytes|KiB|MiB|GiB|TiB)\b/#, with: "0 bytes")
            .replacing(#/; machine code from state [\d,]+ on/#, with: "")
            .replacing(#/"seconds" : [-+.e0-9]+/#, with: #""seconds" : 0"#)
            .replacing(#/"bytes" : \d+/#, with: #""bytes" : 0"#)
    }
}
