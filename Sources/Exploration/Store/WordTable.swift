import Automata
import CStatePacking

/// The numbers of the blocks that were looked for last, by their hashes, for one thread: a guess that is mostly right, in memory
/// that is mostly near.
struct RecentNumbers {
    private let entries: UnsafeMutablePointer<UInt64>
    private static let bits: UInt64 = 13

    init() {
        entries = .allocate(capacity: 1 << Self.bits)
        entries.initialize(repeating: 0, count: 1 << Self.bits)
    }

    func deallocate() { entries.deallocate() }

    @inline(__always)
    private func place(_ hash: UInt64) -> UnsafeMutablePointer<UInt64> {
        entries + Int(truncatingIfNeeded: hash &>> (64 &- Self.bits))
    }

    /// A number that may be that of a block with this hash.
    @inline(__always)
    subscript(hash: UInt64) -> Int? {
        let entry = place(hash).pointee
        return (entry ^ hash) &<< 32 == 0 ? Int(truncatingIfNeeded: entry &>> 32) : nil
    }

    @inline(__always)
    func insert(_ number: Int, _ hash: UInt64) {
        place(hash).pointee = UInt64(truncatingIfNeeded: number) &<< 32 | hash & 0xFFFF_FFFF
    }
}

/// A set of blocks of so many words of 64 bits each, numbered in the order of their arrival.
///
/// A copy is what the table was like then: it may be read by another thread while the table goes on growing.
struct WordTable {
    private let blockSize: Int
    private let isSmall: Bool
    private let words: UnsafeMutablePointer<UInt64>
    private var index: HashIndex
    private(set) var count = 0

    /// - Parameters:
    ///   - blockSize: words of a block.
    ///   - memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    ///   - isSmall: whether to take as little memory as can be, however long it takes to find a block.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(blockSize: Int, memoryLimit: Int, isSmall: Bool = false, _ memory: inout MemoryOwner) throws {
        self.blockSize = blockSize
        self.isSmall = isSmall
        let region = try memory.reserve(capacity: min(memoryLimit, blockSize * 8 << 32), largePages: .later)
        words = region.base.bindMemory(to: UInt64.self, capacity: region.capacity / 8)
        index = try HashIndex(slotCount: 64, isSmall: isSmall, &memory)
    }

    /// Bytes in use.
    var bytes: Int { count &* blockSize &* 8 &+ index.bytes }

    /// The words of a block.
    @inline(__always)
    subscript(number: UInt32) -> UnsafePointer<UInt64> {
        UnsafePointer(words + Int(truncatingIfNeeded: number) &* blockSize)
    }

    @inline(__always)
    private func hash(_ block: UnsafeRawPointer, size: Int) -> UInt64 {
        var hash = StateHash.hash(word(block, 0))
        var number = 1
        while number < size {
            hash = StateHash.hash(hash, word(block, number))
            number &+= 1
        }
        return hash
    }

    @inline(__always)
    private func word(_ block: UnsafeRawPointer, _ number: Int) -> UInt64 {
        block.loadUnaligned(fromByteOffset: number &* 8, as: UInt64.self)
    }

    @inline(__always)
    private func isEqual(_ number: Int, _ block: UnsafeRawPointer, size: Int) -> Bool {
        Self.areEqual(words + number &* size, block, size: size)
    }

    /// Whether words are the same as those of a block, wherever that lies.
    @inline(__always)
    static func areEqual(_ words: UnsafePointer<UInt64>, _ block: UnsafeRawPointer, size: Int) -> Bool {
        var difference: UInt64 = 0
        var word = 0
        while word < size {
            difference |= words[word] ^ block.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
            word &+= 1
        }
        return difference == 0
    }

    /// The number of a block, if it is there.
    /// - Parameters:
    ///   - size: words of the block: as the table has it, but where it is a constant there are no loops.
    ///   - recent: what was found lately.
    @inline(__always)
    func find(_ block: UnsafeRawPointer, size: Int, _ recent: RecentNumbers) -> UInt32? {
        let hash = hash(block, size: size)
        if let number = recent[hash], number < count, isEqual(number, block, size: size) { return UInt32(truncatingIfNeeded: number) }
        var search = index.search(hash)
        guard let number = find(block, hash, &search) else { return nil }
        recent.insert(Int(truncatingIfNeeded: number), hash)
        return number
    }

    /// The number of a block; where it is not there, the search ends at the slot that it would have.
    private func find(_ block: UnsafeRawPointer, _ hash: UInt64, _ search: inout HashIndex.Search) -> UInt32? {
        while let number = index.next(hash, &search) {
            // Later ones are not there yet, seen from a copy.
            if number < count, isEqual(number, block, size: blockSize) { return UInt32(truncatingIfNeeded: number) }
        }
        return nil
    }

    /// Adds a block if it is not there yet.
    /// - Parameter room: bytes by which the table may grow.
    /// - Returns: its number; nil if there is no room for it.
    mutating func insert(_ block: UnsafeRawPointer, room: Int, _ memory: inout MemoryOwner) -> UInt32? {
        let hash = hash(block, size: blockSize)
        var search = index.search(hash)
        if let number = find(block, hash, &search) { return number }
        var room = room - blockSize * 8
        // There are few blocks to a state, and short ways to them are mostly worth more than the memory.
        if isSmall ? index.isCrowded(count + 1) : count * 2 >= index.slotCount {
            let table = self
            let bytes = index.bytes
            let hasGrown = index.grow(
                count, room: room, &memory, prefetch: { prefetchCacheLine(table[UInt32($0)]) },
                hash: { table.hash(table[UInt32($0)], size: table.blockSize) })
            if !hasGrown, index.isFull(count + 1) { return nil }
            room -= index.bytes - bytes
            search = index.search(hash)
            _ = find(block, hash, &search)
        }
        guard room >= 0, count < Int(UInt32.max) else { return nil }
        for offset in 0..<blockSize { words[count * blockSize + offset] = word(block, offset) }
        index.set(search, hash, number: count)
        count += 1
        return UInt32(truncatingIfNeeded: count - 1)
    }
}
