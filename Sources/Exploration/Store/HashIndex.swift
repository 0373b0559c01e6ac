import CStatePacking
import Dispatch

/// A table from hashes to numbers, which are given out in ascending order. It holds no keys: whoever has them by number compares
/// them.
///
/// A slot takes four bytes; see `SlotLines`. A line of slots is one of the cache, of which all are looked at at once, and where it is full
/// the search goes on in the next one. An index that is to be small has narrow slots, nearly all of which are in use, and grows by little
/// at a time; see `NarrowLines`.
///
/// One thread writes; others may read meanwhile, and see each slot as it was before or after; or, of a narrow one that is written, what
/// is no number, or that of another hash.
struct HashIndex {
    /// A search for a hash: a line, and the slots of it that have the tag and have not been looked at, and those that are empty, as bits.
    struct Search {
        fileprivate var line: Int
        fileprivate var equal: UInt64
        fileprivate let empty: UInt64
    }

    /// For what looks at them in other ways, too. Of no use where slots are narrow.
    let lines: SlotLines
    private let narrow: NarrowLines
    private let isSmall: Bool
    private let lineCount: Int
    /// The memory that the lines begin.
    private let base: UnsafeMutableRawPointer

    /// Slots of a line that are not narrow.
    private static let wideLineSize = 16
    /// Numbers that are entered together, so that the memory for each is there when its turn comes.
    private static let batchSize = 32

