import Automata
import Promela
import Symbolic
import Synchronization

/// Follows logs in a model: finds behaviours of it that begin as they do, and what these take of it.
///
/// Several threads may do so at a time.
public struct ModelFollower: Sendable {
    /// What a log and a model have in common.
    public struct Path: Sendable {
        /// So many events, of those that the model has, are the beginning of a behaviour.
        public var matched: Int
        /// Whether that is all of the log.
        public var isWhole: Bool
        /// Whether the limit was reached before it was known how much that is.
        public var isStopped: Bool
        /// One such behaviour, up to the last of those events; where values are not known, they are not said.
        public var steps: [Step]

        /// The transitions that it takes: indices into `System.transitions`.
        public var transitions: Set<Int> { Set(steps.map(\.transition) + steps.compactMap(\.receiver?.transition)) }
    }

    /// The model, as logs are followed in it.
    public let system: System
    private let rules: ObservationRules
    private let searches = Searches()

    /// Searches that nobody uses at the moment: what they know of beginnings that many logs have is of use to the next one.
    private final class Searches: Sendable {
        /// One thread uses it at a time; it may be another one later, so it can be sent.
        struct Idle: @unchecked Sendable { var search: ObservedSearch }

        let idle = Mutex<[Idle]>([])
    }

    /// - Throws: `ConformanceError` if the model does not say which of its messages are which events, or `SystemError` if no system can
    ///   be built of it.
    public init(_ program: Program) throws {
        system = try ObservedSearch.system(of: program)
        rules = try ObservationRules(in: program.sources)
    }

    /// Follows a log, up to what the model cannot do or has no words for.
    /// - Parameter limit: how many sets of states to look at; what was found by then counts.
    /// - Throws: `ConformanceError` if the log is none, or `UnsupportedModel`.
    public func follow(_ log: EventLog, limit: Int = .max) throws -> Path {
        let translation = try LogTranslation(log, rules: rules, system: system, isPrefix: true)
        let search =
            searches.idle.withLock { $0.popLast() }?.search
            ?? ObservedSearch(system, sends: translation.sends, receives: translation.receives, keepsHistory: true)
        let outcome = try search.run(translation.events.map(\.observation)) { $0.states < limit }
        var path = Path(matched: search.progress.matched, isWhole: false, isStopped: false, steps: search.witness)
        switch outcome {
        case .matched: path.isWhole = !translation.isCut
        case .diverged: break
        case .stopped: path.isStopped = true
        }
        if !search.isSpent { searches.idle.withLock { $0.append(.init(search: search)) } }
        return path
    }
}
