import CStatePacking

/// Reads states, and finds out whether others are stored, for one thread.
///
/// Of states that are trees, it keeps those of the state that was read last, of each size: a state that differs from it in a few bytes
/// is looked up by the nodes above those.
final class StoreReader {
    // What is in constant use lies behind pointers, so that access to it need not be checked.

    /// What there is to read.
    let tables: UnsafeMutablePointer<StateTables>
    private let wordTables: UnsafeMutablePointer<WordTable>
    /// The states, if they are packed, and how.
    let packed: UnsafeMutablePointer<PackedStates?>
    @exclusivity(unchecked) private(set) var packing: StatePacking?
    /// See `StoredStates`.
    @exclusivity(unchecked) private(set) var form: Int
    /// What all that lies in.
    @exclusivity(unchecked) var owner: MemoryOwner
    /// Room for a state that is unpacked, and for a key.
    @exclusivity(unchecked) private var unpacked = UncheckedList<UInt64>()
    private let key: UnsafeMutablePointer<UInt64>
    /// The trees of the states of each size that were read last.
    private let trees: UnsafeMutablePointer<TreesBySize>
    /// The state that was read last.
    @exclusivity(unchecked) private(set) var number: Int?

    init(_ states: StoredStates) {
        tables = .allocate(capacity: 1)
        tables.initialize(to: states.tables)
        wordTables = StateTables.wordTables(of: tables)
        packed = .allocate(capacity: 1)
        packed.initialize(to: states.packed)
        packing = states.packing
        form = states.form
        owner = states.memory
        unpacked.reserve(states.packing?.stateWords ?? 0)
        key = .allocate(capacity: Int(keyWordLimit))
        trees = .allocate(capacity: 1)
        trees.initialize(to: TreesBySize(leafWords: states.tables.leafWords))
    }

    deinit {
        tables.deallocate()
        packed.deallocate()
        unpacked.deallocate()
        key.deallocate()
        trees.pointee.deallocate()
        trees.deallocate()
    }

    /// How many states there are.
    var count: Int { packed.pointee?.count ?? tables.pointee.count }

    /// Bytes in use.
    var bytes: Int { packed.pointee?.bytes ?? tables.pointee.bytes }

    /// What is read from now on: the same states, and more.
    var states: StoredStates {
        get { StoredStates(tables: tables.pointee, packed: packed.pointee, packing: packing, form: form, memory: owner) }
        set {
            if packing !== newValue.packing { goOver(to: newValue) }
            packed.pointee = newValue.packed
            if packing == nil { tables.pointee = newValue.tables }
            form = newValue.form
            owner = newValue.memory
        }
    }

    /// The states are packed in another way, or no more.
    private func goOver(to states: StoredStates) {
        packing = states.packing
        unpacked.reserve(states.packing?.stateWords ?? 0)
        trees.pointee.deallocate()
        trees.pointee = TreesBySize(leafWords: states.tables.leafWords)
        number = nil
    }

    // MARK: Reading

    /// The bytes of a state; they are valid until another one is read.
    func state(_ number: Int) -> UnsafeRawBufferPointer {
        if let packed = packed.pointee {
            let size = unpackState(packed.packing, packed.key(number), unpacked.start)
            return UnsafeRawBufferPointer(start: unpacked.start, count: Int(truncatingIfNeeded: size))
        }
        let key = tables.pointee.keys[number]
        self.number = number
        trees.pointee.select(key.size, in: tables)
        return trees.pointee.current.pointee.read(key, in: wordTables)
    }

    // MARK: Finding

    /// The number of a state, if it is stored.
    @inline(__always)
    func find(_ state: UnsafeRawBufferPointer) -> Int? {
        if let packed = packed.pointee { return pack(state).flatMap { packed.find($0) } }
        return key(of: state).flatMap { tables.pointee.find($0, $0.hash) }
    }

    /// The packed key of a state, until another one is asked for; nil if it cannot be packed.
    func pack(_ state: UnsafeRawBufferPointer) -> UnsafePointer<UInt64>? {
        guard let packed = packed.pointee, packState(packed.packing, state.baseAddress, Int64(state.count), key) else { return nil }
        return UnsafePointer(key)
    }

    /// The key, in trees, of a state that may be stored; nil if it is not, because some part of it never occurred.
    @inline(__always)
    func key(of state: UnsafeRawBufferPointer) -> StateKey? {
        let (own, sizeNumber) = (trees.pointee.current, trees.pointee.currentNumber)
        if state.count == own.pointee.size { return own.pointee.key(of: state, sizeNumber, knowsNodes: true, in: wordTables) { _, _ in nil } }
        return keyOfOtherSize(state) { _, _ in nil }
    }

    @inline(never)
    private func keyOfOtherSize(
        _ state: UnsafeRawBufferPointer, number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> StateKey? {
        guard let sizeNumber = trees.pointee.sizeNumber(state.count, in: tables) else { return nil }
        let other = trees.pointee.trees(sizeNumber, in: tables)
        return other.pointee.key(of: state, sizeNumber, knowsNodes: other.pointee.isOfState, in: wordTables, number: number)
    }

    /// The key, in trees, of a state, of which all parts are there afterwards.
    /// - Parameter limit: bytes that the tables may take.
    /// - Returns: nil if that is too little.
    func insertParts(of state: UnsafeRawBufferPointer, limit: Int) -> StateKey? {
        func insert(_ words: UnsafeRawPointer, table: Int) -> UInt32? {
            StateTables.insert(words, inTable: table, of: tables, room: limit - tables.pointee.bytes, &owner)
        }
        let (own, sizeNumber) = (trees.pointee.current, trees.pointee.currentNumber)
        if state.count == own.pointee.size { return own.pointee.key(of: state, sizeNumber, knowsNodes: true, in: wordTables, number: insert) }
        if trees.pointee.sizeNumber(state.count, in: tables) == nil {
            guard tables.pointee.bytes + 16 <= limit, tables.pointee.insertSize(state.count) != nil else { return nil }
        }
        return keyOfOtherSize(state, number: insert)
    }
}
