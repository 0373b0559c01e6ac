/// From which state each state was first reached, where states are expanded in the order of their numbers: the numbers of the
/// parents ascend then.
///
/// Each link is as many zero bits as its number is higher than the one before, and a one bit: no more than two bits a state
/// (P. Elias, "Efficient Storage and Retrieval by Content and Address of Static Files", 1974).
final class ParentLinks {
    private let region: MemoryRegion
    private let words: UnsafeMutablePointer<UInt64>
    /// Where in the bits the links of the states whose numbers are multiples of `sampleDistance` end.
    private var samples: [Int] = []
    // Nothing else is done meanwhile, and it is done for every state.
    @exclusivity(unchecked) private var bitCount = 0
    @exclusivity(unchecked) private var last = 0
    @exclusivity(unchecked) private(set) var count = 0

    private static let sampleDistance = 4096

    /// - Parameter memoryLimit: bytes that will never be exceeded; the caller sees to that by `bytes`.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int) throws {
        region = try MemoryRegion(capacity: min(memoryLimit, 2 << 29))
        words = region.base.bindMemory(to: UInt64.self, capacity: region.capacity / 8)
    }

    /// Bytes in use.
    var bytes: Int { bitCount / 8 + samples.count * 8 }

    /// Adds the link of the next state.
    /// - Parameter parent: no lower than the one before.
    @inline(__always)
    func append(_ parent: Int) {
        bitCount &+= parent &- last
        last = parent
        words[bitCount &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: bitCount & 63)
        bitCount &+= 1
        if count & (Self.sampleDistance &- 1) == 0 { samples.append(bitCount) }
        count &+= 1
    }

    /// Adds the links of so many states, all from one parent, or none.
    @inline(__always)
    func append(_ parent: Int, times: Int) {
        let position = bitCount &+ parent &- last
        let bit = UInt64(truncatingIfNeeded: position & 63)
        // Samples, and what goes on in the next word, seldom come.
        guard times &+ Int(truncatingIfNeeded: bit) < 64, (count &+ Self.sampleDistance &- 1) & (Self.sampleDistance &- 1) &+ times < Self.sampleDistance
        else {
            for _ in 0..<times { append(parent) }
            return
        }
        words[position &>> 6] |= (1 &<< UInt64(truncatingIfNeeded: times) &- 1) &<< bit
        bitCount = position &+ times
        last = parent
        count &+= times
    }

    /// The state that a state was first reached from.
    func parent(of number: Int) -> Int {
        // As many one bits as there are states up to this one lie up to its own, and the zero bits before it are the parent.
        let sample = number / Self.sampleDistance
        var missing = number - sample * Self.sampleDistance
        let end = samples[sample]
        if missing == 0 { return end - number - 1 }
        var word = end >> 6
        var bits = words[word] & (UInt64.max &<< UInt64(end & 63))
        while bits.nonzeroBitCount < missing {
            missing -= bits.nonzeroBitCount
            word += 1
            bits = words[word]
        }
        for _ in 1..<missing { bits &= bits - 1 }
        return word * 64 + bits.trailingZeroBitCount - number
    }
}
