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
    /// The most bytes that the store may take.
    private let memoryLimit: Int
    /// Bytes of the limit that something else uses.
    var bytesElsewhere = 0

    /// - Parameters:
    ///   - stateSize: bytes of a state, as far as is known. The store works with any.
    ///   - memoryLimit: bytes.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(stateSize: Int, memoryLimit: Int) throws {
        self.memoryLimit = memoryLimit
        var memory = MemoryOwner()
        let tables = try StateTables(stateSize: stateSize, memoryLimit: memoryLimit, &memory)
        reader = StoreReader(StoredStates(tables: tables, memory: memory))
        self.tables = reader.tables
    }

    var count: Int { tables.pointee.count }

    /// Bytes in use, all told.
    var bytes: Int { tables.pointee.bytes }

    /// The states that there are now, for other threads to read while the store grows. What they are never changes. Slots of the
    /// indices do, but what a slot says of a state is never taken back; what it says of states that came later is not looked at.
    var states: StoredStates { reader.states }

    /// The bytes of a state; they are valid until another one is asked for.
    func state(_ number: Int) -> UnsafeRawBufferPointer { reader.state(number) }

    /// Whether a state is there.
    func contains(_ state: UnsafeRawBufferPointer) -> Bool { reader.find(state) != nil }

    // MARK: Insertion

    /// Adds a state if it is not there yet.
    /// - Parameter number: one of those that differ little from it, if any is known: it is found sooner then.
    func insert(_ state: UnsafeRawBufferPointer, near number: Int? = nil) -> Insertion {
        if let number, number != reader.number { _ = reader.state(number) }
        guard let key = reader.insertParts(of: state, limit: memoryLimit - bytesElsewhere) else { return .full }
        return insert(key, key.hash)
    }

    /// Adds a state if it is not there yet.
    /// - Parameters:
    ///   - key: as the reader says, or one that has a copy of the tables.
    ///   - hash: that of the key.
    @inline(__always)
    func insert(_ key: StateKey, _ hash: UInt64) -> Insertion {
        var position = tables.pointee.index.start(hash)
        if let known = tables.pointee.find(key, hash, &position) { return .known(known) }
        let number = count
        if tables.pointee.index.isCrowded(number &+ 1) {
            guard grow() else { return .full }
            position = tables.pointee.index.start(hash)
            _ = tables.pointee.find(key, hash, &position)
        }
        guard bytes &+ bytesElsewhere &+ tables.pointee.keys.growth(for: key) <= memoryLimit, number < Int(UInt32.max) - 1,
            tables.pointee.keys.append(key)
        else { return .full }
        tables.pointee.index.set(position, hash, number: number)
        return .new(number)
    }

    /// Makes the index larger. Where memory is short, probes get longer until the store is full.
    /// - Returns: whether there is a slot for another state.
    @inline(never)
    private func grow() -> Bool {
        let (count, keys, room) = (count, tables.pointee.keys, memoryLimit - bytes - bytesElsewhere)
        return tables.pointee.index.grow(count: count, room: room, &reader.owner, hash: { keys[$0].hash })
            || !tables.pointee.index.isFull(count + 1)
    }
}
