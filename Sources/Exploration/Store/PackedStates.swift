import CStatePacking

/// The stored states as packed keys, each of as many words, by their numbers: where states take few bits, they are found soonest so.
///
/// A copy of this value is what there was then: another thread may read it while the store grows. The memory belongs to the owner
/// that goes with it.
struct PackedStates {
    /// Belongs to a `StatePacking`.
    private(set) var packing: UnsafePointer<Packing>
    private(set) var keys: StoredKeys
    private(set) var count = 0
    /// Up to so many states there is room.
    private var readyCount = 0
    private(set) var index: HashIndex

    private static let firstSlotCount = 1 << 12
    /// With which instructions lines of slots are looked at: the best that this machine has.
    private static let lineInstructions = CStatePacking.lineInstructions()
    /// Threads that may help.
    private let threads: Int
    /// So many states are added before memory is looked at again.
    private static let stepSize = 1 << 10

    /// - Parameters:
    ///   - packing: stays the caller's.
    ///   - memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    ///   - threads: so many may work on it at a time.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(_ packing: StatePacking, memoryLimit: Int, threads: Int, _ memory: inout MemoryOwner) throws {
        self.threads = threads
        self.packing = UnsafePointer(packing.packing)
        // A whole key can lie behind the last one.
        let region = try memory.reserve(capacity: memoryLimit + 4096, largePages: .later)
        keys = makeStoredKeys(region.base, Int64(truncatingIfNeeded: packing.keyBytes))
        index = try HashIndex(slotCount: 1, &memory)
    }

    /// The same states, where more bits are packed than before, in as many bytes or more: the keys have zeros there, which the hash does not
    /// mind. If it is more, there must be room for them, and `other` is of no use afterwards.
    init(_ other: PackedStates, _ packing: StatePacking) {
        self = other
        self.packing = UnsafePointer(packing.packing)
        if packing.keyBytes == other.keys.bytes { return }
        keys = withUnsafePointer(to: other.keys) {
            widenStoredKeys($0, Int64(truncatingIfNeeded: packing.keyBytes), Int64(truncatingIfNeeded: count))
        }
        readyCount = count
    }

    /// Bytes in use.
    var bytes: Int { count &* keyBytes &+ index.bytes }

    /// Words of a key.
    var keyWords: Int { Int(truncatingIfNeeded: keys.words) }

    /// Bytes of a key that is stored.
    private var keyBytes: Int { Int(truncatingIfNeeded: keys.bytes) }

    /// The key of a state, with other bits above those of its last word, and at any byte.
    @inline(__always)
    func key(_ number: Int) -> UnsafePointer<UnalignedWord> {
        withUnsafePointer(to: keys) { UnsafePointer(storedKey($0, Int64(truncatingIfNeeded: number))) }
    }

    @inline(__always)
    func hash(_ key: UnsafePointer<UInt64>) -> UInt64 { hashOfKey(key, keys.words) }

    /// The hash of the key of a state.
    @inline(__always)
    private func hash(_ number: Int) -> UInt64 {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: keyWords) { key in
            guard let key = key.baseAddress else { return 0 }
            withUnsafePointer(to: keys) { loadStoredKey($0, Int64(truncatingIfNeeded: number), key) }
            return hash(key)
        }
    }

    /// What keys are looked up and added with.
    @inline(__always)
    private var table: KeyTable {
        KeyTable(
            keys: keys, count: Int64(truncatingIfNeeded: count), lines: index.lines, instructions: Self.lineInstructions)
    }

    // MARK: Finding

    /// What the place of a key says that is looked for.
    private static let unknown = -1

    /// The number of a state, if it is there.
    func find(_ key: UnsafePointer<UInt64>) -> Int? { find(key, hash(key)) }

    /// The number of a state, if it is there.
    /// - Parameter hash: that of the key.
    private func find(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> Int? {
        var place = SuccessorPlace(hash: hash, number: Int64(Self.unknown))
        lookUp(1, &place, key, unknown: Self.unknown)
        return place.number < 0 ? nil : Int(truncatingIfNeeded: place.number)
    }

    /// Finds out which keys are known.
    /// - Parameters:
    ///   - unknown: what a place says that is looked for, and goes on to say if the state is not there.
    func lookUp(_ count: Int, _ places: UnsafeMutablePointer<SuccessorPlace>, _ keys: UnsafePointer<UInt64>, unknown: Int) {
        var table = table
        lookUpKeys(&table, places, keys, Int64(truncatingIfNeeded: count), Int64(truncatingIfNeeded: unknown))
    }

    // MARK: Adding

    /// Whether so many states can be added before `makeRoom` has to be called.
    @inline(__always)
    func hasRoom(for more: Int) -> Bool { readyCount &- count >= more }

    /// Adds those keys of which the places say no number, which is below zero, and that are not known; there is room for them. The places
    /// say all numbers afterwards.
    mutating func insertWhereRoomIs(_ count: Int, _ places: UnsafeMutablePointer<SuccessorPlace>, _ keys: UnsafePointer<UInt64>) {
        var table = table
        insertKeys(&table, places, keys, Int64(truncatingIfNeeded: count))
        self.count = Int(truncatingIfNeeded: table.count)
    }

    /// Adds a state if it is not there yet.
    /// - Parameter hash: that of the key.
    /// - Returns: nil, with nothing done, where `makeRoom` has to be called first.
    mutating func insert(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> StateStore.Insertion? {
        if !hasRoom(for: 1) { return find(key, hash).map { .known($0) } }
        let before = count
        var place = SuccessorPlace(hash: hash, number: Int64(Self.unknown))
        insertWhereRoomIs(1, &place, key)
        let number = Int(truncatingIfNeeded: place.number)
        return number == before ? .new(number) : .known(number)
    }

    /// Whether the index is to be made larger, and can be, before there is room for another state.
    /// - Parameter room: bytes by which the states may grow.
    func needsLargerIndex(_ room: Int) -> Bool { index.isCrowded(count + 1) && index.canGrow(room: room - keyBytes) }

    /// Makes room for at least one more state. Where memory is short, probes get longer until the store is full.
    /// - Parameter room: bytes by which the states may grow.
    /// - Returns: false if there is none.
    mutating func makeRoom(_ room: Int, _ memory: inout MemoryOwner) -> Bool {
        let stateSize = keyBytes
        var room = room
        if index.isCrowded(count + 1) {
            let (states, bytes) = (self, index.bytes)
            let hasGrown = index.grow(
                count, room: room - stateSize, threads: threads, isAlone: true, &memory,
                prefetch: { prefetchCacheLine(states.key($0)) }, hash: states.hash)
            if !hasGrown, index.isFull(count + 1) { return false }
            room -= index.bytes - bytes
        }
        let left = min(room / stateSize, Int(UInt32.max) - 1 - count)
        let step = max(1, min(index.comfortableCount - count, Self.stepSize))
        readyCount = count + min(left, step)
        return left > 0
    }

    /// Adds all states of another store.
    /// - Parameter reader: has them; it packs as this value does not.
    /// - Returns: false if one of them cannot be packed.
    mutating func addAll(of reader: StoreReader, _ memory: inout MemoryOwner) throws -> Bool {
        let total = reader.count
        index = try HashIndex(slotCount: max(Self.firstSlotCount, total * 2), &memory)
        let isPacked = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: keyWords) { key in
            (0..<total).allSatisfy { number in
                let state = reader.state(number)
                guard let bits = key.baseAddress, packState(packing, state.baseAddress, Int64(state.count), bits) else { return false }
                withUnsafePointer(to: keys) { storeKey($0, Int64(truncatingIfNeeded: number), bits, $0.pointee.words) }
                return true
            }
        }
        guard isPacked else { return false }
        count = total
        readyCount = total
        index.enter(0..<count, prefetch: { _ in }, hash: hash)
        return true
    }
}
