import CacheHints
import Synchronization

/// An open-addressing table from hashes to numbers, which are given out in ascending order. It holds no keys: whoever has them
/// by number compares them.
///
/// A slot takes four bytes: one more than a number, and above it as many bits of the hash, as a tag, as the numbers leave. The
/// upper half of a hash says where a search starts.
///
/// One thread writes; others may read meanwhile, and see each slot as it was before or after.
struct HashIndex {
    let slotCount: Int
    private let numberMask: UInt32
    private let slots: UnsafeMutablePointer<Atomic<UInt32>>

    static let maximumSlotCount = Int(UInt32.max)
    /// Numbers that are entered together, so that the memory for each is there when its turn comes.
    private static let batchSize = 32

    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(slotCount: Int, _ memory: inout MemoryOwner) throws {
        self.slotCount = slotCount
        numberMask = UInt32.max >> UInt32(UInt32(slotCount).leadingZeroBitCount)
        let region = try memory.reserve(capacity: slotCount * 4, usesLargePages: true)
        slots = region.base.bindMemory(to: Atomic<UInt32>.self, capacity: slotCount)
    }

    var bytes: Int { slotCount * 4 }

    /// Whether the table should grow.
    @inline(__always)
    func isCrowded(_ count: Int) -> Bool { count &* 5 > slotCount &* 4 }

    /// Whether the table must grow.
    func isFull(_ count: Int) -> Bool { count * 16 > slotCount * 15 }

    // MARK: Finding

    /// Where the search for a hash starts.
    @inline(__always)
    func start(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: slotCount)) &>> 32)
    }

    /// Goes on to the next slot with the tag of this hash.
    /// - Returns: the number in that slot, with `position` behind it; nil when an empty slot is met, with `position` at it.
    @inline(__always)
    func next(_ hash: UInt64, _ position: inout Int) -> Int? {
        let tag = UInt32(truncatingIfNeeded: hash) | numberMask
        while true {
            let slot = slots[position].load(ordering: .relaxed)
            if slot == 0 { return nil }
            position &+= 1
            if position == slotCount { position = 0 }
            if slot | numberMask == tag { return Int(truncatingIfNeeded: slot & numberMask) &- 1 }
        }
    }

    /// Writes an empty slot that `next` has found.
    @inline(__always)
    func set(_ position: Int, _ hash: UInt64, number: Int) {
        slots[position].store(
            UInt32(truncatingIfNeeded: hash) & ~numberMask | UInt32(truncatingIfNeeded: number &+ 1), ordering: .relaxed)
    }

    // MARK: Looking ahead

    @inline(__always)
    func prefetch(_ hash: UInt64) { prefetchCacheLine(slots + start(hash)) }

    /// The first number with the tag of a hash.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int? {
        var position = start(hash)
        return next(hash, &position)
    }

    // MARK: Growing

    /// Enters the numbers below `count` into an empty table.
    @inline(__always)
    private func fill(count: Int, _ hash: (Int) -> UInt64) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batchSize) { hashes in
            for first in stride(from: 0, to: count, by: Self.batchSize) {
                let size = min(Self.batchSize, count - first)
                for offset in 0..<size {
                    hashes[offset] = hash(first + offset)
                    prefetch(hashes[offset])
                }
                for offset in 0..<size {
                    var position = start(hashes[offset])
                    while slots[position].load(ordering: .relaxed) != 0 {
                        position &+= 1
                        if position == slotCount { position = 0 }
                    }
                    set(position, hashes[offset], number: first + offset)
                }
            }
        }
    }

    /// Makes the table larger: twice, half or a tenth as much again, whichever fits. The old one is given up before the new one
    /// takes memory.
    /// - Parameters:
    ///   - count: how many numbers there are.
    ///   - room: bytes by which it may grow.
    /// - Returns: false if there is no room.
    @inline(__always)
    mutating func grow(count: Int, room: Int, _ memory: inout MemoryOwner, hash: (Int) -> UInt64) -> Bool {
        for percent in [slotCount < 1 << 20 ? 200 : 150, 110] {
            let grown = min(slotCount * percent / 100, Self.maximumSlotCount)
            guard grown > slotCount, (grown - slotCount) * 4 <= room,
                let larger = try? HashIndex(slotCount: grown, &memory)
            else { continue }
            memory.release(slots)
            self = larger
            fill(count: count, hash)
            return true
        }
        return false
    }
}
