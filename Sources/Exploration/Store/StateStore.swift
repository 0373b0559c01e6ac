import Automata
import CacheHints
import Foundation

/// The set of states seen so far. States lie one after the other in an arena, in the order of discovery, so the arena is also
/// the queue of a breadth-first search; an index of their hashes finds them again.
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

    let arena: MemoryRegion
    /// Where each state ends in the arena, 8 bytes a state; not in use as long as all states have one size.
    let ends: MemoryRegion
    private let parents: MemoryRegion
    private(set) var index: StateIndex
    /// The most bytes that arena, ends, parents and index may take together.
    private let memoryLimit: Int
    /// Bytes of the limit that something else uses.
    var bytesElsewhere = 0
    private(set) var count = 0
    private var arenaUsed = 0
    /// The size of the states, as long as it is the same for all.
    private(set) var commonSize = 0
    private(set) var hasEnds = false

    /// - Parameter memoryLimit: bytes.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int) throws {
        self.memoryLimit = memoryLimit
        arena = try MemoryRegion(capacity: memoryLimit, usesLargePages: true)
        ends = try MemoryRegion(capacity: min(memoryLimit, 8 << 32))
        parents = try MemoryRegion(capacity: min(memoryLimit, 4 << 32))
        index = try StateIndex(bits: 12)
    }

    /// Bytes in use, all told.
    var bytes: Int { arenaUsed + count * bytesBesides + index.bytes }

    /// Bytes that each state takes besides its own and the index.
    private var bytesBesides: Int { hasEnds ? 12 : 4 }

    /// The bytes of a state; they stay where they are as long as the store lives.
    @inline(__always)
    func state(_ number: Int) -> UnsafeRawBufferPointer {
        if !hasEnds { return UnsafeRawBufferPointer(start: arena.base + number &* commonSize, count: commonSize) }
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

    // MARK: Insertion

    /// The hash that `insert` wants.
    @inline(__always)
    static func hash(_ state: UnsafeRawBufferPointer) -> UInt64 {
        guard let bytes = state.baseAddress else { return 0 }
        return StateHash.hash(bytes, count: state.count)
    }

    /// Asks for the memory where the index would hold a state.
    @inline(__always)
    func prefetchSlot(_ hash: UInt64) { index.prefetch(hash) }

    /// Asks for the memory of the state that probably equals the one with this hash, if there is one.
    @inline(__always)
    func prefetchState(_ hash: UInt64) {
        guard let number = index.candidate(hash) else { return }
        prefetchCacheLine(state(number).baseAddress)
    }

    /// Adds a state if it is not there yet.
    func insert(_ state: UnsafeRawBufferPointer, parent: UInt32) -> Insertion {
        insert(state, hash: Self.hash(state), parent: parent)
    }

    /// Adds a state if it is not there yet.
    @inline(__always)
    func insert(_ state: UnsafeRawBufferPointer, hash: UInt64, parent: UInt32) -> Insertion {
        guard let bytes = state.baseAddress else { return .full }
        var position = index.start(hash)
        if let known = find(state, hash, &position) { return .known(known) }
        guard append(bytes, size: state.count, parent: parent) else { return .full }
        index.set(position, hash, number: count - 1)
        if index.isCrowded(count) { grow() }
        return .new(count - 1)
    }

    /// Whether a state is there.
    func contains(_ state: UnsafeRawBufferPointer) -> Bool {
        let hash = Self.hash(state)
        var position = index.start(hash)
        return find(state, hash, &position) != nil
    }

    /// The number of a state; where it is not there, `position` is the slot that it would have.
    @inline(__always)
    private func find(_ state: UnsafeRawBufferPointer, _ hash: UInt64, _ position: inout Int) -> Int? {
        guard let bytes = state.baseAddress else { return nil }
        while let number = index.next(hash, &position) {
            let known = self.state(number)
            if known.count == state.count, let other = known.baseAddress, memcmp(other, bytes, state.count) == 0 {
                return number
            }
        }
        return nil
    }

    @inline(__always)
    private func append(_ bytes: UnsafeRawPointer, size: Int, parent: UInt32) -> Bool {
        if size != commonSize, !hasEnds, !allowSize(size) { return false }
        let needed = size + bytesBesides
        guard self.bytes + bytesElsewhere + needed <= memoryLimit, count < Int(UInt32.max) - 1, !isTight else { return false }
        (arena.base + arenaUsed).copyMemory(from: bytes, byteCount: size)
        arenaUsed += size
        if hasEnds { ends.base.storeBytes(of: arenaUsed, toByteOffset: count * 8, as: Int.self) }
        parents.base.storeBytes(of: parent, toByteOffset: count * 4, as: UInt32.self)
        count += 1
        return true
    }

    /// Makes ready for a state of another size than before; false if there is no memory for it.
    @inline(never)
    private func allowSize(_ size: Int) -> Bool {
        if count == 0 {
            commonSize = size
            return true
        }
        guard bytes + bytesElsewhere + count * 8 <= memoryLimit else { return false }
        for number in 0..<count {
            ends.base.storeBytes(of: (number + 1) * commonSize, toByteOffset: number * 8, as: Int.self)
        }
        hasEnds = true
        return true
    }

    /// Makes the index four times as large, or twice where memory is short. Where not even that fits, probes get longer until the
    /// store is full.
    @inline(never)
    private func grow() {
        for factor in [2, 1] {
            let bits = index.bits + factor
            guard bytes + bytesElsewhere - index.bytes + StateIndex.bytes(bits: bits) <= memoryLimit, bits <= StateIndex.maximumBits,
                let larger = try? StateIndex(bits: bits)
            else { continue }
            larger.fill(from: index)
            index = larger
            return
        }
        isTight = index.isFull(count)
    }

    /// Whether the index is nearly full and cannot grow.
    private(set) var isTight = false
}
