import Automata
import Exploration
import Promela

/// A search for a behaviour of a model of which something was observed: some of its sends and receives, in their order, and nothing
/// of what happened between them.
///
/// It is the construction of a subset automaton (Rabin and Scott, 1959) along one word: after each observation, the states in which
/// the model can be. They are symbolic; what an observation tells of their variables is known from then on, and so they stay few.
///
/// To find one behaviour not all of them are needed, so those with the most observations go first, and of these the newest. If there is
/// none, all have been searched in the end; where they take too much memory together, they are searched once more, in order, and
/// forgotten on the way.
public final class ObservedSearch {
    /// How far a search has come.
    public struct Progress: Sendable {
        /// Observations that a behaviour was found for.
        public var matched = 0
        /// Symbolic states so far.
        public var states = 0
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
    private var tables: [Int: Frontier] = [:]
    /// The most observations after which there are states that have not been searched.
    private var deepest = 0
    /// What all tables take, in bytes.
    private var byteCount = 0
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

    /// States, and those of them that have not been searched.
    private struct Frontier {
        let table: StateTable
        private(set) var count = 0
        private(set) var open: [StateTable.Node] = []
        /// Whether none of them has been searched.
        private(set) var isUntouched = true

        init(_ table: StateTable) { self.table = table }

        /// The next to be searched.
        mutating func takeNext() -> StateTable.Node? {
            isUntouched = false
            return open.popLast()
        }

        /// - Parameter makesUnions: whether two states may be made one.
        /// - Returns: whether the state is new.
        mutating func insert(_ form: NormalForm, makesUnions: Bool) -> Bool {
            // Only what has the same depth is made one.
            let isNew = table.insert(form, .initial, depth: makesUnions ? 0 : count)
            // With it, there may be unions of it and others.
            open += (count..<table.count).map(StateTable.Node.init)
            count = table.count
            return isNew
        }
    }

    private enum Order {
        case deepestFirst
        case inOrder
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
    ///   - memoryLimit: bytes that the states may take: those after one observation and the next, if they are searched in order.
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
        (self.observations, self.monitor, progress) = (observations, monitor, Progress())
        // What was searched can be gone on from only if it was all that there is after so many observations.
        if history == nil, let outcome = try run(.deepestFirst) { return outcome }
        return try run(.inOrder) ?? .stopped(after: matcher.furthest, .memory(bytes: memoryLimit))
    }

    /// - Returns: nil if the states take more memory than they may.
    private func run(_ order: Order) throws -> ObservedOutcome? {
        begin()
        while let position = next(in: order) {
            if position == observations.count { return solver.failure.map { .stopped(after: position, .solver($0)) } ?? .matched }
            // Z3 can make any of them take seconds.
            if StopSignal.isGivenHere || !monitor(progress) {
                return .stopped(after: matcher.furthest, .interrupted)
            }
            if byteCount > memoryLimit { return nil }
            try searchNext(at: position)
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

    private func begin() {
        (tables, deepest, byteCount, last) = ([:], 0, 0, (0, []))
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

    /// After how many observations to search next; nil if no state is left.
    private func next(in order: Order) -> Int? {
        switch order {
        case .deepestFirst:
            while deepest >= 0, tables[deepest]?.open.isEmpty ?? true { deepest -= 1 }
            return deepest < 0 ? nil : deepest
        case .inOrder:
            if tables[observations.count] != nil { return observations.count }
            while let position = tables.keys.min(), let frontier = tables[position] {
                if frontier.isUntouched { keepStart(at: position) }
                if !frontier.open.isEmpty { return position }
                byteCount -= frontier.table.byteCount
                tables[position] = nil
                history?.entries[position] = nil
            }
            return nil
        }
    }

    private func insert(_ form: NormalForm, at position: Int, _ origin: ObservedAncestry.Origin?) {
        byteCount -= tables[position]?.table.byteCount ?? 0
        // A union's states have not led to it alone: then nothing would be a witness.
        let isNew = tables[position, default: Frontier(StateTable(terms: normalization.terms, solver: solver))]
            .insert(form, makesUnions: history == nil)
        byteCount += tables[position]?.table.byteCount ?? 0
        deepest = max(deepest, position)
        guard isNew else { return }
        history?.ancestry.add(origin, at: position)
        if origin?.position != position { history?.entries[position, default: []].append((form, origin)) }
    }

    /// Finds what can happen in the next of the states after so many observations, and where that leads.
    private func searchNext(at position: Int) throws {
        guard let node = tables[position]?.takeNext(), let table = tables[position]?.table, !table.isDone(node) else { return }
        table.finish(node)
        matcher.position = position
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
        if position > last.position { last = (position, []) }
        if isStuck, position == last.position, last.stuck.count < 64 { last.stuck.append(state) }
        if let (reason, place) = oracle.unsupported {
            throw UnsupportedModel(needingNumber: reason, at: expansion.system.span(of: place))
        }
        progress.matched = matcher.furthest
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
