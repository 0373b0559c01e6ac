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

    private var observations: [Observation] = []
    private let memoryLimit: Int
    private var monitor: (Progress) -> Bool = { _ in true }
    private let solver: ConstraintSolver
    private let oracle: DecisionOracle
    private let expansion: SymbolicExpansion
    private let normalization: Normalization
    private let matcher: EventMatcher
    /// The states after so many observations; only those that are still needed.
    private var tables: [Int: StateTable] = [:]
    private var last: (position: Int, stuck: [SymbolicState]) = (0, [])
    private var history: History?
    public private(set) var progress = Progress()

    /// What is needed for witnesses, and for searches that begin as others did.
    private struct History {
        var ancestry = ObservedAncestry()
        var prefixes = ObservedPrefixes()
        /// States of `tables` that come from other tables.
        var entries: [Int: [(form: NormalForm, origin: ObservedAncestry.Origin?)]] = [:]
    }

    /// A system that can be searched.
    /// - Parameter termWidth: numbers of at least so many bits are terms.
    public static func system(of program: Program, termWidth: Int = 17) throws -> System {
        try System(program, termWidth: termWidth, isObservable: true)
    }

    /// - Parameters:
    ///   - system: one that `system(of:termWidth:)` has made.
    ///   - sends: the numbers of the channels, which globals declare, on which every send is observed, but for those after the end.
    ///   - receives: the same of receives.
    ///   - keepsHistory: whether `witness` is wanted, and searches that begin as earlier ones did go on from where these differ.
    ///   - memoryLimit: bytes that the states after one observation may take.
    public init(_ system: System, sends: Set<Int>, receives: Set<Int>, keepsHistory: Bool = false, memoryLimit: Int = 1 << 30) {
        if keepsHistory { history = History() }
        self.memoryLimit = memoryLimit
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
        matcher = EventMatcher(watches: watches, oracle: oracle)
        expansion.generator.observe(with: matcher)
    }

    /// Searches until all observations have been matched, or no behaviour is left.
    /// - Parameter monitor: told from time to time; false ends the search.
    /// - Throws: `UnsupportedModel`.
    public func run(_ observations: [Observation], monitor: @escaping (Progress) -> Bool = { _ in true }) throws -> ObservedOutcome {
        begin(observations, monitor)
        while let position = tables.keys.min() {
            if position == observations.count { return solver.failure.map { .stopped(after: position, .solver($0)) } ?? .matched }
            keepStart(at: position)
            if let limit = try search(at: position) { return .stopped(after: position, limit) }
            tables[position] = nil
            history?.entries[position] = nil
        }
        let state = last.position == matcher.furthest ? last.stuck.lazy.compactMap(sample).first : nil
        // A step that had the last of them may have been impossible to do to its end.
        let matched = max(0, min(matcher.furthest, observations.count - 1))
        return .diverged(.init(matched: matched, moves: matcher.moves, state: state))
    }

    /// The steps of a behaviour that has as many of the observations, in their order, as were found to be possible, up to the last of them.
    /// Of all such behaviours it is the one that was found first.
    public var witness: [Step] { history?.ancestry.steps ?? [] }

    /// Whether a new one should take the place of this one: it has grown too large, or could not decide a question.
    public var isSpent: Bool {
        solver.failure != nil || normalization.terms.byteCount > Self.largest || (history?.prefixes.stateCount ?? 0) * Self.stateSize > Self.largest
    }

    /// Bytes that terms, and states that are kept, may take.
    private static let largest = 1 << 28
    /// Bytes that a state takes, about.
    private static let stateSize = 1 << 10

    private func begin(_ observations: [Observation], _ monitor: @escaping (Progress) -> Bool) {
        (self.observations, self.monitor) = (observations, monitor)
        (tables, progress, last) = ([:], Progress(), (0, []))
        history?.entries = [:]
        guard let start = history?.prefixes.begin(observations) else {
            matcher.begin(observations, furthest: 0, looked: 0)
            history?.ancestry = ObservedAncestry()
            let (initial, fault) = expansion.initialState()
            if fault == nil { insert(normalization.normalize(initial), at: 0, nil) }
            return
        }
        matcher.begin(observations, furthest: start.furthest, looked: start.looked)
        history?.ancestry = start.ancestry
        for position in start.pending.keys.sorted() {
            for entry in start.pending[position] ?? [] { insert(entry.form, at: position, entry.origin) }
        }
        progress.matched = start.furthest
    }

    /// Keeps what a search needs that begins in the same way. Where all has been matched, tables may lack what was not looked for any more.
    private func keepStart(at position: Int) {
        let count = max(position, matcher.looked)
        guard let known = history, count <= observations.count, tables[observations.count] == nil,
            !known.prefixes.hasStart(dependingOn: count)
        else { return }
        let start = ObservedPrefixes.Start(
            position: position, pending: known.entries, ancestry: known.ancestry.before(position), furthest: matcher.furthest,
            looked: matcher.looked)
        history?.prefixes.add(start, dependingOn: count)
    }

    private func insert(_ form: NormalForm, at position: Int, _ origin: ObservedAncestry.Origin?) {
        let table: StateTable
        if let known = tables[position] {
            table = known
        } else {
            table = StateTable(terms: normalization.terms, solver: solver)
            tables[position] = table
        }
        // Two states of one depth may be made one, which neither has led to alone: then nothing would be a witness.
        guard table.insert(form, .initial, depth: history == nil ? 0 : table.count) else { return }
        history?.ancestry.add(origin, at: position)
        if origin?.position != position { history?.entries[position, default: []].append((form, origin)) }
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
                    normalization.normalize(successor.state), at: position + successor.mark,
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
