/// Reads states, and finds out whether others are stored, for one thread.
///
/// It keeps the trees of the state that was read last: a state that differs from it in a few bytes is looked up by the nodes above
/// those.
final class StoreReader {
    // What is in constant use lies behind pointers, so that access to it need not be checked.

    /// What there is to read.
    let tables: UnsafeMutablePointer<StateTables>
    private let wordTables: UnsafeMutablePointer<WordTable>
    /// What the tables lie in.
    var owner: MemoryOwner
    /// The trees of the state that was read last, and others where those of states of another size are made.
    private let trees: UnsafeMutablePointer<StateTrees>
    private let recent = RecentNumbers()
    /// The state that was read last.
    private(set) var number: Int?
    /// The number of its size.
    private var sizeNumber: UInt32 = 0

    init(_ states: StoredStates) {
        tables = .allocate(capacity: 1)
        tables.initialize(to: states.tables)
        wordTables = StateTables.wordTables(of: tables)
        owner = states.memory
        trees = .allocate(capacity: 2)
        for place in 0..<2 {
            (trees + place).initialize(to: StateTrees(TreeShape(size: 0, leafWords: states.tables.leafWords), recent))
        }
    }

    deinit {
        tables.deallocate()
        for place in 0..<2 { trees[place].deallocate() }
        trees.deallocate()
        recent.deallocate()
    }

    /// What is read from now on: the same states, and more.
    var states: StoredStates {
        get { StoredStates(tables: tables.pointee, memory: owner) }
        set {
            tables.pointee = newValue.tables
            owner = newValue.memory
        }
    }

    // MARK: Reading

    /// The bytes of a state; they are valid until another one is read.
    func state(_ number: Int) -> UnsafeRawBufferPointer {
        let key = tables.pointee.keys[number]
        let size = tables.pointee.size(key.size)
        let isSameShape = self.number != nil && size == trees[0].size
        if !isSameShape { reshape(0, size) }
        self.number = number
        sizeNumber = key.size
        return trees[0].read(key, isSameShape: isSameShape, in: wordTables)
    }

    @inline(never)
    private func reshape(_ place: Int, _ size: Int) {
        if trees[place].size == size { return }
        trees[place].deallocate()
        trees[place] = StateTrees(TreeShape(size: size, leafWords: tables.pointee.leafWords), recent)
    }

    // MARK: Finding

    /// The number of a state, if it is stored.
    @inline(__always)
    func find(_ state: UnsafeRawBufferPointer) -> Int? { key(of: state).flatMap { tables.pointee.find($0, $0.hash) } }

    /// The key of a state that may be stored; nil if it is not, because some part of it never occurred.
    @inline(__always)
    func key(of state: UnsafeRawBufferPointer) -> StateKey? {
        if state.count == trees[0].size, number != nil {
            return trees[0].key(of: state, sizeNumber, knowsNodes: true, in: wordTables) { _, _ in nil }
        }
        return keyOfOtherSize(state) { _, _ in nil }
    }

    @inline(never)
    private func keyOfOtherSize(
        _ state: UnsafeRawBufferPointer, number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> StateKey? {
        guard let sizeNumber = tables.pointee.sizeNumber(state.count) else { return nil }
        reshape(1, state.count)
        return trees[1].key(of: state, sizeNumber, knowsNodes: false, in: wordTables, number: number)
    }

    /// The key of a state, of which all parts are there afterwards.
    /// - Parameter limit: bytes that the tables may take.
    /// - Returns: nil if that is too little.
    func insertParts(of state: UnsafeRawBufferPointer, limit: Int) -> StateKey? {
        if tables.pointee.sizeNumber(state.count) == nil {
            guard tables.pointee.bytes + 16 <= limit, tables.pointee.insertSize(state.count) != nil else { return nil }
        }
        func insert(_ words: UnsafeRawPointer, table: Int) -> UInt32? {
            StateTables.insert(words, inTable: table, of: tables, room: limit - tables.pointee.bytes, &owner)
        }
        if state.count == trees[0].size, number != nil {
            return trees[0].key(of: state, sizeNumber, knowsNodes: true, in: wordTables, number: insert)
        }
        return keyOfOtherSize(state, number: insert)
    }
}
