import Synchronization

/// The keys of the states by number, each in as many bits as the largest numbers in them take.
///
/// Keys lie in blocks. Where a number comes up that is too large for the last block, that block is copied with more bits a key;
/// the old one stays as it is, so that who reads it meanwhile is not disturbed. A copy of this value may be read by another
/// thread while it grows, up to the count that there was then: of each block it sees one format or another, both of which tell
/// where its keys are.
///
/// Blocks that are full can be condensed, which takes longer to read; see `CondensedBlock`. They come first.
struct PackedKeys {
    private static let blockBits = 12
    private static let blockSize = 1 << blockBits
    /// More bytes than a key takes that fits where the last one lies, with the format of a new block.
    private static let spare = 40 + MemoryLayout<KeyFormat>.stride + 4
    /// One for each block, and one for each time that a part of a key became wider.
    private static let formatLimit = 1 << (32 - blockBits) + 5 * 32

    private let words: PackedBits
    /// All formats that there have been, and the number of that of each block. What is in use is never changed.
    private let formats: UnsafeMutablePointer<KeyFormat>
    private let numbers: UnsafeMutablePointer<Atomic<UInt32>>
    private var formatCount = 1
    private(set) var count = 0
    private let condensed: UnsafeMutablePointer<CondensedBlock>
    /// Keys that are condensed, and the words that they take.
    private var condensedCount = 0
    private var condensedEnd = 0

