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
        /// All states at once, as a decision diagram.
        case diagrams
        /// Numbers of more than 16 bits are terms, and Z3 says what they can be.
        case symbolic
        /// Control and values are terms: all runs up to `--depth`, and all runs at all where an induction succeeds.
        case bounded
        /// Z3's engine for Horn clauses looks for an invariant.
        case horn
        /// All of these but `diagrams` side by side: what answers first, answers.
        case portfolio
    }

    /// What does the work.
    public var engine: Engine
    /// For the symbolic engine: numbers of at least so many bits are terms.
    public var termWidth: Int
    /// For the bounded engine: how many states in a row an induction may assume; 0 for none.
    public var induction: Int
    /// The seconds that may be given to Z3 for one question.
    public static let solverSeconds = 0.001...1_000_000
    /// Milliseconds that Z3 may think about one question; nil for as long as each engine thinks right.
    public var solverTime: Int?
    /// How to search; its properties are those of `properties`.
    public var options: SearchOptions

    public init(
        model: ModelReference, properties: [String] = [], engine: Engine = .explicit, termWidth: Int = 17, induction: Int = 0,
        solverTime: Int? = nil, options: SearchOptions = SearchOptions()
    ) {
        self.model = model
        self.engine = engine
        self.termWidth = termWidth
        self.induction = induction
        self.solverTime = solverTime
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
        /// What the bounded or the Horn engine did, and why what holds does.
        public var bounded: BoundedResult?
        /// Which engine decided what, if there were several.
        public var portfolio: Portfolio?
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
        var outcome: Outcome
        do {
            switch engine {
            case .explicit, .diagrams: outcome = Outcome(try report(of: engine, system, options, monitor))
            case .symbolic, .bounded, .horn: outcome = Outcome(try attendedReport(system, options, monitor))
            case .portfolio: outcome = try runPortfolio(system, options, monitor)
            }
        } catch {
            throw modelError(error, system)
        }
        outcome.traces = try record(outcome.result.violations, of: system)
        return outcome
    }

    /// Goes through the paths to violations once more, independently of what found them.
    /// - Returns: a trace for each.
    public func record(_ violations: [Violation], of system: System) throws(ModelError) -> [Trace] {
        let recorder = TraceRecorder(system, model: model)
        var traces: [Trace] = []
        for violation in violations {
            do {
                traces.append(
                    try recorder.record(
                        violation.path, finding: finding(violation), property: violation.property.name(in: system.program),
                        message: violation.message))
            } catch {
                throw .unsound(error)
            }
        }
        return traces
    }

    private func modelError(_ error: any Error, _ system: System) -> ModelError {
        switch error {
        case let error as UnsupportedModel: .unsupported(error, system.program.sources)
        case let error as ConcretizationError: .unsound(TraceRecordingError(step: 0, reason: "\(error)"))
        case StoreError.outOfAddressSpace(let bytes): .outOfAddressSpace(bytes: bytes)
        case let error as ModelError: error
        default: .unreadable("\(error)")
        }
    }

    private func finding(_ violation: Violation) -> Finding {
        if case .claim(let claim) = violation.property {
            return .claim(claim, loopStart: violation.loopStart, fairness: options.fairness)
        }
        return violation.fault.map { .fault($0) } ?? .invalidEndState
    }
}

extension ModelCheck.Outcome {
    init(_ report: EngineReport) {
        self.init(result: report.result, traces: [], symbolic: report.symbolic, bounded: report.bounded)
    }
}
