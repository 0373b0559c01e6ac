import CStatePacking
import Synchronization

/// The keys of the states by number, each in as many bits as the largest numbers in them take.
///
/// Keys lie in blocks. Where a number comes up that is too large for the last block, that block is copied with more bits a key;
/// the old one stays as it is, so that who reads it meanwhile is not disturbed. A copy of this value may be read by another
/// thread while it grows, up to the count that there was then: of each block it sees one format or another, both of which tell
/// where its keys are.
struct PackedKeys {
    private static let blockBits = 12
    private static let blockSize = 1 << blockBits
    /// More bytes than a key takes that fits where the last one lies, with the format of a new block.
    private static let spare = 40 + MemoryLayout<KeyFormat>.stride + 4
    /// One for each block, and one for each time that a part of a key became wider.
    private static let formatLimit = 1 << (32 - blockBits) + 5 * 32

    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    /// All formats that there have been, and the number of that of each block. What is in use is never changed.
    private let formats: UnsafeMutablePointer<KeyFormat>
    private let numbers: UnsafeMutablePointer<Atomic<UInt32>>
    private var formatCount = 1
    private(set) var count = 0

    /// - Parameter memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int, _ memory: inout MemoryOwner) throws {
        // Bits are read with two words, the second of which may lie behind the last.
        let region = try memory.reserve(capacity: memoryLimit + 4096, largePages: .later)
        words = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: region.capacity / 8)
        let numberRegion = try memory.reserve(capacity: 4 << (32 - Self.blockBits))
        numbers = numberRegion.base.bindMemory(to: Atomic<UInt32>.self, capacity: numberRegion.capacity / 4)
        let formatRegion = try memory.reserve(capacity: Self.formatLimit * MemoryLayout<KeyFormat>.stride)
        formats = formatRegion.base.bindMemory(to: KeyFormat.self, capacity: Self.formatLimit)
        formats.initialize(to: KeyFormat(start: 0, size: 0, 4, 4, 4, 4))
    }

    /// That of the last block.
    @inline(__always)
    private var last: UnsafePointer<KeyFormat> { UnsafePointer(formats + (formatCount &- 1)) }

    /// Bytes in use.
    var bytes: Int {
        let inLast = count & (Self.blockSize &- 1)
        return (last.pointee.start &+ (inLast &* last.pointee.width) &>> 6 &+ 3) &* 8 &+ formatCount &* (MemoryLayout<KeyFormat>.stride &+ 4)
    }

    /// Bytes that must be free for one more key.
    @inline(__always)
    func growth(for key: StateKey) -> Int {
        Self.spare &+ (last.pointee.holds(key) ? 0 : ((count & (Self.blockSize &- 1)) &+ 1) &* 16)
    }

    // MARK: Reading

    @inline(__always)
    subscript(number: Int) -> StateKey {
        let format = format(of: number)
        let bit = position(of: number, format)
        return format.pointee.key(bits(at: bit), bits(at: bit &+ format.pointee.lowWidth))
    }

    /// Whether a state has this key.
    @inline(__always)
    func matches(_ number: Int, _ key: StateKey) -> Bool {
        let format = format(of: number)
        let bit = position(of: number, format)
        return format.pointee.matches(bits(at: bit), bits(at: bit &+ format.pointee.lowWidth), key)
    }

    @inline(__always)
    func prefetch(_ number: Int) { prefetchCacheLine(words + position(of: number, format(of: number)) &>> 6) }

    @inline(__always)
    private func format(of number: Int) -> UnsafePointer<KeyFormat> {
        UnsafePointer(formats + Int(truncatingIfNeeded: numbers[number &>> Self.blockBits].load(ordering: .acquiring)))
    }

    /// Where a key starts, counted in bits.
    @inline(__always)
    private func position(of number: Int, _ format: UnsafePointer<KeyFormat>) -> Int {
        format.pointee.start &<< 6 &+ (number & (Self.blockSize &- 1)) &* format.pointee.width
    }

    /// 64 bits from a position on.
    @inline(__always)
    private func bits(at position: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: position & 63)
        let low = words[position &>> 6].load(ordering: .relaxed)
        let high = words[position &>> 6 &+ 1].load(ordering: .relaxed)
        return low &>> shift | (high &<< 1) &<< (63 &- shift)
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
        write(format.pointee.low(key), at: bit)
        write(format.pointee.high(key), at: bit &+ format.pointee.lowWidth)
    }

    /// Writes bits where there are zeros from a position on.
    @inline(__always)
    private func write(_ bits: UInt64, at position: Int) {
        let shift = UInt64(truncatingIfNeeded: position & 63)
        let word = position &>> 6
        words[word].store(words[word].load(ordering: .relaxed) | bits &<< shift, ordering: .relaxed)
        let high = (bits &>> 1) &>> (63 &- shift)
        if high != 0 { words[word &+ 1].store(high, ordering: .relaxed) }
    }

    /// Starts a block, or another one in place of the last.
    @inline(never)
    private mutating func makeReady(for key: StateKey) -> Bool {
        let old = last.pointee
        guard formatCount < Self.formatLimit, var new = old.widened(for: key) else { return false }
        let block = count >> Self.blockBits
        let first = block << Self.blockBits
        let used = count - first
        if used > 0 {
            new.start = old.start + (used * old.width + 63) / 64 + 1
        } else if block > 0 {
            new.start = old.start + old.width * Self.blockSize / 64
        }
        (formats + formatCount).initialize(to: new)
        formatCount += 1
        for number in first..<count { write(self[number], at: number, last) }
        numbers[block].store(UInt32(truncatingIfNeeded: formatCount - 1), ordering: .releasing)
        return true
    }
}