    /// - Parameter memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int, _ memory: inout MemoryOwner) throws {
        // Bits are read with two words, the second of which may lie behind the last.
        let region = try memory.reserve(capacity: memoryLimit + 4096, largePages: .later)
        words = PackedBits(region)
        let numberRegion = try memory.reserve(capacity: 4 << (32 - Self.blockBits))
        numbers = numberRegion.base.bindMemory(to: Atomic<UInt32>.self, capacity: numberRegion.capacity / 4)
        let formatRegion = try memory.reserve(capacity: Self.formatLimit * MemoryLayout<KeyFormat>.stride)
        formats = formatRegion.base.bindMemory(to: KeyFormat.self, capacity: Self.formatLimit)
        formats.initialize(to: KeyFormat(start: 0, size: 0, 4, 4, 4, 4))
        let condensedLimit = 1 << (32 - CondensedBlock.bits)
        condensed = try memory.reserve(capacity: condensedLimit * MemoryLayout<CondensedBlock>.stride).base
            .bindMemory(to: CondensedBlock.self, capacity: condensedLimit)
    }

    /// That of the last block.
    @inline(__always)
    private var last: UnsafePointer<KeyFormat> { UnsafePointer(formats + (formatCount &- 1)) }

    /// Words in use, but for a few.
    private var end: Int {
        if count == condensedCount { return condensedEnd }
        let inLast = (count &- 1) & (Self.blockSize &- 1) &+ 1
        return last.pointee.start &+ (inLast &* last.pointee.width &+ 63) &>> 6
    }

    /// Bytes in use.
    var bytes: Int {
        (end &+ 3) &* 8 &+ formatCount &* (MemoryLayout<KeyFormat>.stride &+ 4)
            &+ condensedCount &>> CondensedBlock.bits &* MemoryLayout<CondensedBlock>.stride
    }

    /// Bytes that must be free for one more key.
    @inline(__always)
    func growth(for key: StateKey) -> Int {
        Self.spare &+ (last.pointee.holds(key) ? 0 : ((count & (Self.blockSize &- 1)) &+ 1) &* 16)
    }

    // MARK: Reading

    @inline(__always)
    subscript(number: Int) -> StateKey {
        if number < condensedCount { return condensedKey(number) }
        let format = format(of: number)
        let bit = position(of: number, format)
        return format.pointee.key(words[bit], words[bit &+ format.pointee.lowWidth])
    }

    /// Whether a state has this key.
    @inline(__always)
    func matches(_ number: Int, _ key: StateKey) -> Bool {
        if number < condensedCount { return condensedKey(number) == key }
        let format = format(of: number)
        let bit = position(of: number, format)
        return format.pointee.matches(words[bit], words[bit &+ format.pointee.lowWidth], key)
    }

    @inline(__always)
    func prefetch(_ number: Int) {
        if number < condensedCount { return condensed[number &>> CondensedBlock.bits].row(number, words).prefetch() }
        words.prefetch(position(of: number, format(of: number)))
    }

    private func condensedKey(_ number: Int) -> StateKey {
        var row = condensed[number &>> CondensedBlock.bits].row(number, words)
        let size = UInt32(truncatingIfNeeded: row.next())
        let low = row.next() | row.next() &<< 32
        return StateKey(low: low, high: row.next() | row.next() &<< 32, size: size)
    }

    @inline(__always)
    private func format(of number: Int) -> UnsafePointer<KeyFormat> {
        UnsafePointer(formats + Int(truncatingIfNeeded: numbers[number &>> Self.blockBits].load(ordering: .acquiring)))
    }

    /// Where a key starts, counted in bits.
    @inline(__always)
    private func position(of number: Int, _ format: UnsafePointer<KeyFormat>) -> Int {
        format.pointee.start &<< 6 &+ (number & (Self.blockSize &- 1)) &* format.pointee.width
    }

    // MARK: Writing

    /// Adds a key.
    /// - Returns: false if its numbers are too large.
    @inline(__always)
    mutating func append(_ key: StateKey) -> Bool {
        if count & (Self.blockSize &- 1) == 0 || !last.pointee.holds(key) {
            guard makeReady(for: key) else { return false }
        }
        write(key, at: count, last)
        count &+= 1
        return true
    }

    @inline(__always)
    private func write(_ key: StateKey, at number: Int, _ format: UnsafePointer<KeyFormat>) {
        let bit = position(of: number, format)
        words.write(format.pointee.low(key), bit)
        words.write(format.pointee.high(key), bit &+ format.pointee.lowWidth)
    }

    /// Starts a block, or another one in place of the last.
    @inline(never)
    private mutating func makeReady(for key: StateKey) -> Bool {
        let old = last.pointee
        guard formatCount < Self.formatLimit, var new = old.widened(for: key) else { return false }
        let block = count >> Self.blockBits
        let first = block << Self.blockBits
        let used = count - first
        new.start = used > 0 ? end + 1 : end
        (formats + formatCount).initialize(to: new)
        formatCount += 1
        for number in first..<count { write(self[number], at: number, last) }
        numbers[block].store(UInt32(truncatingIfNeeded: formatCount - 1), ordering: .releasing)
        return true
    }

    // MARK: Condensing

    /// Stores keys in fewer bits, if there are many new ones. Nobody may read an earlier copy meanwhile, or later.
    mutating func condense() {
        let full = count & ~(Self.blockSize - 1)
        guard full > condensedCount, (count - condensedCount) * 16 > condensedCount else { return }
        let oldEnd = end
        var cleared = condensedEnd
        while condensedCount < full {
            // These are read before anything is written where they lie: condensed, they take no more words.
            let keys = (condensedCount..<condensedCount + CondensedBlock.size).map { self[$0] }
            let next = condensedCount + CondensedBlock.size
            let nextStart = next < full ? position(of: next, format(of: next)) >> 6 : full < count ? last.pointee.start : oldEnd
            words.clear(cleared..<nextStart)
            cleared = nextStart
            let written = CondensedBlock.write(keys, at: condensedEnd, words)
            (condensed + condensedCount >> CondensedBlock.bits).initialize(to: written.block)
            condensedCount = next
            condensedEnd = written.end
        }
        let rest = (full..<count).map { self[$0] }
        words.clear(cleared..<oldEnd + 1)
        var format = last.pointee
        format.start = condensedEnd
        formats.initialize(to: format)
        formatCount = 1
        numbers[full >> Self.blockBits].store(0, ordering: .releasing)
        for (offset, key) in rest.enumerated() { write(key, at: full + offset, last) }
    }
}
