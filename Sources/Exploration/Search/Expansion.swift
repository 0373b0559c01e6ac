import Automata
import CExpansion
import CStatePacking

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

    // One thread at a time has all of it, and nothing is handed to others while it changes.

    /// The numbers of the states.
    @exclusivity(unchecked) fileprivate(set) var states = 0..<0
    @exclusivity(unchecked) fileprivate var parents = UncheckedList<Parent>()
    /// What machine code has found of each state; for others, `parents` says it.
    @exclusivity(unchecked) fileprivate(set) var passed = UncheckedList<PassedState>()
    /// What was found out about each successor, those of the first state first, seen from the states that there were then.
    @exclusivity(unchecked) fileprivate(set) var places = UncheckedList<SuccessorPlace>()

    /// What `passed` says of a state that was left to others.
    static let notPassed: Int32 = -1

    /// In place of the number of a successor: it has no key, for it has a part that never occurred in a state. So it was not stored.
    static let unheardOf = -1
    /// It has a key, and was not stored.
    static let unknown = -2

    /// What sleeps in each successor; nothing, unless `hasSleepers`.
    @exclusivity(unchecked) fileprivate var asleep = UncheckedList<SleepMask>()
    @exclusivity(unchecked) fileprivate(set) var hasSleepers = false

    /// What sleeps in the successors, by their numbers; nil if nothing is to.
    var asleepMasks: UnsafePointer<SleepMask>? { hasSleepers ? UnsafePointer(asleep.start) : nil }

    /// What sleeps in a successor.
    @inline(__always)
    func asleep(_ successor: Int) -> SleepMask { hasSleepers ? asleep[successor] : SleepMask() }

    /// Who moves to a successor, where that is kept.
    @inline(__always)
    func movers(_ successor: Int) -> ProcessSet {
        let bits = movers[successor]
        return bits != 0 ? ProcessSet(bits: bits) : otherMovers[successor] ?? ProcessSet()
    }

    /// Whether all successors of states that were passed have keys.
    @exclusivity(unchecked) fileprivate(set) var isPlain = true

    /// How keys are packed, and which form of the store they are for.
    @exclusivity(unchecked) fileprivate var packing: StatePacking?
    @exclusivity(unchecked) fileprivate(set) var form = 0
    /// The key of each successor, where states are trees; and where they are packed.
    @exclusivity(unchecked) fileprivate(set) var treeKeys = UncheckedList<StateKey>()
    @exclusivity(unchecked) fileprivate(set) var packedKeys = UncheckedList<UInt64>()
    @exclusivity(unchecked) fileprivate var keyWords = 0
    /// The bytes of all successors; where states are packed, those without a key only, in whose places their numbers in the buffer
    /// stand for the hash.
    fileprivate let buffer = SuccessorBuffer()
    /// Room for a state.
    @exclusivity(unchecked) private var unpacked = UncheckedList<UInt64>()

    /// Who moves to each successor, where that is kept: pids as bits; or 0, for sets with other pids, which are kept apart.
    @exclusivity(unchecked) fileprivate var movers = UncheckedList<UInt64>()
    @exclusivity(unchecked) fileprivate var otherMovers: [Int: ProcessSet] = [:]
    fileprivate(set) var faults: [FoundFault] = []
    fileprivate(set) var truncations: [Truncation] = []

    /// Whether successors are missing: the working memory was too small.
    @exclusivity(unchecked) fileprivate(set) var isCutShort = false

    /// What was found of a state.
    func parent(_ state: Int) -> Parent {
        let number = state - states.lowerBound
        let passed = passed[number]
        if passed.result == Expansion.notPassed { return parents[number] }
        let outcome = SuccessorGenerator.Outcome(successorCount: Int(passed.successorCount), result: Int(passed.result))
        return Parent(outcome: outcome, enabled: ProcessSet(bits: passed.enabled), omission: .nothing)
    }

    deinit {
        places.deallocate()
        treeKeys.deallocate()
        packedKeys.deallocate()
        parents.deallocate()
        passed.deallocate()
        asleep.deallocate()
        movers.deallocate()
        unpacked.deallocate()
    }

    /// Whether keys are packed.
    var isPacked: Bool { packing != nil }

    /// The packed key of a successor that has one.
    @inline(__always)
    func packedKey(_ successor: Int) -> UnsafePointer<UInt64> { UnsafePointer(packedKeys.start + successor &* keyWords) }

    /// The bytes of a successor; they are valid until those of another one are asked for.
    func state(_ successor: Int) -> UnsafeRawBufferPointer {
        guard let packing else { return buffer[successor] }
        let place = places[successor]
        if place.number == Self.unheardOf { return buffer[Int(truncatingIfNeeded: place.hash)] }
        unpacked.reserve(packing.stateWords)
        let size = unpackState(packing.packing, packedKey(successor), unpacked.start)
        return UnsafeRawBufferPointer(start: unpacked.start, count: Int(truncatingIfNeeded: size))
    }

    /// Keeps the bytes of a successor that cannot be packed.
    /// - Returns: its number in the buffer.
    fileprivate func keep(_ state: UnsafeRawBufferPointer) -> Int {
        isPlain = false
        buffer.append(state)
        return buffer.count - 1
    }

    fileprivate func removeAll() {
        buffer.removeAll()
        (isPlain, isCutShort) = (true, false)
        if !otherMovers.isEmpty { otherMovers.removeAll() }
        faults.removeAll()
        truncations.removeAll()
    }
}

