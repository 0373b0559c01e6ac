import CacheHints
import Synchronization

/// The keys of the states by number, each in as many bits as the largest numbers in them take.
///
/// Keys lie in blocks. Where a number comes up that is too large for the last block, that block is copied with more bits a key;
/// the old one stays as it is, so that who reads it meanwhile is not disturbed. A copy of this value may be read by another
/// thread while it grows, up to the count that there was then.
struct PackedKeys {
    private static let blockBits = 12
    private static let blockSize = 1 << blockBits

    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let formats: UnsafeMutablePointer<Atomic<UInt64>>
    private var last = KeyFormat(start: 0, size: 0, 4, 4, 4, 4)
    private(set) var count = 0

    /// - Parameter memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int, _ memory: inout MemoryOwner) throws {
        // Bits are read with two words, the second of which may lie behind the last.
        let region = try memory.reserve(capacity: memoryLimit + 4096, usesLargePages: true)
        words = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: region.capacity / 8)
        let formatRegion = try memory.reserve(capacity: 8 << (32 - Self.blockBits))
        formats = formatRegion.base.bindMemory(to: Atomic<UInt64>.self, capacity: formatRegion.capacity / 8)
        formats[0].store(last.packed, ordering: .relaxed)
    }

    /// Bytes in use.
    var bytes: Int {
        let inLast = count & (Self.blockSize &- 1)
        return (last.start &+ (inLast &* last.width) &>> 6 &+ 3) &* 8 &+ (count &>> Self.blockBits) &* 8
    }

    /// Bytes that must be free for one more key.
    @inline(__always)
    func growth(for key: StateKey) -> Int {
        last.holds(key) ? 40 : ((count & (Self.blockSize &- 1)) &+ 1) &* 16 &+ 40
    }

    // MARK: Reading

    @inline(__always)
    subscript(number: Int) -> StateKey {
        let format = format(of: number)
        let bit = position(of: number, format)
        let low = bits(at: bit) & KeyFormat.mask(format.lowWidth)
        let high = bits(at: bit &+ Int(truncatingIfNeeded: format.lowWidth)) & KeyFormat.mask(format.third &+ format.fourth)
        let pairs = low &>> format.size
        return StateKey(
            low: pairs & KeyFormat.mask(format.first) | (pairs &>> format.first) &<< 32,
            high: high & KeyFormat.mask(format.third) | (high &>> format.third) &<< 32,
            size: UInt32(truncatingIfNeeded: low & KeyFormat.mask(format.size)))
    }

    @inline(__always)
    func prefetch(_ number: Int) { prefetchCacheLine(words + position(of: number, format(of: number)) &>> 6) }

    @inline(__always)
    private func format(of number: Int) -> KeyFormat {
        KeyFormat(formats[number &>> Self.blockBits].load(ordering: .relaxed))
    }

    /// Where a key starts, counted in bits.
    @inline(__always)
    private func position(of number: Int, _ format: KeyFormat) -> Int {
        format.start &<< 6 &+ (number & (Self.blockSize &- 1)) &* format.width
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
        if count & (Self.blockSize &- 1) == 0 || !last.holds(key) {
            guard makeReady(for: key) else { return false }
        }
        write(key, at: count, last)
        count &+= 1
        return true
    }

    @inline(__always)
    private func write(_ key: StateKey, at number: Int, _ format: KeyFormat) {
        let bit = position(of: number, format)
        let low = (key.low & 0xFFFF_FFFF | (key.low &>> 32) &<< format.first) &<< format.size | UInt64(key.size)
        write(low, at: bit)
        write(key.high & 0xFFFF_FFFF | (key.high &>> 32) &<< format.third, at: bit &+ Int(truncatingIfNeeded: format.lowWidth))
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
        let old = last
        guard var new = old.widened(for: key) else { return false }
        let block = count >> Self.blockBits
        let first = block << Self.blockBits
        let used = count - first
        if used > 0 {
            new.start = old.start + (used * old.width + 63) / 64 + 1
            for number in first..<count { write(self[number], at: number, new) }
        } else if block > 0 {
            new.start = old.start + old.width * Self.blockSize / 64
        }
        formats[block].store(new.packed, ordering: .relaxed)
        last = new
        return true
    }
}
