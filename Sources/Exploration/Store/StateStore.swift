import Automata

/// The set of states seen so far, numbered in the order of discovery: so it is also the queue of a breadth-first search.
///
/// Equality is decided on the bytes of the states, never on hashes alone.
final class StateStore {
    enum Insertion: Equatable {
        case new(Int)
        case known(Int)
        /// There is no room for another state within the memory limit.
        case full
    }

    /// Reads what is stored at the moment.
    let reader: StoreReader
    /// Those of the reader.
    private let tables: UnsafeMutablePointer<StateTables>
    let packed: UnsafeMutablePointer<PackedStates?>
    /// How states are packed, once they are.
    private var plan: PackingPlan?
    /// Keys of more words may take more memory than trees; whether that was tried.
    private static let shortKeyWords = 2
    private var hasTriedTrees = false
    /// Whether states are to take as little memory as can be.
    private let isThrifty: Bool
    /// Threads that may help.
    private let threads: Int
    /// When there are so many, it is tried once more what takes less.
    private var nextTrial = 0
    /// How many states there were when their bits were laid out.
    private var layoutCount = 0
    /// See `StoredStates`.
    var form: Int { reader.form }
    /// The most bytes that the store may take.
    private let memoryLimit: Int
    /// Bytes of the limit that something else uses.
    var bytesElsewhere = 0
    /// Whoever reads the states on other threads.
    var otherReaders: (any OtherReaders)?

