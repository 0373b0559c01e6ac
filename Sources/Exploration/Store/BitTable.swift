import Automata
import CStatePacking

/// States that have been seen, each by three bits that its hash chooses, so that a new one may be taken for one of them (B. Bloom,
/// "Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970; G. Holzmann, "An Analysis of Bitstate Hashing", 1998).
///
/// The bits of a state lie in one line of the cache (F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient Bloom
/// Filters", 2007): a state costs one access to memory, and how crowded its line is says how likely it was to be missed.
final class BitTable {
    /// Bytes of a line.
    private static let lineLength = 64
    /// Bits of a hash that choose one bit of a line.
    private static let choice: UInt64 = 9

    private let region: MemoryRegion
    private let words: UnsafeMutablePointer<UInt64>
    private let lineCount: UInt64
    /// Bytes that the table takes once states are everywhere in it.
    let bytes: Int
    /// States that were new.
    private(set) var count = 0
    /// How many states that were new were taken for known ones, as far as can be expected.
    private(set) var expectedMisses = 0.0

    /// - Parameter bytes: at least those of one line.
    /// - Throws: `StoreError` if the system refuses.
    init(bytes: Int) throws {
        lineCount = UInt64(max(1, bytes / Self.lineLength))
        self.bytes = Int(lineCount) * Self.lineLength
        region = try MemoryRegion(capacity: self.bytes, largePages: .fromTheFirst)
        words = region.base.bindMemory(to: UInt64.self, capacity: self.bytes / 8)
    }

    /// Of all states that it was asked to add, the share that was not taken for others, as far as can be expected (D. Horvitz, D. Thompson,
    /// "A Generalization of Sampling Without Replacement from a Finite Universe", 1952, is how those that went unseen are counted).
    var coverage: Double { Double(count) / (Double(count) + expectedMisses) }

    @inline(__always)
    private func line(_ hash: UInt64) -> UnsafeMutablePointer<UInt64> {
        words + Int(truncatingIfNeeded: lineCount.multipliedFullWidth(by: hash).high &* 8)
    }

    /// Asks for the memory of a state.
    @inline(__always)
    func prefetch(_ hash: UInt64) { prefetchCacheLine(line(hash)) }

    /// Adds a state.
    /// - Parameter hash: see `StateHash`.
    /// - Returns: whether it is new for certain.
    @inline(__always)
    func insert(_ hash: UInt64) -> Bool {
        let line = line(hash)
        // The upper bits have chosen the line.
        var choices = StateHash.hash(hash)
        var isNew = false
        for _ in 0..<3 {
            let bit = choices & ((1 &<< Self.choice) &- 1)
            choices &>>= Self.choice
            let (word, mask) = (Int(truncatingIfNeeded: bit &>> 6), 1 &<< (bit & 63) as UInt64)
            if line[word] & mask == 0 {
                if !isNew { countMisses(line) }
                isNew = true
                line[word] |= mask
            }
        }
        return isNew
    }

    /// A state is new. For each one that is seen to be, there are p / (1 - p) that are not, where p is the chance of that.
    @inline(never)
    private func countMisses(_ line: UnsafeMutablePointer<UInt64>) {
        var bits = 0
        for word in 0..<8 { bits &+= line[word].nonzeroBitCount }
        let share = Double(bits) / Double(Self.lineLength * 8)
        let chance = share * share * share
        count &+= 1
        expectedMisses += chance / (1 - chance)
    }
}