    /// - Parameters:
    ///   - slotCount: at least so many slots.
    ///   - isSmall: whether to take as little memory as can be, however long searches take.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(slotCount: Int, isSmall: Bool = false, _ memory: inout MemoryOwner) throws {
        lineCount = Self.lineCount(slotCount, isSmall: isSmall)
        let slotCount = lineCount * Self.lineSize(isSmall: isSmall)
        base = try memory.reserve(capacity: Self.bytes(slotCount, isSmall: isSmall), largePages: .fromTheFirst).base
        self.isSmall = isSmall
        lines = makeSlotLines(base, UInt64(isSmall ? 1 : lineCount))
        narrow = NarrowLines(
            words: base.assumingMemoryBound(to: UInt64.self), count: UInt64(lineCount), numberBits: UInt64(Self.numberBits(slotCount)))
    }

    /// Slots of a line.
    private static func lineSize(isSmall: Bool) -> Int { isSmall ? Int(narrowLineSize) : wideLineSize }

    /// Lines with at least so many slots.
    private static func lineCount(_ slotCount: Int, isSmall: Bool) -> Int {
        let lineSize = lineSize(isSmall: isSmall)
        let count = max(1, (slotCount + lineSize - 1) / lineSize)
        if !isSmall || count < 4 { return count }
        // A prime number, so that the search for a hash goes through all of them.
        return (count...).first { candidate in
            (2...).lazy.prefix { $0 * $0 <= candidate }.allSatisfy { candidate % $0 != 0 }
        } ?? count
    }

    private var lineSize: Int { Self.lineSize(isSmall: isSmall) }

    /// Bits of the numbers in so many narrow slots.
    private static func numberBits(_ slotCount: Int) -> Int { Int.bitWidth - slotCount.leadingZeroBitCount }

    private var maximumSlotCount: Int { Int(UInt32.max) / lineSize * lineSize }

    var slotCount: Int { lineCount &* lineSize }

    private var numberMask: UInt32 { lines.numberMask }

    /// Bytes of so many slots, and of what is known of their lines, or the words behind them.
    private static func bytes(_ slotCount: Int, isSmall: Bool) -> Int {
        let lineCount = slotCount / lineSize(isSmall: isSmall)
        return isSmall ? (lineCount &* Int(narrowLineBits(UInt64(numberBits(slotCount)))) &+ 127) / 64 &* 8 : lineCount &* Int(slotLineBytes)
    }

    var bytes: Int { Self.bytes(slotCount, isSmall: isSmall) }

    /// Whether the table should grow.
    @inline(__always)
    func isCrowded(_ count: Int) -> Bool { isSmall ? count &* 25 > slotCount &* 24 : count &* 5 > slotCount &* 4 }

    /// The most numbers with which it is not crowded.
    var comfortableCount: Int { isSmall ? slotCount / 25 * 24 : slotCount / 5 * 4 }

    /// Whether the table must grow.
    func isFull(_ count: Int) -> Bool { isSmall ? count * 50 > slotCount * 49 : count * 16 > slotCount * 15 }

    // MARK: Finding

    /// Looks at a line.
    @inline(__always)
    private func search(_ hash: UInt64, inLine line: Int) -> Search {
        if isSmall {
            let matches = withUnsafePointer(to: narrow) { matchNarrowLine($0, UInt64(truncatingIfNeeded: line), hash) }
            return Search(line: line, equal: matches.equal, empty: matches.empty)
        }
        let matches = matchSlots(lines.slots + line &* Self.wideLineSize, tagOfHash(hash, numberMask), numberMask)
        return Search(line: line, equal: UInt64(truncatingIfNeeded: matches.equal), empty: UInt64(truncatingIfNeeded: matches.empty))
    }

    /// Starts to search for a hash.
    @inline(__always)
    func search(_ hash: UInt64) -> Search {
        let line = isSmall ? withUnsafePointer(to: narrow) { narrowLineOfHash($0, hash) } : lineOfHash(hash, lines.count)
        return search(hash, inLine: Int(truncatingIfNeeded: line))
    }

    /// Goes on to the next line.
    @inline(__always)
    private func goOn(_ hash: UInt64, _ search: inout Search) {
        let next =
            isSmall
            ? withUnsafePointer(to: narrow) { narrowLineAfter($0, UInt64(truncatingIfNeeded: search.line), hash) }
            : UInt64(truncatingIfNeeded: search.line &+ 1 == lineCount ? 0 : search.line &+ 1)
        search = self.search(hash, inLine: Int(truncatingIfNeeded: next))
    }

    /// The slot that a bit says.
    @inline(__always)
    private func slot(_ bits: UInt64) -> Int { isSmall ? bits.trailingZeroBitCount / Int(narrowTagBits) : bits.trailingZeroBitCount }

    /// The number in a slot; nil if there is none, whatever the tag.
    @inline(__always)
    private func number(inSlot slot: Int, ofLine line: Int) -> Int? {
        if isSmall {
            return withUnsafePointer(to: narrow) {
                Int(truncatingIfNeeded: numberInNarrowLine($0, UInt64(truncatingIfNeeded: line), UInt64(truncatingIfNeeded: slot)))
            }
        }
        let value = readSlot(lines.slots + (line &* Self.wideLineSize &+ slot)) & numberMask
        return value == 0 ? nil : Int(truncatingIfNeeded: value) &- 1
    }

    /// Goes on to the next slot with the tag of this hash.
    /// - Returns: the number in that slot; nil when an empty slot is met, where the number for this hash can be `set`.
    @inline(__always)
    func next(_ hash: UInt64, _ search: inout Search) -> Int? {
        while true {
            if search.equal != 0 {
                let slot = slot(search.equal)
                search.equal &= search.equal &- 1
                if let number = number(inSlot: slot, ofLine: search.line) { return number }
            } else if search.empty != 0 {
                return nil
            } else {
                goOn(hash, &search)
            }
        }
    }

    /// Writes an empty slot of the line at which a search has ended.
    @inline(__always)
    func set(_ search: Search, _ hash: UInt64, number: Int) {
        let line = UInt64(truncatingIfNeeded: search.line)
        if isSmall {
            return withUnsafePointer(to: narrow) {
                takeNarrowSlot($0, line, UInt64(truncatingIfNeeded: slot(search.empty)), hash, UInt64(truncatingIfNeeded: number))
            }
        }
        withUnsafePointer(to: lines) {
            takeSlot($0, line, UInt32(truncatingIfNeeded: search.empty), hash, Int64(truncatingIfNeeded: number))
        }
    }

    // MARK: Looking ahead

    @inline(__always)
    func prefetch(_ hash: UInt64) {
        if isSmall { return withUnsafePointer(to: narrow) { prefetchNarrowLine($0, narrowLineOfHash($0, hash)) } }
        withUnsafePointer(to: lines) { prefetchCacheLine(slotsOfHash($0, hash)) }
    }

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
                    while search.empty == 0 {
                        goOn(hashes[offset], &search)
                    }
                    set(search, hashes[offset], number: number)
                }
            }
        }
    }

    /// The size to which it grows where there is room for so many bytes: twice or half as large again, in large pages that are whole, or a
    /// tenth. One that is to be small grows by no more than that, but for the first times.
    private func largerCount(room: Int) -> Int? {
        let pageSlots = MemoryRegion.largePageSize / 4
        let count = slotCount * (slotCount < 1 << 20 ? 200 : 150) / 100
        let inPages = count < pageSlots ? count : (count + pageSlots / 2) / pageSlots * pageSlots
        let little = slotCount * 110 / 100 + lineSize - 1
        return (isSmall && slotCount >= 1 << 12 ? [little] : [inPages, little]).lazy
            .map { min(Self.lineCount($0 / lineSize * lineSize, isSmall: isSmall) * lineSize, maximumSlotCount) }
            .first { $0 > slotCount && Self.bytes($0, isSmall: isSmall) - bytes <= room }
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
        guard let grown = largerCount(room: room), let larger = try? HashIndex(slotCount: grown, isSmall: isSmall, &memory) else { return false }
        let left = larger.bytes <= room ? larger.takeNumbers(count, from: self, threads: threads, emptying: isAlone) : nil
        memory.release(base)
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
    private static let pageLines = UInt64(MemoryRegion.largePageSize / (wideLineSize * 4))

    /// Takes the numbers of a smaller table, while this one is empty, but for those of which the hash has to be known.
    /// - Parameter emptying: whether to give back the memory of the smaller one meanwhile.
    /// - Returns: those; nil if they are too many, and this table is as empty as before.
    private func takeNumbers(_ count: Int, from smaller: HashIndex, threads: Int, emptying: Bool) -> [[UInt32]]? {
        // The tags of narrow slots say too little of the hashes.
        if isSmall || smaller.isSmall { return nil }
        let parts = count < Self.manyNumbers ? 1 : threads
        let limit = max(Self.wideLineSize * 4, count / parts / 2)
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
                        if emptying, stop - next == Self.pageLines { MemoryRegion.discardLargePage(from.slots + Int(next) * Self.wideLineSize) }
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
