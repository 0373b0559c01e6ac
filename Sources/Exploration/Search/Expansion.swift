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
    fileprivate(set) var parents: [Parent] = []
    /// All successors, those of the first state first.
    let buffer = SuccessorBuffer()
    /// What was found out about a successor, seen from the states that there were then.
    enum Place {
        /// Some part of it never occurred in a state, so it was not stored.
        case unheardOf
        case unknown(StateKey)
        case known(UInt32)
    }

    /// Where each successor is in the store.
    private(set) var places: UnsafeMutablePointer<Place>
    /// Which of the states that there are the next few successors probably are.
    let candidates = Candidates()

    private var capacity = 1 << 10
    /// Who moves to each successor, where that is kept.
    fileprivate(set) var movers: [ProcessSet] = []
    fileprivate(set) var faults: [FoundFault] = []
    fileprivate(set) var truncations: [Truncation] = []

    /// Whether successors are missing: the working memory was too small.
    var isCutShort: Bool { parents.contains { $0.outcome.isCutShort } }

    init() { places = .allocate(capacity: capacity) }

    deinit {
        places.deallocate()
        candidates.deallocate()
    }

    fileprivate func makeRoom() {
        if buffer.count <= capacity { return }
        let larger = UnsafeMutablePointer<Place>.allocate(capacity: buffer.count * 2)
        larger.update(from: places, count: capacity)
        places.deallocate()
        places = larger
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

/// A few numbers of states, by the successors that are looked up next.
struct Candidates {
    private let numbers: UnsafeMutablePointer<Int?>
    private static let size = 8

    init() {
        numbers = .allocate(capacity: Self.size)
        numbers.initialize(repeating: nil, count: Self.size)
    }

    func deallocate() { numbers.deallocate() }

    @inline(__always)
    subscript(successor: Int) -> Int? {
        get { numbers[successor & (Self.size &- 1)] }
        nonmutating set { numbers[successor & (Self.size &- 1)] = newValue }
    }
}

/// Looks for the successors of states, for one thread.
final class Expander {
    /// Successors that are looked up together: enough to hide the time that memory takes, few enough to stay in the nearest cache.
    static let batchSize = 96
    /// How many successors ahead the memory of a key is asked for: fewer than there are candidates.
    static let lookahead = 6

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
    ///   - looksUp: whether to look which of them are known.
    ///   - workingMemory: bytes that states inside atomic sequences may take.
    func expand(
        _ states: Range<Int>, in stored: StoredStates, isWhole: Bool, looksUp: Bool, workingMemory: Int, into expansion: Expansion
    ) {
        expansion.removeAll()
        generator.workingMemoryLimit = workingMemory
        reader.states = stored
        let tables = reader.tables
        var state = states.lowerBound
        generator.onFault = { [generator] fault, step in
            expansion.faults.append(
                Expansion.FoundFault(state: state, fault: fault, path: generator.path(toFaultIn: step)))
        }
        defer { generator.onFault = { _, _ in } }
        var (folded, lookedUp) = (0, 0)
        while state < states.upperBound {
            var omission = ReducedExpansion.Omission.nothing
            let outcome =
                reduced?.expand(state, in: reader, into: expansion.buffer, &omission)
                ?? generator.expand(reader.state(state), into: expansion.buffer)
            expansion.parents.append(
                Expansion.Parent(outcome: outcome, enabled: generator.moves.enabled, omission: omission))
            expansion.makeRoom()
            let end = expansion.buffer.count
            while folded < end {
                if let key = reader.key(of: expansion.buffer[folded]) {
                    tables.pointee.prefetchSlot(key)
                    expansion.places[folded] = .unknown(key)
                } else {
                    expansion.places[folded] = .unheardOf
                }
                folded += 1
            }
            state += 1
            if end - lookedUp >= Self.batchSize {
                if looksUp { lookUp(lookedUp..<end, expansion) }
                lookedUp = end
                if !isWhole { break }
            }
        }
        if looksUp { lookUp(lookedUp..<folded, expansion) }
        expansion.states = states.lowerBound..<state
        expansion.movers = generator.moves.movers
        generator.forgetMoves()
        expansion.truncations = generator.takeTruncations()
    }

    private func lookUp(_ successors: Range<Int>, _ expansion: Expansion) {
        let tables = reader.tables
        let places = expansion.places
        let candidates = expansion.candidates
        var ahead = successors.lowerBound
        for number in successors {
            while ahead < min(number + Self.lookahead, successors.upperBound) {
                if case .unknown(let key) = places[ahead] { candidates[ahead] = tables.pointee.candidate(key) }
                ahead += 1
            }
            if case .unknown(let key) = places[number],
                let known = tables.pointee.find(key, candidate: candidates[number])
            {
                places[number] = .known(UInt32(truncatingIfNeeded: known))
            }
        }
    }
}
