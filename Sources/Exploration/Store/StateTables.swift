/// States that are stored, to be passed from thread to thread.
struct StoredStates {
    /// Not in use where states are packed.
    var tables: StateTables
    /// The states, if they are packed, and how.
    var packed: PackedStates?
    var packing: StatePacking?
    /// How often keys have changed: those of another form are of no use.
    var form = 0
    var memory: MemoryOwner
}

/// The stored states, as trees.
///
/// The bytes of a state are cut into blocks, the leaves of four binary trees; see `TreeShape`. Each node is a number: that of
/// a leaf's block, or that of the pair that its two children make, in a table of all those that there have been. The roots
/// are the key of the state. States that follow each other differ in few bytes, so that few nodes are new (S. Blom,
/// B. Lisser, J. van de Pol, M. Weber, "A Database Approach to Distributed State Space Generation", 2009; A. Laarman, J. van de Pol,
/// M. Weber, "Parallel Recursive State Compression for Free", 2011). With four roots rather than one, and blocks rather than words,
/// there are few nodes to look up, their tables are small enough for the cache, and most states add nothing but their key.
///
/// States of different sizes have trees of different shapes, so the size is part of the key. Nothing is lost: equal keys are
/// equal states.
///
/// A copy of this value is what there was then: another thread may read it while the store grows. The memory belongs to the
/// owner that goes with it.
struct StateTables {
    /// Words of 64 bits of a leaf.
    let leafWords: Int
    /// Blocks and pairs: those of each root, for the numbers in the keys stay smaller so, and those of all other nodes.
    private var words: Words
    private static let wordTableCount = 10
    private typealias Words = (
        WordTable, WordTable, WordTable, WordTable, WordTable, WordTable, WordTable, WordTable, WordTable, WordTable
    )
    var keys: PackedKeys
    var index: HashIndex
    /// The sizes of states, by their numbers.
    private let sizes: UnsafeMutablePointer<Int>
    private var sizeCount = 0
    /// Bytes of all words.
    private var wordBytes = 0
    /// More than there can be: of every type of process there may be up to 255.
    private static let sizeLimit = 1 << 20

    /// - Parameters:
    ///   - stateSize: bytes of a state, as far as is known.
    ///   - memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    ///   - isSmall: whether to take as little memory as can be, however long it takes to find a state.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(stateSize: Int, memoryLimit: Int, isSmall: Bool = false, _ memory: inout MemoryOwner) throws {
        let leafWords = min(4, max(1, (stateSize + 31) / 32))
        self.leafWords = leafWords
        func table(_ blockSize: Int) throws -> WordTable {
            try WordTable(blockSize: blockSize, memoryLimit: memoryLimit, isSmall: isSmall, &memory)
        }
        func blocks() throws -> WordTable { try table(leafWords) }
        func pairs() throws -> WordTable { try table(1) }
        words = (
            try blocks(), try blocks(), try blocks(), try blocks(), try blocks(),
            try pairs(), try pairs(), try pairs(), try pairs(), try pairs()
        )
        keys = try PackedKeys(memoryLimit: memoryLimit, &memory)
        index = try HashIndex(slotCount: 256, isSmall: isSmall, &memory)
        sizes = try memory.reserve(capacity: Self.sizeLimit * 8).base.bindMemory(to: Int.self, capacity: Self.sizeLimit)
        wordBytes = words.0.bytes * Self.wordTableCount
    }

    var count: Int { keys.count }

    /// Bytes in use.
    var bytes: Int {
        wordBytes &+ keys.bytes &+ index.bytes &+ sizeCount &* 8
    }

    // MARK: Sizes

    /// A size, by its number.
    @inline(__always)
    func size(_ number: UInt32) -> Int { sizes[Int(number)] }

    /// The number of a size; nil if no state has it.
    func sizeNumber(_ size: Int) -> UInt32? {
        (0..<sizeCount).first { sizes[$0] == size }.map { UInt32($0) }
    }

    /// Adds a size.
    /// - Returns: its number; nil if there are too many.
    mutating func insertSize(_ size: Int) -> UInt32? {
        if let number = sizeNumber(size) { return number }
        guard sizeCount < Self.sizeLimit else { return nil }
        sizes[sizeCount] = size
        sizeCount += 1
        return UInt32(sizeCount - 1)
    }

    // MARK: Nodes

    /// The word that two children make.
    @inline(__always)
    static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(truncatingIfNeeded: first) | UInt64(truncatingIfNeeded: second) &<< 32
    }

    /// The table of the words of a node, among those that `wordTables` gives.
    @inline(__always)
    static func table(of node: Int, isLeaf: Bool) -> Int { min(node, TreeShape.rootCount) &+ (isLeaf ? 0 : 5) }

    /// The tables of words, one after the other, of these tables in memory.
    static func wordTables(of tables: UnsafeMutablePointer<StateTables>) -> UnsafeMutablePointer<WordTable> {
        // Elements of one type lie in a tuple as they do in an array.
        guard let offset = MemoryLayout<StateTables>.offset(of: \.words) else { preconditionFailure("a stored property") }
        return (UnsafeMutableRawPointer(tables) + offset).assumingMemoryBound(to: WordTable.self)
    }

    /// Adds words to one of these tables in memory.
    /// - Parameter room: bytes by which the table may grow.
    /// - Returns: their number; nil if there is no room.
    static func insert(
        _ block: UnsafeRawPointer, inTable number: Int, of tables: UnsafeMutablePointer<StateTables>, room: Int, _ memory: inout MemoryOwner
    ) -> UInt32? {
        let table = wordTables(of: tables) + number
        let bytes = table.pointee.bytes
        let inserted = table.pointee.insert(block, room: room, &memory)
        tables.pointee.wordBytes += table.pointee.bytes - bytes
        return inserted
    }

    // MARK: States

    /// The number of a state, if it is there.
    @inline(__always)
    func find(_ key: StateKey, _ hash: UInt64) -> Int? {
        var search = index.search(hash)
        return find(key, hash, &search)
    }

    /// The number of a state; where it is not there, the search ends at the slot that it would have.
    @inline(__always)
    func find(_ key: StateKey, _ hash: UInt64, _ search: inout HashIndex.Search) -> Int? {
        while let number = index.next(hash, &search) {
            // Later ones are not there yet, seen from a copy.
            if number < keys.count, keys.matches(number, key) { return number }
        }
        return nil
    }

    /// Asks for the memory where the index would hold a state.
    @inline(__always)
    func prefetchSlot(_ hash: UInt64) { index.prefetch(hash) }

    /// The state that probably has the key with this hash, if there is one. Asks for the memory to tell.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int? {
        guard let number = index.candidate(hash), number < keys.count else { return nil }
        keys.prefetch(number)
        return number
    }
}
