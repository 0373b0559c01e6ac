import Automata

/// What comes of looking for the successors of some states that follow each other in the store. It is stored and judged state by
/// state, in their order, so that nothing depends on who did the work, or when.
final class Expansion {
    /// What was found of one state besides its successors and faults.
    struct Parent {
        var outcome: SuccessorGenerator.Outcome
        /// Who could move, where that is kept.
        var enabled: ProcessSet
        /// What was left out of its successors.
        var omission: ReducedExpansion.Omission
    }

    /// A step that failed.
    struct FoundFault {
        /// The number of the state.
        var state: Int
        var fault: Fault
        /// The steps from the state into the fault.
        var path: [Step]
    }

    /// The numbers of the states.
    fileprivate(set) var states = 0..<0
    fileprivate(set) var parents = UncheckedList<Parent>()
    /// All successors, those of the first state first.
    let buffer = SuccessorBuffer()
    /// What was found out about a successor, seen from the states that there were then.
    struct Place {
        /// What its key would be, and the hash of that.
        var key = StateKey(low: 0, high: 0, size: 0)
        var hash: UInt64 = 0
        /// The number of the state, or one of those below.
        var number = unheardOf

        /// Some part of it never occurred in a state, so it was not stored, and has no key.
        static let unheardOf = -1
        static let unknown = -2
    }

    /// Where each successor is in the store.
    fileprivate(set) var places = UncheckedList<Place>()
    /// Who moves to each successor, where that is kept.
    fileprivate(set) var movers: [ProcessSet] = []
    fileprivate(set) var faults: [FoundFault] = []
    fileprivate(set) var truncations: [Truncation] = []

    /// Whether successors are missing: the working memory was too small.
    var isCutShort: Bool { states.contains { parents[$0 - states.lowerBound].outcome.isCutShort } }

    deinit {
        places.deallocate()
        parents.deallocate()
    }

    fileprivate func removeAll() {
        buffer.removeAll()
        movers.removeAll(keepingCapacity: true)
        faults.removeAll()
        truncations.removeAll()
    }
}

/// Looks for the successors of states, for one thread.
final class Expander {
    /// Successors that are looked up together: enough to hide the time that memory takes, few enough to stay in the nearest cache.
    private static let batchSize = 96

    private let generator: SuccessorGenerator
    private let reduced: ReducedExpansion?
    private let reader: StoreReader
    private var isCompiled = false

    /// - Parameter reduced: leaves moves out; it works with the same generator.
    init(_ generator: SuccessorGenerator, _ reduced: ReducedExpansion?, _ states: StoredStates) {
        self.generator = generator
        self.reduced = reduced
        reader = StoreReader(states)
    }

    /// Goes over to machine code, if it has not yet and can.
    func use(_ compiled: CompiledExpansion) {
        if !isCompiled { isCompiled = generator.use(compiled) }
    }

    /// Finds the successors of the first states of a range, at least of one, until there are so many that it is time to store them.
    /// - Parameters:
    ///   - isWhole: whether to go on to the end of the range.
    ///   - workingMemory: bytes that states inside atomic sequences may take.
    func expand(
        _ states: Range<Int>, in stored: StoredStates, isWhole: Bool, workingMemory: Int, into expansion: Expansion
    ) {
        expansion.removeAll()
        generator.workingMemoryLimit = workingMemory
        reader.states = stored
        let tables = reader.tables
        let buffer = expansion.buffer
        var (places, parents) = (expansion.places, expansion.parents)
        defer { (expansion.places, expansion.parents) = (places, parents) }
        var state = states.lowerBound
        generator.onFault = { [generator] fault, step in
            expansion.faults.append(
                Expansion.FoundFault(state: state, fault: fault, path: generator.path(toFaultIn: step)))
        }
        defer { generator.onFault = { _, _ in } }
        var (folded, lookedUp) = (0, 0)
        while state < states.upperBound {
            var enabled = ProcessSet()
            var omission = ReducedExpansion.Omission.nothing
            let outcome =
                reduced?.expand(state, in: reader, into: buffer, &omission)
                ?? generator.expand(reader.state(state), into: buffer)
            if generator.recordsMoves { enabled = generator.moves.enabled }
            let number = state - states.lowerBound
            parents.reserve(number + 1)
            parents[number] = Expansion.Parent(outcome: outcome, enabled: enabled, omission: omission)
            let end = buffer.count
            places.reserve(end)
            while folded < end {
                if let key = reader.key(of: buffer[folded]) {
                    let hash = key.hash
                    tables.pointee.prefetchSlot(hash)
                    places[folded] = Expansion.Place(key: key, hash: hash, number: Expansion.Place.unknown)
                } else {
                    places[folded].number = Expansion.Place.unheardOf
                }
                folded += 1
            }
            state += 1
            if end - lookedUp >= Self.batchSize {
                lookUp(lookedUp..<end, places)
                lookedUp = end
                if !isWhole { break }
            }
        }
        lookUp(lookedUp..<folded, places)
        expansion.states = states.lowerBound..<state
        expansion.movers = generator.moves.movers
        generator.forgetMoves()
        expansion.truncations = generator.takeTruncations()
    }

    /// Finds out which successors are known: first where each may be, for the memory takes its time, and then whether it is there.
    private func lookUp(_ successors: Range<Int>, _ places: UncheckedList<Expansion.Place>) {
        let tables = reader.tables
        for place in successors where places[place].number == Expansion.Place.unknown {
            if let candidate = tables.pointee.candidate(places[place].hash) { places[place].number = candidate }
        }
        for place in successors where places[place].number >= 0 && !tables.pointee.keys.matches(places[place].number, places[place].key) {
            places[place].number = tables.pointee.find(places[place].key, places[place].hash) ?? Expansion.Place.unknown
        }
    }
}
