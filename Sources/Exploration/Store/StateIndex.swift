import CacheHints
import Synchronization

/// An open-addressing table from hashes to the numbers of states.
///
/// A slot is the upper half of a hash, as a tag, above a 32-bit number. The uppermost bits of the tag say where a search starts,
/// so that a table can be filled from a smaller one without hashing again, and from front to back.
///
/// One thread writes; others may read meanwhile, and see each slot as it was before or after.
struct StateIndex {
    /// More would not be told apart by the tags.
    static let maximumBits = 32

    let bits: Int
    private let shift: UInt64
    private let mask: Int
    private let region: MemoryRegion
    private let slots: UnsafeMutablePointer<Atomic<UInt64>>

    private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(bits: Int) throws {
        self.bits = bits
        shift = UInt64(64 - bits)
        mask = (1 << bits) - 1
        region = try MemoryRegion(capacity: Self.bytes(bits: bits), usesLargePages: bits >= 18)
        slots = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: 1 << bits)
    }

    static func bytes(bits: Int) -> Int { 8 << bits }

    var bytes: Int { Self.bytes(bits: bits) }

    /// Whether the table should grow.
    @inline(__always)
    func isCrowded(_ count: Int) -> Bool { count &* 3 > 2 << bits }

    /// Whether the table must grow.
    func isFull(_ count: Int) -> Bool { count * 8 > 7 << bits }

    // MARK: Finding

    /// Where the search for a hash starts.
    @inline(__always)
    func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> shift) }

    /// Goes on to the next slot with the tag of this hash.
    /// - Returns: the number in that slot, with `position` behind it; nil when an empty slot is met, with `position` at it.
    @inline(__always)
    func next(_ hash: UInt64, _ position: inout Int) -> Int? {
        while true {
            let slot = slots[position].load(ordering: .relaxed)
            if slot == 0 { return nil }
            position = (position &+ 1) & mask
            if (slot ^ hash) & Self.tagMask == 0 { return Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1 }
        }
    }

    /// Writes an empty slot that `next` has found.
    @inline(__always)
    func set(_ position: Int, _ hash: UInt64, number: Int) {
        slots[position].store(hash & Self.tagMask | UInt64(truncatingIfNeeded: number &+ 1), ordering: .relaxed)
    }

    // MARK: Looking ahead

    @inline(__always)
    func prefetch(_ hash: UInt64) { prefetchCacheLine(slots + start(hash)) }

    /// The first number with the tag of a hash, among the first few slots.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int? {
        let first = start(hash)
        for distance in 0..<3 {
            let slot = slots[(first &+ distance) & mask].load(ordering: .relaxed)
            if slot == 0 { return nil }
            if (slot ^ hash) & Self.tagMask == 0 { return Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1 }
        }
        return nil
    }

    // MARK: Growing

    /// Takes over the slots of a smaller table; this one is empty.
    func fill(from smaller: StateIndex) {
        for old in 0...smaller.mask {
            let slot = smaller.slots[old].load(ordering: .relaxed)
            if slot == 0 { continue }
            var position = start(slot)
            while slots[position].load(ordering: .relaxed) != 0 { position = (position &+ 1) & mask }
            slots[position].store(slot, ordering: .relaxed)
        }
    }
}