/// Looks for the successors of states, for one thread.
final class Expander {
    /// Successors that are looked up together: enough to hide the time that memory takes, few enough to stay in the nearest cache.
    private static let batchSize = 320
    /// Successors of one state that machine code can pack.
    private static let passLimit = 4096

    private let generator: SuccessorGenerator
    private let reduced: ReducedExpansion?
    private let reader: StoreReader
    /// Where machine code makes a successor, and a state of which it does.
    private let made: UnsafeMutablePointer<UInt8>
    private let unpacked: UnsafeMutablePointer<UInt64>
    /// Where the generator makes the successors of a state, if they are packed then.
    private let successors = SuccessorBuffer()

    /// - Parameter reduced: leaves moves out; it works with the same generator.
    init(_ generator: SuccessorGenerator, _ reduced: ReducedExpansion?, _ states: StoredStates) {
        self.generator = generator
        self.reduced = reduced
        reader = StoreReader(states)
        made = .allocate(capacity: generator.stateRoom)
        unpacked = .allocate(capacity: (generator.stateRoom + 7) / 8)
    }

    deinit {
        made.deallocate()
        unpacked.deallocate()
    }

    /// Goes over to machine code, if it has not yet and can.
    func use(_ compiled: CompiledExpansion) {
        if !generator.isCompiled { _ = generator.use(compiled) }
    }

