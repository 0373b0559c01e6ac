import CStatePacking
import Synchronization

/// A table from hashes to numbers, which are given out in ascending order. It holds no keys: whoever has them by number compares
/// them.
///
/// A slot takes four bytes: one more than a number, and above it as many bits of the hash, as a tag, as the numbers leave. The
/// upper half of a hash says in which line of slots a search starts; a line is one of the cache, of which all slots are looked at at
/// once, and where it is full the search goes on in the next one.
///
/// One thread writes; others may read meanwhile, and see each slot as it was before or after.
struct HashIndex {
    /// A search for a hash: a line, and the slots of it that have the tag and have not been looked at.
    struct Search {
        fileprivate var line: Int
        fileprivate var matches: SlotMatches
    }

    let slotCount: Int
    private let lineCount: Int
    /// The bits of a slot that say a number.
    let numberMask: UInt32
    private let slots: UnsafeMutablePointer<Atomic<UInt32>>

    /// Slots of a line.
    static let lineSize = 16
    static let maximumSlotCount = Int(UInt32.max) / lineSize * lineSize
    /// Numbers that are entered together, so that the memory for each is there when its turn comes.
    private static let batchSize = 32

    /// - Parameter slotCount: at least so many slots.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(slotCount: Int, _ memory: inout MemoryOwner) throws {
        lineCount = max(1, (slotCount + Self.lineSize - 1) / Self.lineSize)
        self.slotCount = lineCount * Self.lineSize
        numberMask = UInt32.max >> UInt32(UInt32(self.slotCount).leadingZeroBitCount)
        let region = try memory.reserve(capacity: self.slotCount * 4, largePages: .fromTheFirst)
        slots = region.base.bindMemory(to: Atomic<UInt32>.self, capacity: self.slotCount)
    }

    var bytes: Int { slotCount * 4 }

    /// Whether the table should grow.
    @inline(__always)
    func isCrowded(_ count: Int) -> Bool { count &* 5 > slotCount &* 4 }

    /// The most numbers with which it is not crowded.
    var comfortableCount: Int { slotCount / 5 * 4 }

    /// Whether the table must grow.
    func isFull(_ count: Int) -> Bool { count * 16 > slotCount * 15 }

    /// Empties all slots.
    func removeAll() { UnsafeMutableRawPointer(slots).initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }

    // MARK: Finding

    /// The line in which the search for a hash starts.
    @inline(__always)
    private func line(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: lineOfHash(hash, UInt64(truncatingIfNeeded: lineCount)))
    }

    @inline(__always)
    private func firstSlot(ofLine line: Int) -> UnsafePointer<UInt32> {
        UnsafeRawPointer(slots + line &* Self.lineSize).assumingMemoryBound(to: UInt32.self)
    }

    @inline(__always)
    private func matches(_ hash: UInt64, inLine line: Int) -> SlotMatches {
        matchSlots(firstSlot(ofLine: line), UInt32(truncatingIfNeeded: hash), numberMask)
    }

    /// Starts to search for a hash.
    @inline(__always)
    func search(_ hash: UInt64) -> Search {
        let line = line(hash)
        return Search(line: line, matches: matches(hash, inLine: line))
    }

    /// Goes on to the next line.
    @inline(__always)
    private func goOn(_ hash: UInt64, _ search: inout Search) {
        search.line = search.line &+ 1 == lineCount ? 0 : search.line &+ 1
        search.matches = matches(hash, inLine: search.line)
    }

    /// Goes on to the next slot with the tag of this hash.
    /// - Returns: the number in that slot; nil when an empty slot is met, where the number for this hash can be `set`.
    @inline(__always)
    func next(_ hash: UInt64, _ search: inout Search) -> Int? {
        while true {
            if search.matches.equal != 0 {
                let slot = search.matches.equal.trailingZeroBitCount
                search.matches.equal &= search.matches.equal &- 1
                let value = slots[search.line &* Self.lineSize &+ slot].load(ordering: .relaxed)
                // No number is in an empty slot, whatever the tag.
                if value & numberMask != 0 { return Int(truncatingIfNeeded: value & numberMask) &- 1 }
            } else if search.matches.empty != 0 {
                return nil
            } else {
                goOn(hash, &search)
            }
        }
    }

    /// Writes the empty slot at which a search has ended.
    @inline(__always)
    func set(_ search: Search, _ hash: UInt64, number: Int) {
        slots[search.line &* Self.lineSize &+ search.matches.empty.trailingZeroBitCount].store(
            UInt32(truncatingIfNeeded: hash) & ~numberMask | UInt32(truncatingIfNeeded: number &+ 1), ordering: .relaxed)
    }

    // MARK: Looking ahead

    @inline(__always)
    func prefetch(_ hash: UInt64) { prefetchCacheLine(firstSlot(ofLine: line(hash))) }

    /// The lines, for what looks at them in other ways.
    var lines: (first: UnsafeMutablePointer<UInt32>, count: Int) { (UnsafeMutablePointer(mutating: firstSlot(ofLine: 0)), lineCount) }

    /// The first number with the tag of a hash.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int? {
        var search = search(hash)
        return next(hash, &search)
    }

    // MARK: Growing

    /// Enters the numbers below `count` into an empty table.
    @inline(__always)
    func fill(count: Int, _ hash: (Int) -> UInt64) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batchSize) { hashes in
            for first in stride(from: 0, to: count, by: Self.batchSize) {
                let size = min(Self.batchSize, count - first)
                for offset in 0..<size {
                    hashes[offset] = hash(first + offset)
                    prefetch(hashes[offset])
                }
                for offset in 0..<size {
                    var search = search(hashes[offset])
                    while search.matches.empty == 0 {
                        goOn(hashes[offset], &search)
                    }
                    set(search, hashes[offset], number: first + offset)
                }
            }
        }
    }

    /// The sizes that are tried: twice or half as large again, in large pages that are whole, or a tenth.
    private var largerCounts: [Int] {
        let pageSlots = MemoryRegion.largePageSize / 4
        let count = slotCount * (slotCount < 1 << 20 ? 200 : 150) / 100
        let inPages = count < pageSlots ? count : (count + pageSlots / 2) / pageSlots * pageSlots
        return [inPages, slotCount * 110 / 100].map { min($0, Self.maximumSlotCount) }
    }

    /// Makes the table larger, by as much as fits. The old one is given up before the new one takes memory.
    /// - Parameters:
    ///   - room: bytes by which it may grow.
    ///   - fill: enters the numbers that there are.
    /// - Returns: false if there is no room.
    @inline(__always)
    mutating func grow(room: Int, _ memory: inout MemoryOwner, fill: (HashIndex) -> Void) -> Bool {
        for grown in largerCounts {
            guard grown > slotCount, (grown - slotCount) * 4 <= room,
                let larger = try? HashIndex(slotCount: grown, &memory)
            else { continue }
            memory.release(slots)
            self = larger
            fill(self)
            return true
        }
        return false
    }
}
