import Automata
import Explanations
import Exploration
import Foundation
import Promela

/// Everything that Heddle has to say of an example.
struct Findings {
    var codes: Set<DiagnosticCode>
    var messages: [String]
    var system: Automata.System?

    init(_ example: Explanation.Example) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in example.files {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        let result = ModelReader.read(text: example.text, path: folder.appendingPathComponent("model.pml").path)
        var diagnostics = result.diagnostics
        if let program = result.program {
            do {
                system = try System(program, tracing: program.traceAssertions.isEmpty ? nil : 0)
            } catch let error as SystemError {
                diagnostics.append(error.diagnostic)
            }
        }
        codes = Set(diagnostics.map(\.code))
        messages = diagnostics.map(\.message)
    }

    /// What a search of the model finds, if it looks for violations of one property besides those that are always checked, or
    /// of the usual ones; nil if the model cannot be run.
    func search(for property: Property? = nil, fairness: Fairness = .none) throws -> SearchResult? {
        let options = SearchOptions(
            properties: property.map { [$0] }, fairness: fairness, memoryLimit: 1 << 28, violationLimit: .max)
        return try system.map { try Search($0, options: options).run() }
    }
}