    /// Finds the successors of the first states of a range, at least of one, until there are so many that it is time to store them.
    /// - Parameters:
    ///   - sleepers: what sleeps in the states; nil if nothing is to.
    ///   - isWhole: whether to go on to the end of the range.
    ///   - workingMemory: bytes that states inside atomic sequences may take.
    func expand(
        _ states: Range<Int>, in stored: StoredStates, _ sleepers: Sleepers?, isWhole: Bool, workingMemory: Int, into expansion: Expansion
    ) {
        expansion.removeAll()
        expansion.hasSleepers = sleepers != nil
        generator.workingMemoryLimit = workingMemory
        generator.sleepTable = sleepers?.table
        defer { generator.sleepTable = nil }
        reader.states = stored
        (expansion.packing, expansion.form) = (stored.packing, stored.form)
        expansion.keyWords = stored.packing?.keyWords ?? 0
        let packed = stored.packed
        var keys = packed?.keys ?? StoredKeys()
        var (places, parents, passed) = (expansion.places, expansion.parents, expansion.passed)
        defer { (expansion.places, expansion.parents, expansion.passed) = (places, parents, passed) }
        var state = states.lowerBound
        generator.onFault = { [generator] fault, step in
            expansion.faults.append(
                Expansion.FoundFault(state: state, fault: fault, path: generator.path(toFaultIn: step)))
        }
        defer { generator.onFault = { _, _ in } }
        let passer = reduced == nil && packed != nil ? generator.passer : nil
        var sink = makeSink(packed, expansion)
        var (end, lookedUp) = (0, 0)
        while state < states.upperBound {
            // Where there is one thread, the range is all that waits.
            let next = min(states.upperBound, state &+ Self.batchSize)
            passed.reserve(next &- states.lowerBound)
            if let passer {
                makeRoom(in: &sink, for: end &+ Self.batchSize &+ Self.passLimit, &places, expansion)
                let asleep = sleepers.flatMap { sleepers in sleepers.masks.map { $0 + (state &- sleepers.first) } }
                let count = passStates(
                    passer, &sink, &keys, Int64(state), Int64(next), Int64(lookedUp &+ Self.batchSize), sleepers?.table.record, asleep,
                    unpacked, passed.start + (state &- states.lowerBound))
                state &+= Int(truncatingIfNeeded: count)
                end = Int(truncatingIfNeeded: sink.count)
            }
            if state < next, end &- lookedUp < Self.batchSize {
                var omission = ReducedExpansion.Omission.nothing
                generator.asleep = sleepers?.mask(of: state) ?? SleepMask()
                let outcome = expand(state, into: packed == nil ? expansion.buffer : successors, &omission)
                if outcome.isCutShort { expansion.isCutShort = true }
                let number = state - states.lowerBound
                passed[number].result = Expansion.notPassed
                parents.reserve(number + 1)
                parents[number] = Expansion.Parent(
                    outcome: outcome, enabled: generator.recordsMoves ? generator.moves.enabled : ProcessSet(), omission: omission)
                let before = end
                end += outcome.successorCount
                if packed != nil {
                    makeRoom(in: &sink, for: end, &places, expansion)
                    pack(&sink)
                } else {
                    findKeys(before, &places, outcome.successorCount, expansion)
                    if sleepers != nil { takeSleepMasks(before, outcome.successorCount, expansion) }
                }
                if generator.recordsMoves { takeMovers(before..<end, expansion) }
                state += 1
            }
            if end - lookedUp >= Self.batchSize {
                lookUp(lookedUp..<end, places, packed, expansion)
                lookedUp = end
                if !isWhole { break }
            }
        }
        lookUp(lookedUp..<end, places, packed, expansion)
        expansion.states = states.lowerBound..<state
        expansion.truncations = generator.takeTruncations()
    }

    /// Makes room for so many successors that are packed.
    private func makeRoom(
        in sink: inout SuccessorSink, for capacity: Int, _ places: inout UncheckedList<SuccessorPlace>, _ expansion: Expansion
    ) {
        places.reserve(capacity)
        expansion.packedKeys.reserve(capacity &* expansion.keyWords)
        (sink.keys, sink.places, sink.capacity) = (expansion.packedKeys.start, places.start, Int64(capacity))
        if generator.recordsMoves {
            expansion.movers.reserve(capacity)
            sink.movers = expansion.movers.start
        }
        if !expansion.hasSleepers { return }
        expansion.asleep.reserve(capacity)
        sink.asleep = expansion.asleep.start
    }

    /// Takes what sleeps in the successors that the generator has made of a state, where states are trees.
    private func takeSleepMasks(_ start: Int, _ count: Int, _ expansion: Expansion) {
        expansion.asleep.reserve(start + count)
        for offset in 0..<count { expansion.asleep[start + offset] = generator.sleepMasks[offset] }
        generator.sleepMasks.removeAll()
    }

