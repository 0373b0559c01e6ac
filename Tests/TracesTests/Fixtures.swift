import Automata
import Exploration
import Promela
import Testing

@testable import Traces

/// A model in memory, searched, with the first violation recorded.
struct Fixture {
    var system: System
    var trace: Trace

    init(_ text: String, path: String = "models/a.pml", properties: Set<Property>? = nil) throws {
        system = try Self.system(text, path: path)
        let search = try Search(system, options: SearchOptions(properties: properties))
        let violation = try #require(search.run().violations.first)
        trace = try Self.record(violation, in: system, path: path)
    }

    static func system(_ text: String, path: String = "models/a.pml") throws -> System {
        let result = ModelReader.read(text: text, path: path)
        let errors = result.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.map(\.message))")
        return try System(try #require(result.program))
    }

    static func record(_ violation: Violation, in system: System, path: String) throws -> Trace {
        try TraceRecorder(system, model: ModelReference(path: path)).record(
            violation.path, finding: violation.fault.map { .fault($0) } ?? .invalidEndState,
            property: violation.property.name(in: system.program), message: violation.message)
    }
}
