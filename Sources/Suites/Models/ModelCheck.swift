import Automata
import Exploration
import Promela
import Traces

/// One model with what is to be checked of it, and how: what `heddle check` does once and a suite often.
public struct ModelCheck: Sendable {
    /// The file, and how it is read.
    public var model: ModelReference
    /// The names of what to check; those that are checked of every model if there are none.
    public var properties: [String]
    /// How to search; its properties are those of `properties`.
    public var options: SearchOptions

    public init(model: ModelReference, properties: [String] = [], options: SearchOptions = SearchOptions()) {
        self.model = model
        self.properties = properties
        self.options = options
    }

    /// What a search found, with a trace for each violation that has been replayed.
    public struct Outcome: Sendable {
        /// Verdicts and counts.
        public var result: SearchResult
        /// One for each violation, in their order.
        public var traces: [Trace]
    }

    /// The properties that were asked for by their names; nil for the usual ones.
    public func properties(of program: Program) throws(ModelError) -> Set<Property>? {
        do {
            return try Property.named(properties, in: program, givenFormulas: model.formulas.count)
        } catch {
            throw .unknownProperty(error)
        }
    }

    /// Reads the model.
    public func load() throws(ModelError) -> LoadedModel {
        try LoadedModel(model) { (program) throws(ModelError) in try properties(of: program)?.contains(.trace) ?? true }
    }

    /// Searches the model, and records the violations.
    /// - Parameter monitor: called from time to time; returns false to end the search.
    public func run(_ system: System, monitor: @escaping Search.Monitor) throws(ModelError) -> Outcome {
        var options = options
        options.properties = try properties(of: system.program)
        let search: Search
        do {
            search = try Search(system, options: options, monitor: monitor)
        } catch StoreError.outOfAddressSpace(let bytes) {
            throw .outOfAddressSpace(bytes: bytes)
        } catch {
            throw .unreadable("\(error)")
        }
        let result = search.run()
        let recorder = TraceRecorder(system, model: model)
        var traces: [Trace] = []
        for violation in result.violations {
            do {
                traces.append(
                    try recorder.record(
                        violation.path, finding: finding(violation), property: violation.property.name(in: system.program),
                        message: violation.message))
            } catch {
                throw .unsound(error)
            }
        }
        return Outcome(result: result, traces: traces)
    }

    private func finding(_ violation: Violation) -> Finding {
        if case .claim(let claim) = violation.property {
            return .claim(claim, loopStart: violation.loopStart, fairness: options.fairness)
        }
        return violation.fault.map { .fault($0) } ?? .invalidEndState
    }
}