    /// - Parameters:
    ///   - stateSize: bytes of a state, as far as is known. The store works with any.
    ///   - memoryLimit: bytes.
    ///   - isThrifty: whether states are to take as little memory as can be, however long that takes.
    ///   - threads: so many may work on it at a time.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(stateSize: Int, memoryLimit: Int, isThrifty: Bool = false, threads: Int = 1) throws {
        self.isThrifty = isThrifty
        self.threads = threads
        self.memoryLimit = memoryLimit
        var memory = MemoryOwner()
        let tables = try StateTables(stateSize: stateSize, memoryLimit: memoryLimit, isSmall: isThrifty, &memory)
        reader = StoreReader(StoredStates(tables: tables, packed: nil, packing: nil, memory: memory))
        self.tables = reader.tables
        packed = reader.packed
    }

    var count: Int { reader.count }

    /// Bytes in use, all told.
    var bytes: Int { reader.bytes }

    /// The states that there are now, for `otherReaders` to read while the store grows, until they are told of others. What they are does
    /// not change. Slots of the indices do, but what a slot says of a state is not taken back; what it says of states that came later is
    /// not looked at.
    var states: StoredStates { reader.states }

    /// The bytes of a state; they are valid until another one is asked for.
    func state(_ number: Int) -> UnsafeRawBufferPointer { reader.state(number) }

    /// Whether a state is there.
    func contains(_ state: UnsafeRawBufferPointer) -> Bool { reader.find(state) != nil }

    // MARK: Insertion

    /// Adds a state if it is not there yet.
    /// - Parameter number: one of those that differ little from it, if any is known: it is found sooner then.
    func insert(_ state: UnsafeRawBufferPointer, near number: Int? = nil) -> Insertion {
        if let packed = packed.pointee {
            guard let key = reader.pack(state) else { return insertUnpacked(state) }
            return insert(key, packed.hash(key))
        }
        if let number, number != reader.number { _ = reader.state(number) }
        guard let key = reader.insertParts(of: state, limit: memoryLimit - bytesElsewhere) else { return .full }
        return insert(key, key.hash)
    }

    /// Adds a state if it is not there yet; states are packed.
    /// - Parameters:
    ///   - key: a key of the present form.
    ///   - hash: that of the key.
    @inline(__always)
    func insert(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> Insertion {
        packed.pointee?.insert(key, hash) ?? insertMakingRoom(key, hash)
    }

    @inline(never)
    private func insertMakingRoom(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> Insertion {
        let room = memoryLimit - bytes - bytesElsewhere
        var isMade = false
        change(inPlace: packed.pointee?.needsLargerIndex(room) == true) {
            isMade = packed.pointee?.makeRoom(room, &reader.owner) == true
        }
        return isMade ? packed.pointee?.insert(key, hash) ?? .full : .full
    }

    /// Adds a state if it is not there yet; states are trees.
    /// - Parameters:
    ///   - key: as the reader says, or one that has a copy of the tables.
    ///   - hash: that of the key.
    @inline(__always)
    func insert(_ key: StateKey, _ hash: UInt64) -> Insertion {
        var search = tables.pointee.index.search(hash)
        if let known = tables.pointee.find(key, hash, &search) { return .known(known) }
        let number = count
        if tables.pointee.index.isCrowded(number &+ 1) {
            guard grow() else { return .full }
            search = tables.pointee.index.search(hash)
            _ = tables.pointee.find(key, hash, &search)
        }
        guard bytes &+ bytesElsewhere &+ tables.pointee.keys.growth(for: key) <= memoryLimit, number < Int(UInt32.max) - 1,
            tables.pointee.keys.append(key)
        else { return .full }
        tables.pointee.index.set(search, hash, number: number)
        return .new(number)
    }

    /// Makes the index larger, and keys smaller if memory is to be saved. Where memory is short, probes get longer until the store is full.
    /// - Returns: whether there is a slot for another state.
    @inline(never)
    private func grow() -> Bool {
        var hasGrown = false
        change(inPlace: isThrifty || tables.pointee.index.canGrow(room: memoryLimit - bytes - bytesElsewhere)) {
            if isThrifty { tables.pointee.keys.condense() }
            let (count, keys, room) = (count, tables.pointee.keys, memoryLimit - bytes - bytesElsewhere)
            hasGrown = tables.pointee.index.grow(
                count, room: room, threads: threads, isAlone: true, &reader.owner, prefetch: { keys.prefetch($0) }, hash: { keys[$0].hash })
        }
        return hasGrown || !tables.pointee.index.isFull(count + 1)
    }

    /// Makes a change.
    /// - Parameter inPlace: whether earlier copies of the states are of no use afterwards.
    private func change(inPlace: Bool, _ change: () -> Void) {
        guard inPlace, let otherReaders else { return change() }
        otherReaders.exchangeStates {
            change()
            return states
        }
    }

    // MARK: Packing

    /// Packs the states, if they take few bits; or packs them better, if it is time for that. To be called from time to time.
    /// - Parameter threshold: so many states there have to be, so that it is seen how to pack them all.
    func pack(from threshold: Int = StateStore.usualPackingThreshold) {
        if let packed = packed.pointee {
            let isShort = packed.keyWords > Self.shortKeyWords && !hasTriedTrees && bytes + bytesElsewhere > memoryLimit / 2
            return isShort || isThrifty && count >= nextTrial ? tryTrees() : tidy()
        }
        guard plan == nil, count >= threshold else { return }
        var plan = PackingPlan()
        for number in 0..<count { _ = plan.note(state(number)) }
        plan.layOut()
        self.plan = plan
        nextTrial = count * Self.trialDistance
        if isThrifty, count * (plan.keyBytes + Self.usualIndexSize) > bytes { return }
        if let packing = StatePacking(plan) { _ = goOver(to: packing) }
    }

    /// Goes over to trees if they take less memory, which is getting short: keys of many words are quick, but not small.
    private func tryTrees() {
        hasTriedTrees = true
        nextTrial = count * Self.trialDistance
        _ = goOverToTrees(stateSize: state(0).count, limit: bytes)
    }

    /// Lays the bits out anew where many were added, which makes packing slow, when there are twice as many states.
    private func tidy() {
        guard count >= layoutCount * 2, var plan, plan.isScattered(hasMany: count >= Self.manyStates) else { return }
        plan.layOut()
        if let packing = StatePacking(plan), goOver(to: packing) { self.plan = plan }
    }

    /// Adds a state with bits that are not packed, or of a new size, after which they are.
    @inline(never)
    private func insertUnpacked(_ state: UnsafeRawBufferPointer) -> Insertion {
        guard var plan, let old = packed.pointee else { return .full }
        _ = plan.note(state)
        if plan.extend(), let packing = StatePacking(plan), extend(old, packing) {
            self.plan = plan
            return insert(state)
        }
        plan.layOut()
        // Where there is not enough memory, the keys stay what they are, and so does the plan.
        guard StatePacking(plan).map({ goOver(to: $0) }) ?? goOverToTrees(stateSize: state.count, limit: .max) else { return .full }
        self.plan = plan
        return insert(state)
    }

    /// Goes over to keys with more bits, and perhaps more bytes.
    /// - Returns: false if there is not enough memory; nothing has changed then.
    private func extend(_ old: PackedStates, _ packing: StatePacking) -> Bool {
        let more = packing.keyBytes - Int(truncatingIfNeeded: old.keys.bytes)
        guard more == 0 || bytes + bytesElsewhere + count * more <= memoryLimit else { return false }
        change(inPlace: more > 0) {
            var states = states
            (states.packed, states.packing) = (PackedStates(old, packing), packing)
            if more > 0 { states.form += 1 }
            reader.states = states
        }
        return true
    }

    /// A trial takes as long as to find a part of the states.
    private static let trialDistance = 4
    /// Bytes of an index for each state.
    private static let usualIndexSize = 6
    /// It takes long to pack so many states anew.
    private static let manyStates = 1 << 18
    /// So many states show most of the bits in which they differ.
    static let usualPackingThreshold = 1 << 14

    /// - Returns: false if there is not enough memory; nothing has changed then.
    private func goOver(to packing: StatePacking) -> Bool {
        var memory = MemoryOwner()
        let needed = count * (packing.keyBytes + 8) + 1 << 16
        guard bytes + bytesElsewhere + needed <= memoryLimit,
            var packed = try? PackedStates(packing, memoryLimit: memoryLimit, threads: threads, &memory),
            (try? packed.addAll(of: reader, &memory)) == true
        else { return false }
        reader.states = StoredStates(tables: tables.pointee, packed: packed, packing: packing, form: form + 1, memory: memory)
        layoutCount = count
        return true
    }

    /// - Parameters:
    ///   - stateSize: bytes of a state.
    ///   - limit: bytes that the trees may take.
    /// - Returns: false if that, or all memory, is not enough; nothing has changed then.
    private func goOverToTrees(stateSize: Int, limit: Int) -> Bool {
        guard let trees = try? StateStore(stateSize: stateSize, memoryLimit: memoryLimit, isThrifty: isThrifty, threads: threads) else { return false }
        trees.bytesElsewhere = bytes + bytesElsewhere
        for number in 0..<count {
            if trees.insert(state(number), near: number > 0 ? number - 1 : nil) == .full || trees.bytes > limit { return false }
        }
        var states = trees.states
        states.form = form + 1
        reader.states = states
        return true
    }
}
