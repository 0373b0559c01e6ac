import Automata

/// What comes of looking for the successors of some states that follow each other in the store. It is stored and judged state by
/// state, in their order, so that nothing depends on who did the work, or when.
final class Expansion {
    /// What was found of one state besides its successors and faults.
    struct Parent {
        var outcome: SuccessorGenerator.Outcome
        /// Who could move, where that is kept.
        var enabled: ProcessSet
        /// Whether moves were left out.
        var isReduced: Bool
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
    fileprivate(set) var parents: [Parent] = []
    /// All successors, those of the first state first.
    let buffer = SuccessorBuffer()
    /// The hash of each successor, and its number if it was known already then; `StateStore.noParent` if it was not.
    private(set) var origins: UnsafeMutablePointer<(hash: UInt64, known: UInt32)>
    private var capacity = 1 << 10
    /// Who moves to each successor, where that is kept.
    fileprivate(set) var movers: [ProcessSet] = []
    fileprivate(set) var faults: [FoundFault] = []
    fileprivate(set) var truncations: [Truncation] = []

    /// Whether successors are missing: the working memory was too small.
    var isCutShort: Bool { parents.contains { $0.outcome.isCutShort } }

    init() { origins = .allocate(capacity: capacity) }

    deinit { origins.deallocate() }

    fileprivate func makeRoom() {
        if buffer.count <= capacity { return }
        let larger = UnsafeMutablePointer<(hash: UInt64, known: UInt32)>.allocate(capacity: buffer.count * 2)
        larger.update(from: origins, count: capacity)
        origins.deallocate()
        origins = larger
        capacity = buffer.count * 2
    }

    fileprivate func removeAll() {
        parents.removeAll(keepingCapacity: true)
        buffer.removeAll()
        movers.removeAll(keepingCapacity: true)
        faults.removeAll()
        truncations.removeAll()
    }
}

/// Looks for the successors of states, for one thread.
final class Expander {
    /// Successors that are looked up together: enough to hide the time that memory takes, few enough to stay in the nearest cache.
    static let batchSize = 96
    /// How many successors ahead the memory of a known state is asked for.
    static let lookahead = 6

    private let generator: SuccessorGenerator
    private let reduced: ReducedExpansion?
    private var isCompiled = false

    /// - Parameter reduced: leaves moves out; it works with the same generator.
    init(_ generator: SuccessorGenerator, _ reduced: ReducedExpansion?) {
        self.generator = generator
        self.reduced = reduced
    }

    /// Goes over to machine code, if it has not yet and can.
    func use(_ compiled: CompiledExpansion) {
        if !isCompiled { isCompiled = generator.use(compiled) }
    }

    /// Finds the successors of the first states of a range, at least of one, until there are so many that it is time to store them.
    /// - Parameters:
    ///   - isWhole: whether to go on to the end of the range.
    ///   - looksUp: whether to look which of them are known.
    ///   - workingMemory: bytes that states inside atomic sequences may take.
    func expand(
        _ states: Range<Int>, in view: StateStore.View, isWhole: Bool, looksUp: Bool, workingMemory: Int, into expansion: Expansion
    ) {
        expansion.removeAll()
        generator.workingMemoryLimit = workingMemory
        var state = states.lowerBound
        generator.onFault = { [generator] fault, step in
            expansion.faults.append(
                Expansion.FoundFault(state: state, fault: fault, path: generator.path(toFaultIn: step)))
        }
        defer { generator.onFault = { _, _ in } }
        var (hashed, lookedUp) = (0, 0)
        while state < states.upperBound {
            var isReduced = false
            let outcome =
                reduced?.expand(state, in: view, into: expansion.buffer, &isReduced)
                ?? generator.expand(view.state(state), into: expansion.buffer)
            expansion.parents.append(
                Expansion.Parent(outcome: outcome, enabled: generator.moves.enabled, isReduced: isReduced))
            expansion.makeRoom()
            let end = expansion.buffer.count
            while hashed < end {
                let hash = StateStore.hash(expansion.buffer[hashed])
                view.prefetchSlot(hash)
                expansion.origins[hashed] = (hash, StateStore.noParent)
                hashed += 1
            }
            state += 1
            if end - lookedUp >= Self.batchSize {
                if looksUp { lookUp(lookedUp..<end, in: view, expansion) }
                lookedUp = end
                if !isWhole { break }
            }
        }
        if looksUp { lookUp(lookedUp..<hashed, in: view, expansion) }
        expansion.states = states.lowerBound..<state
        expansion.movers = generator.moves.movers
        generator.forgetMoves()
        expansion.truncations = generator.takeTruncations()
    }

    private func lookUp(_ successors: Range<Int>, in view: StateStore.View, _ expansion: Expansion) {
        let origins = expansion.origins
        var ahead = successors.lowerBound
        for number in successors {
            while ahead < min(number + Self.lookahead, successors.upperBound) {
                view.prefetchState(origins[ahead].hash)
                ahead += 1
            }
            if let known = view.find(expansion.buffer[number], origins[number].hash) {
                origins[number].known = UInt32(truncatingIfNeeded: known)
            }
        }
    }
}
