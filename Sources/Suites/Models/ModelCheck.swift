import Automata
import Exploration
import Promela
import Symbolic
import Traces

/// One model with what is to be checked of it, and how: what `heddle check` does once and a suite often.
public struct ModelCheck: Sendable {
    /// The file, and how it is read.
    public var model: ModelReference
    /// The names of what to check; those that are checked of every model if there are none.
    public var properties: [String]
    /// What does the work.
    public enum Engine: String, CaseIterable, Sendable {
        /// Every value is a number.
        case explicit
        /// Numbers of more than 16 bits are terms, and Z3 says what they can be.
        case symbolic
        /// Control and values are terms: all runs up to `--depth`, and all runs at all where an induction succeeds.
        case bounded
    }

    /// What does the work.
    public var engine: Engine
    /// For the symbolic engine: numbers of at least so many bits are terms.
    public var termWidth: Int
    /// For the bounded engine: how many states in a row an induction may assume; 0 for none.
    public var induction: Int
    /// How to search; its properties are those of `properties`.
    public var options: SearchOptions

    public init(
        model: ModelReference, properties: [String] = [], engine: Engine = .explicit, termWidth: Int = 17, induction: Int = 0,
        options: SearchOptions = SearchOptions()
    ) {
        self.model = model
        self.engine = engine
        self.termWidth = termWidth
        self.induction = induction
        self.properties = properties
        self.options = options
    }

    /// What a search found, with a trace for each violation that has been replayed.
    public struct Outcome: Sendable {
        /// Verdicts and counts.
        public var result: SearchResult
        /// One for each violation, in their order.
        public var traces: [Trace]
        /// What the symbolic engine did.
        public var symbolic: SymbolicStatistics?
        /// What the bounded engine did, and why what holds does.
        public var bounded: BoundedResult?
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
        let result: SearchResult
        var symbolic: SymbolicStatistics?
        var bounded: BoundedResult?
        do {
            switch engine {
            case .explicit: result = try Search(system, options: options, monitor: monitor).run()
            case .symbolic:
                let search = try SymbolicSearch(system.program, options: symbolicOptions(options), monitor: monitor)
                let found = try search.run()
                (result, symbolic) = (found.result, found.symbolic)
            case .bounded:
                let found = try BoundedCheck(
                    system, properties: options.properties, depth: options.depthLimit ?? 20, induction: induction
                ) { monitor(Statistics($0)) }.run()
                (result, bounded) = (SearchResult(found), found)
            }
        } catch let error as UnsupportedModel {
            throw .unsupported(error, system.program.sources)
        } catch let error as ConcretizationError {
            throw .unsound(TraceRecordingError(step: 0, reason: "\(error)"))
        } catch StoreError.outOfAddressSpace(let bytes) {
            throw .outOfAddressSpace(bytes: bytes)
        } catch {
            throw .unreadable("\(error)")
        }
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
        return Outcome(result: result, traces: traces, symbolic: symbolic, bounded: bounded)
    }

    private func symbolicOptions(_ options: SearchOptions) -> SymbolicOptions {
        var result = SymbolicOptions()
        result.properties = options.properties
        result.termWidth = termWidth
        result.depthLimit = options.depthLimit
        result.memoryLimit = options.memoryLimit
        result.violationLimit = options.violationLimit
        return result
    }

    private func finding(_ violation: Violation) -> Finding {
        if case .claim(let claim) = violation.property {
            return .claim(claim, loopStart: violation.loopStart, fairness: options.fairness)
        }
        return violation.fault.map { .fault($0) } ?? .invalidEndState
    }
}
