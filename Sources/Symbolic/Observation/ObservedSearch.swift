import Automata
import Exploration
import Promela

/// A search for a behaviour of a model of which something was observed: some of its sends and receives, in their order, and nothing
/// of what happened between them.
///
/// It is the construction of a subset automaton (Rabin and Scott, 1959) along one word: after each observation, the states in which
/// the model can be. They are symbolic; what an observation tells of their variables is known from then on, and so they stay few.
public final class ObservedSearch {
    /// How far a search has come.
    public struct Progress: Sendable {
        /// Observations that a behaviour was found for.
        public var matched = 0
        /// Symbolic states so far.
        public var states = 0
        /// The most of them after one observation.
        public var largest = 0
    }

    private let observations: [Observation]
    private let memoryLimit: Int
    private let monitor: (Progress) -> Bool
    private let solver: ConstraintSolver
    private let oracle: DecisionOracle
    private let expansion: SymbolicExpansion
    private let normalization: Normalization
    private let matcher: EventMatcher
    /// The states after so many observations; only those that are still needed.
    private var tables: [Int: StateTable] = [:]
    private var last: (position: Int, stuck: [SymbolicState]) = (0, [])
    private var ancestry: ObservedAncestry?
    public private(set) var progress = Progress()

    /// A system that can be searched.
    /// - Parameter termWidth: numbers of at least so many bits are terms.
    public static func system(of program: Program, termWidth: Int = 17) throws -> System {
        try System(program, termWidth: termWidth, isObservable: true)
    }

    /// - Parameters:
    ///   - system: one that `system(of:termWidth:)` has made.
    ///   - sends: the numbers of the channels, which globals declare, on which every send is observed, but for those after the end.
    ///   - receives: the same of receives.
    ///   - keepsWitness: whether `witness` is wanted.
    ///   - memoryLimit: bytes that the states after one observation may take.
    ///   - monitor: told from time to time; false ends the search.
    public init(
        _ system: System, _ observations: [Observation], sends: Set<Int>, receives: Set<Int>, keepsWitness: Bool = false,
        memoryLimit: Int = 1 << 30, monitor: @escaping (Progress) -> Bool = { _ in true }
    ) {
        if keepsWitness { ancestry = ObservedAncestry() }
        self.observations = observations
        self.memoryLimit = memoryLimit
        self.monitor = monitor
        let terms = TermTable()
        solver = ConstraintSolver(timeLimit: 10_000)
        oracle = DecisionOracle(terms: terms, solver: solver)
        expansion = SymbolicExpansion(system, oracle)
        normalization = Normalization(terms: terms, layout: TermLayout(system))
        var watches: [Int: EventMatcher.Watch] = [:]
        for channel in sends.union(receives) {
            let type = system.layout.channelTypes[system.layout.globalChannels[channel - 1].type]
            watches[channel] = .init(sends: sends.contains(channel), receives: receives.contains(channel), fields: type.fields)
        }
        matcher = EventMatcher(observations, watches: watches, oracle: oracle)
        expansion.generator.observe(with: matcher)
    }

    /// Searches until all observations have been matched, or no behaviour is left.
    /// - Throws: `UnsupportedModel`.
    public func run() throws -> ObservedOutcome {
        let (initial, fault) = expansion.initialState()
        if fault == nil { insert(initial, at: 0, nil) }
        while let position = tables.keys.min() {
            if position == observations.count { return solver.failure.map { .stopped(after: position, .solver($0)) } ?? .matched }
            if let limit = try search(at: position) { return .stopped(after: position, limit) }
            tables[position] = nil
        }
        let state = last.position == matcher.furthest ? last.stuck.lazy.compactMap(sample).first : nil
        return .diverged(.init(matched: matcher.furthest, moves: matcher.moves, state: state))
    }

    /// The steps of a behaviour that has as many of the observations, in their order, as were found to be possible, up to the last of them.
    /// Of all such behaviours it is the one that was found first.
    public var witness: [Step] { ancestry?.steps ?? [] }

    private func insert(_ state: SymbolicState, at position: Int, _ origin: ObservedAncestry.Origin?) {
        let table: StateTable
        if let known = tables[position] {
            table = known
        } else {
            table = StateTable(terms: normalization.terms, solver: solver)
            tables[position] = table
        }
        // Two states of one depth may be made one, which neither has led to alone: then nothing would be a witness.
        let isNew = table.insert(normalization.normalize(state), .initial, depth: ancestry == nil ? 0 : table.count)
        if isNew { ancestry?.add(origin, at: position) }
    }

    /// Finds all that can happen, unobserved, after so many observations, and where that leads with the next.
    private func search(at position: Int) throws -> Limit? {
        guard let table = tables[position] else { return nil }
        matcher.position = position
        last = (position, [])
        var next = 0
        while next < table.count {
            if progress.states % 256 == 0, StopSignal.isGivenHere || !monitor(progress) { return .interrupted }
            if table.byteCount > memoryLimit { return .memory(bytes: memoryLimit) }
            let node = StateTable.Node(number: next)
            next += 1
            if table.isDone(node) { continue }
            table.finish(node)
            progress.states += 1
            let state = normalization.state(table.form(of: node))
            var isStuck = true
            expansion.onSuccessor = { [unowned self] successor in
                if successor.mark == EventMatcher.misfit { return }
                if successor.mark == 0 { isStuck = false }
                insert(
                    successor.state, at: position + successor.mark,
                    .init(position: position, node: node.number, step: successor.step))
            }
            expansion.expand(state)
            if isStuck, last.stuck.count < 64 { last.stuck.append(state) }
            if let (reason, place) = oracle.unsupported {
                throw UnsupportedModel(needingNumber: reason, at: expansion.system.span(of: place))
            }
            progress.matched = matcher.furthest
            if tables[observations.count] != nil { return nil }
        }
        progress.largest = max(progress.largest, table.count)
        return nil
    }

    /// A state with the smallest numbers that its terms can have; nil if its constraints are more than a zone.
    private func sample(_ state: SymbolicState) -> [UInt8]? {
        guard state.constraints.others.isEmpty else { return nil }
        var bytes = state.bytes
        for offset in normalization.layout.offsets(in: state.bytes) {
            let value = state.bytes.value(at: offset)
            guard value.isTerm else { continue }
            // All lower bounds together are a solution of a closed zone.
            let number = normalization.terms.expression(of: value).substituting {
                LinearExpression(state.constraints.zone.range(of: $0).lowerBound)
            }
            bytes.setValue(TermValue(bits: Int64(truncatingIfNeeded: number.constant)), at: offset)
        }
        return bytes
    }
}
