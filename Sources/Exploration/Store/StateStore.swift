import Foundation

/// The set of states seen so far. States lie one after the other in an arena, in the order of discovery, so the arena is also
/// the queue of a breadth-first search; an open-addressing index of 32-bit tags and 32-bit state numbers finds them again.
///
/// Equality is decided on the bytes of the states, never on hashes alone.
final class StateStore {
    enum Insertion: Equatable {
        case new(Int)
        case known(Int)
        /// There is no room for another state within the memory limit.
        case full
    }

    /// The number of a state without a predecessor.
    static let noParent = UInt32.max

    private let arena: MemoryRegion
    /// Where each state ends in the arena; 8 bytes a state.
    private let ends: MemoryRegion
    private let parents: MemoryRegion
    private var index: UnsafeMutablePointer<UInt64>
    private var indexBits: Int
    /// The most bytes that arena, ends, parents and index may take together.
    private let memoryLimit: Int
    private(set) var count = 0
    private var arenaUsed = 0

    /// - Parameter memoryLimit: bytes.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int) throws {
        self.memoryLimit = memoryLimit
        arena = try MemoryRegion(capacity: memoryLimit)
        ends = try MemoryRegion(capacity: min(memoryLimit, 8 << 32))
        parents = try MemoryRegion(capacity: min(memoryLimit, 4 << 32))
        indexBits = 12
        index = .allocate(capacity: 1 << indexBits)
        index.initialize(repeating: 0, count: 1 << indexBits)
    }

    deinit { index.deallocate() }

    /// Bytes in use, all told.
    var bytes: Int { arenaUsed + count * 12 + (8 << indexBits) }

    /// The bytes of a state; they stay where they are as long as the store lives.
    @inline(__always)
    func state(_ number: Int) -> UnsafeRawBufferPointer {
        let start = number == 0 ? 0 : end(of: number - 1)
        return UnsafeRawBufferPointer(start: arena.base + start, count: end(of: number) - start)
    }

    /// The state that a state was first reached from, or nil for the initial one.
    func parent(of number: Int) -> Int? {
        let parent = parents.base.load(fromByteOffset: number * 4, as: UInt32.self)
        return parent == Self.noParent ? nil : Int(parent)
    }

    @inline(__always)
    private func end(of number: Int) -> Int { ends.base.load(fromByteOffset: number * 8, as: Int.self) }

    /// Adds a state if it is not there yet.
    @inline(__always)
    func insert(_ state: UnsafeRawBufferPointer, parent: UInt32) -> Insertion {
        guard let bytes = state.baseAddress else { return .full }
        let hash = StateHash.hash(bytes, count: state.count)
        let tag = hash & 0xFFFF_FFFF_0000_0000
        let (position, known) = find(state, hash)
        if let known { return .known(known) }
        let needed = state.count + 12
        guard self.bytes + needed <= memoryLimit, count < Int(UInt32.max) - 1, !isTight else { return .full }
        (arena.base + arenaUsed).copyMemory(from: bytes, byteCount: state.count)
        arenaUsed += state.count
        ends.base.storeBytes(of: arenaUsed, toByteOffset: count * 8, as: Int.self)
        parents.base.storeBytes(of: parent, toByteOffset: count * 4, as: UInt32.self)
        index[position] = tag | UInt64(count + 1)
        count += 1
        if count * 3 > (2 << indexBits) { grow() }
        return .new(count - 1)
    }

    /// Whether a state is there.
    func contains(_ state: UnsafeRawBufferPointer) -> Bool {
        guard let bytes = state.baseAddress else { return false }
        return find(state, StateHash.hash(bytes, count: state.count)).number != nil
    }

    /// The slot of a state in the index, and its number; where it is not there yet, the slot that it would have.
    @inline(__always)
    private func find(_ state: UnsafeRawBufferPointer, _ hash: UInt64) -> (position: Int, number: Int?) {
        let mask = (1 << indexBits) - 1
        let tag = hash & 0xFFFF_FFFF_0000_0000
        var position = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = index[position]
            if slot == 0 { return (position, nil) }
            if slot & 0xFFFF_FFFF_0000_0000 == tag {
                let number = Int(slot & 0xFFFF_FFFF) - 1
                let known = self.state(number)
                if known.count == state.count, let one = known.baseAddress, let other = state.baseAddress,
                    memcmp(one, other, state.count) == 0
                {
                    return (position, number)
                }
            }
            position = (position + 1) & mask
        }
    }

    /// Makes the index four times as large, or twice where memory is short. Where not even that fits, probes get longer until the
    /// store is full.
    private func grow() {
        for factor in [2, 1] {
            let bits = indexBits + factor
            guard bytes - (8 << indexBits) + (8 << bits) <= memoryLimit, bits <= 36 else { continue }
            index.deallocate()
            index = .allocate(capacity: 1 << bits)
            index.initialize(repeating: 0, count: 1 << bits)
            indexBits = bits
            let mask = (1 << bits) - 1
            for number in 0..<count {
                let state = self.state(number)
                guard let base = state.baseAddress else { continue }
                let hash = StateHash.hash(base, count: state.count)
                var position = Int(truncatingIfNeeded: hash) & mask
                while index[position] != 0 { position = (position + 1) & mask }
                index[position] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(number + 1)
            }
            return
        }
        isTight = count * 8 > (7 << indexBits)
    }

    /// Whether the index is nearly full and cannot grow.
    private(set) var isTight = false
}