    /// Takes who moved to the successors that the generator has made of a state.
    private func takeMovers(_ successors: Range<Int>, _ expansion: Expansion) {
        expansion.movers.reserve(successors.upperBound)
        for (successor, movers) in zip(successors, generator.moves.movers) {
            let bits = movers.bits
            expansion.movers[successor] = bits ?? 0
            if bits == nil { expansion.otherMovers[successor] = movers }
        }
        generator.forgetMoves()
    }

    private func expand(
        _ state: Int, into buffer: SuccessorBuffer, _ omission: inout ReducedExpansion.Omission
    ) -> SuccessorGenerator.Outcome {
        reduced?.expand(state, in: reader, into: buffer, &omission) ?? generator.expand(reader.state(state), into: buffer)
    }

    /// Where successors go that machine code finds.
    private func makeSink(_ packed: PackedStates?, _ expansion: Expansion) -> SuccessorSink {
        var sink = SuccessorSink()
        guard let packed else { return sink }
        (sink.packing, sink.keyWords) = (packed.packing, Int64(packed.keyWords))
        (sink.unknown, sink.unheardOf) = (Int64(Expansion.unknown), Int64(Expansion.unheardOf))
        sink.lines = packed.index.lines
        (sink.state, sink.stateRoom) = (made, Int64(generator.stateRoom))
        // The caller has the expansion for as long as the sink is in use.
        sink.keeper = Unmanaged.passUnretained(expansion).toOpaque()
        sink.keep = { keeper, state, size in
            guard let keeper, let state else { return 0 }
            let expansion = Unmanaged<Expansion>.fromOpaque(keeper).takeUnretainedValue()
            return UInt64(expansion.keep(UnsafeRawBufferPointer(start: state, count: Int(size))))
        }
        return sink
    }

    /// Finds the keys, in trees, of the successors at the end of the buffer.
    private func findKeys(_ start: Int, _ places: inout UncheckedList<SuccessorPlace>, _ count: Int, _ expansion: Expansion) {
        places.reserve(start + count)
        expansion.treeKeys.reserve(start + count)
        let (tables, keys, buffer) = (reader.tables, expansion.treeKeys, expansion.buffer)
        for successor in start..<start + count {
            guard let key = reader.key(of: buffer[successor]) else {
                places[successor].number = Int64(Expansion.unheardOf)
                continue
            }
            let hash = key.hash
            tables.pointee.prefetchSlot(hash)
            keys[successor] = key
            places[successor] = SuccessorPlace(hash: hash, number: Int64(Expansion.unknown))
        }
    }

    /// Packs the successors that the generator has made of a state, as those that machine code makes and cannot tell the keys of.
    private func pack(_ sink: inout SuccessorSink) {
        for successor in 0..<successors.count {
            let state = successors[successor]
            if sink.asleep != nil { sink.later = generator.sleepMasks[successor] }
            _ = takeState(&sink, state.baseAddress, Int64(state.count))
        }
        successors.removeAll()
        generator.sleepMasks.removeAll()
    }

    /// Finds out which successors are known: first where each may be, for the memory takes its time, and then whether it is there.
    private func lookUp(
        _ successors: Range<Int>, _ places: UncheckedList<SuccessorPlace>, _ packed: PackedStates?, _ expansion: Expansion
    ) {
        if let packed {
            let first = successors.lowerBound
            return packed.lookUp(
                successors.count, places.start + first, expansion.packedKeys.start + first &* expansion.keyWords, unknown: Expansion.unknown)
        }
        let (tables, keys) = (reader.tables, expansion.treeKeys)
        for place in successors where places[place].number == Expansion.unknown {
            if let candidate = tables.pointee.candidate(places[place].hash) { places[place].number = Int64(candidate) }
        }
        for place in successors where places[place].number >= 0 && !tables.pointee.keys.matches(Int(places[place].number), keys[place]) {
            places[place].number = Int64(tables.pointee.find(keys[place], places[place].hash) ?? Expansion.unknown)
        }
    }
}
