import CacheHints
import CStatePacking

/// The stored states as packed keys, each of as many words, by their numbers: where states take few bits, they are found soonest so.
///
/// A copy of this value is what there was then: another thread may read it while the store grows. The memory belongs to the owner
/// that goes with it.
struct PackedStates {
    /// Words of a key.
    let keyWords: Int
    /// Belongs to a `StatePacking`.
    let packing: UnsafePointer<Packing>
    /// The keys.
    let keys: UnsafeMutablePointer<UInt64>
    private(set) var count = 0
    /// Up to so many states there is room.
    private var readyCount = 0
    private(set) var index: HashIndex

    private static let firstSlotCount = 1 << 12
    /// So many states are added before memory is looked at again.
    private static let stepSize = 1 << 10

    /// - Parameters:
    ///   - packing: stays the caller's.
    ///   - memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(_ packing: StatePacking, memoryLimit: Int, _ memory: inout MemoryOwner) throws {
        self.packing = UnsafePointer(packing.packing)
        keyWords = packing.keyWords
        let region = try memory.reserve(capacity: memoryLimit + 4096, usesLargePages: true)
        keys = region.base.bindMemory(to: UInt64.self, capacity: region.capacity / 8)
        index = try HashIndex(slotCount: 1, &memory)
    }

    /// The same states, and keys, where more bits are packed than before.
    init(_ other: PackedStates, _ packing: StatePacking) {
        (keyWords, keys, count, readyCount, index) = (other.keyWords, other.keys, other.count, other.readyCount, other.index)
        self.packing = UnsafePointer(packing.packing)
    }

    /// Bytes in use.
    var bytes: Int { count &* keyWords &* 8 &+ index.bytes }

    @inline(__always)
    func key(_ number: Int) -> UnsafeMutablePointer<UInt64> { keys + number &* keyWords }

    @inline(__always)
    func hash(_ key: UnsafePointer<UInt64>) -> UInt64 { hashOfKey(key, Int64(keyWords)) }

    /// Whether a state has this key.
    @inline(__always)
    private func matches(_ number: Int, _ key: UnsafePointer<UInt64>) -> Bool {
        let own = self.key(number)
        var difference = own[0] ^ key[0]
        var word = 1
        while word < keyWords {
            difference |= own[word] ^ key[word]
            word &+= 1
        }
        return difference == 0
    }

    // MARK: Finding

    /// The number of a state; where it is not there, the search ends at the slot that it would have.
    @inline(__always)
    private func find(_ key: UnsafePointer<UInt64>, _ hash: UInt64, _ search: inout HashIndex.Search) -> Int? {
        while let number = index.next(hash, &search) {
            // Later ones are not there yet, seen from a copy.
            if number < count, matches(number, key) { return number }
        }
        return nil
    }

    /// The number of a state, if it is there.
    func find(_ key: UnsafePointer<UInt64>) -> Int? { find(key, hash(key)) }

    /// The number of a state, if it is there.
    /// - Parameter hash: that of the key.
    @inline(__always)
    private func find(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> Int? {
        var search = index.search(hash)
        return find(key, hash, &search)
    }

    /// Finds out which successors are known: first where each may be, for the memory takes its time, and then whether it is there.
    /// - Parameters:
    ///   - keys: those of all places.
    ///   - unknown: what a place says that is looked for, and goes on to say if the state is not there.
    func lookUp(
        _ successors: Range<Int>, _ places: UnsafeMutablePointer<SuccessorPlace>, _ keys: UnsafePointer<UInt64>, unknown: Int
    ) {
        for successor in successors where places[successor].number == unknown {
            if let number = index.candidate(places[successor].hash), number < count {
                prefetchCacheLine(key(number))
                places[successor].number = Int64(truncatingIfNeeded: number)
            }
        }
        for successor in successors where places[successor].number >= 0 {
            let key = keys + successor &* keyWords
            if matches(Int(truncatingIfNeeded: places[successor].number), key) { continue }
            places[successor].number = Int64(truncatingIfNeeded: find(key, places[successor].hash) ?? unknown)
        }
    }

    // MARK: Adding

    /// Whether so many states can be added before `makeRoom` has to be called.
    @inline(__always)
    func hasRoom(for more: Int) -> Bool { readyCount &- count >= more }

    /// Adds a state if it is not there yet; there is room for it.
    /// - Parameter hash: that of the key.
    /// - Returns: its number.
    @inline(__always)
    mutating func insertWhereRoomIs(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> Int {
        var search = index.search(hash)
        if let known = find(key, hash, &search) { return known }
        index.set(search, hash, number: count)
        append(key)
        return count &- 1
    }

    /// Adds a state if it is not there yet.
    /// - Parameter hash: that of the key.
    /// - Returns: nil, with nothing done, where `makeRoom` has to be called first.
    mutating func insert(_ key: UnsafePointer<UInt64>, _ hash: UInt64) -> StateStore.Insertion? {
        if !hasRoom(for: 1) { return find(key, hash).map { .known($0) } }
        let (before, number) = (count, insertWhereRoomIs(key, hash))
        return number == before ? .new(number) : .known(number)
    }

    @inline(__always)
    private mutating func append(_ key: UnsafePointer<UInt64>) {
        let own = self.key(count)
        var word = 0
        while word < keyWords {
            own[word] = key[word]
            word &+= 1
        }
        count &+= 1
    }

    /// Makes room for at least one more state. Where memory is short, probes get longer until the store is full.
    /// - Parameter room: bytes by which the states may grow.
    /// - Returns: false if there is none.
    mutating func makeRoom(_ room: Int, _ memory: inout MemoryOwner) -> Bool {
        let stateSize = keyWords * 8
        var room = room
        if index.isCrowded(count + 1) {
            let (states, bytes) = (self, index.bytes)
            let hasGrown = index.grow(count: count, room: room - stateSize, &memory) { states.hash(states.key($0)) }
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
        for number in 0..<total {
            let state = reader.state(number)
            guard packState(packing, state.baseAddress, Int64(state.count), key(number)) else { return false }
        }
        count = total
        readyCount = total
        index.fill(count: total) { hash(key($0)) }
        return true
    }
}
