import CStatePacking
import Dispatch

/// A table from hashes to numbers, which are given out in ascending order. It holds no keys: whoever has them by number compares
/// them.
///
/// A slot takes four bytes; see `SlotLines`. A line of slots is one of the cache, of which all are looked at at once, and where it is full
/// the search goes on in the next one.
///
/// One thread writes; others may read meanwhile, and see each slot as it was before or after.
struct HashIndex {
    /// A search for a hash: a line, and the slots of it that have the tag and have not been looked at.
    struct Search {
        fileprivate var line: Int
        fileprivate var matches: SlotMatches
    }

    /// For what looks at them in other ways, too.
    let lines: SlotLines

    /// Slots of a line.
    static let lineSize = 16
    static let maximumSlotCount = Int(UInt32.max) / lineSize * lineSize
    /// Numbers that are entered together, so that the memory for each is there when its turn comes.
    private static let batchSize = 32

    /// - Parameter slotCount: at least so many slots.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(slotCount: Int, _ memory: inout MemoryOwner) throws {
        let lineCount = max(1, (slotCount + Self.lineSize - 1) / Self.lineSize)
        let region = try memory.reserve(capacity: Self.bytes(lineCount * Self.lineSize), largePages: .fromTheFirst)
        lines = makeSlotLines(region.base, UInt64(lineCount))
    }

    private var lineCount: Int { Int(truncatingIfNeeded: lines.count) }

    var slotCount: Int { lineCount &* Self.lineSize }

    private var numberMask: UInt32 { lines.numberMask }

    /// Bytes of so many slots, and of what is known of their lines.
    private static func bytes(_ slotCount: Int) -> Int { slotCount / lineSize &* Int(slotLineBytes) }

    var bytes: Int { Self.bytes(slotCount) }

    /// Whether the table should grow.
    @inline(__always)
    func isCrowded(_ count: Int) -> Bool { count &* 5 > slotCount &* 4 }

    /// The most numbers with which it is not crowded.
    var comfortableCount: Int { slotCount / 5 * 4 }

    /// Whether the table must grow.
    func isFull(_ count: Int) -> Bool { count * 16 > slotCount * 15 }

    // MARK: Finding

    /// The line in which the search for a hash starts.
    @inline(__always)
    private func line(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: lineOfHash(hash, lines.count)) }

    @inline(__always)
    private func firstSlot(ofLine line: Int) -> UnsafePointer<UInt32> { UnsafePointer(lines.slots + line &* Self.lineSize) }

    @inline(__always)
    private func matches(_ hash: UInt64, inLine line: Int) -> SlotMatches {
        matchSlots(firstSlot(ofLine: line), tagOfHash(hash, numberMask), numberMask)
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
                let value = readSlot(firstSlot(ofLine: search.line) + slot)
                // No number is in an empty slot, whatever the tag.
                if value & numberMask != 0 { return Int(truncatingIfNeeded: value & numberMask) &- 1 }
            } else if search.matches.empty != 0 {
                return nil
            } else {
                goOn(hash, &search)
            }
        }
    }

    /// Writes an empty slot of the line at which a search has ended.
    @inline(__always)
    func set(_ search: Search, _ hash: UInt64, number: Int) {
        withUnsafePointer(to: lines) {
            takeSlot($0, UInt64(truncatingIfNeeded: search.line), search.matches.empty, hash, Int64(truncatingIfNeeded: number))
        }
    }

    // MARK: Looking ahead

    @inline(__always)
    func prefetch(_ hash: UInt64) { withUnsafePointer(to: lines) { prefetchCacheLine(slotsOfHash($0, hash)) } }

    /// The first number with the tag of a hash.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int? {
        var search = search(hash)
        return next(hash, &search)
    }

    // MARK: Growing

    /// Enters numbers that are not there.
    /// - Parameters:
    ///   - prefetch: asks for the memory in which the key of a number is.
    ///   - hash: that of a number.
    @inline(__always)
    func enter(_ numbers: some RandomAccessCollection<Int>, prefetch: (Int) -> Void, hash: (Int) -> UInt64) {
        var rest = numbers[...]
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batchSize) { hashes in
            while !rest.isEmpty {
                let batch = rest.prefix(Self.batchSize)
                rest = rest.dropFirst(Self.batchSize)
                for number in batch { prefetch(number) }
                for (offset, number) in batch.enumerated() {
                    hashes[offset] = hash(number)
                    self.prefetch(hashes[offset])
                }
                for (offset, number) in batch.enumerated() {
                    var search = search(hashes[offset])
                    while search.matches.empty == 0 {
                        goOn(hashes[offset], &search)
                    }
                    set(search, hashes[offset], number: number)
                }
            }
        }
    }

    /// The size to which it grows where there is room for so many bytes: twice or half as large again, in large pages that are whole, or a
    /// tenth.
    private func largerCount(room: Int) -> Int? {
        let pageSlots = MemoryRegion.largePageSize / 4
        let count = slotCount * (slotCount < 1 << 20 ? 200 : 150) / 100
        let inPages = count < pageSlots ? count : (count + pageSlots / 2) / pageSlots * pageSlots
        return [inPages, slotCount * 110 / 100].lazy.map { min($0, Self.maximumSlotCount) }
            .first { $0 > slotCount && Self.bytes($0) - bytes <= room }
    }

    /// Whether it can grow by so many bytes.
    func canGrow(room: Int) -> Bool { largerCount(room: room) != nil }

    /// Makes the table larger, by as much as fits. If both do not fit, the old one is given up before the new one takes memory.
    /// - Parameters:
    ///   - count: there are the numbers below.
    ///   - room: bytes by which it may grow.
    ///   - threads: so many may work on it.
    ///   - isAlone: whether nobody reads a copy, now or later: the old table is given up while the new one takes its numbers.
    ///   - prefetch: asks for the memory in which the key of a number is.
    ///   - hash: that of a number.
    /// - Returns: false if there is no room.
    @inline(__always)
    mutating func grow(
        _ count: Int, room: Int, threads: Int = 1, isAlone: Bool = false, _ memory: inout MemoryOwner, prefetch: (Int) -> Void,
        hash: (Int) -> UInt64
    ) -> Bool {
        guard let grown = largerCount(room: room), let larger = try? HashIndex(slotCount: grown, &memory) else { return false }
        let left = larger.bytes <= room ? larger.takeNumbers(count, from: self, threads: threads, emptying: isAlone) : nil
        memory.release(lines.slots)
        self = larger
        if let left {
            for numbers in left { enter(numbers.lazy.map(Int.init), prefetch: prefetch, hash: hash) }
        } else {
            enter(0..<count, prefetch: prefetch, hash: hash)
        }
        return true
    }

    /// It takes longer to start threads than to move so few numbers.
    private static let manyNumbers = 1 << 17

    /// Lines that fill a large page.
    private static let pageLines = UInt64(MemoryRegion.largePageSize / (lineSize * 4))

    /// Takes the numbers of a smaller table, while this one is empty, but for those of which the hash has to be known.
    /// - Parameter emptying: whether to give back the memory of the smaller one meanwhile.
    /// - Returns: those; nil if they are too many, and this table is as empty as before.
    private func takeNumbers(_ count: Int, from smaller: HashIndex, threads: Int, emptying: Bool) -> [[UInt32]]? {
        let parts = count < Self.manyNumbers ? 1 : threads
        let limit = max(Self.lineSize * 4, count / parts / 2)
        var left = [[UInt32]](repeating: [], count: parts)
        left.withUnsafeMutableBufferPointer { buffer in
            // Each part has its own list, and its own lines.
            nonisolated(unsafe) let (left, from, to) = (buffer, smaller.lines, lines)
            @Sendable func take(_ part: Int) {
                let (first, end) = (from.count * UInt64(part) / UInt64(parts), from.count * UInt64(part + 1) / UInt64(parts))
                left[part] = [UInt32](unsafeUninitializedCapacity: limit) { list, size in
                    guard let list = list.baseAddress else { return }
                    var next = first
                    while next < end {
                        let stop = emptying ? min(end, (next / Self.pageLines + 1) * Self.pageLines) : end
                        size += Int(moveSlots(from, to, next, stop, list + size, Int64(limit - size)))
                        size = min(size, limit)
                        if emptying, stop - next == Self.pageLines { MemoryRegion.discardLargePage(from.slots + Int(next) * Self.lineSize) }
                        next = stop
                    }
                }
            }
            if parts == 1 { take(0) } else { DispatchQueue.concurrentPerform(iterations: parts, execute: take) }
        }
        if left.allSatisfy({ $0.count < limit }) { return left }
        UnsafeMutableRawPointer(lines.slots).initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return nil
    }
}
