import CStatePacking
import Synchronization

/// Words of 64 bits in which numbers begin at any bit. One thread writes; others may read meanwhile what was written before.
struct PackedBits {
    private let words: UnsafeMutablePointer<Atomic<UInt64>>

    /// - Parameter region: begins as zeros. Behind the last bit that is read there has to be another word.
    init(_ region: MemoryRegion) { words = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: region.capacity / 8) }

    /// 64 bits from a position on.
    @inline(__always)
    subscript(position: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: position & 63)
        let low = words[position &>> 6].load(ordering: .relaxed)
        let high = words[position &>> 6 &+ 1].load(ordering: .relaxed)
        return low &>> shift | (high &<< 1) &<< (63 &- shift)
    }

    /// A number of less than 64 bits.
    @inline(__always)
    func read(_ position: Int, width: Int) -> UInt64 { self[position] & (1 &<< UInt64(truncatingIfNeeded: width) &- 1) }

    /// Writes bits where there are zeros, from a position on; whatever lies behind them stays.
    @inline(__always)
    func write(_ bits: UInt64, _ position: Int) {
        let shift = UInt64(truncatingIfNeeded: position & 63)
        let word = position &>> 6
        add(bits &<< shift, to: word)
        let high = (bits &>> 1) &>> (63 &- shift)
        if high != 0 { add(high, to: word &+ 1) }
    }

    @inline(__always)
    private func add(_ bits: UInt64, to word: Int) { words[word].store(words[word].load(ordering: .relaxed) | bits, ordering: .relaxed) }

    /// Writes numbers where there are zeros.
    /// - Parameters:
    ///   - width: bits of a number.
    ///   - distance: bits from the start of one to that of the next.
    func write(_ numbers: [UInt32], of width: Int, at start: Int, distance: Int) {
        if width == 0 { return }
        numbers.withUnsafeBufferPointer { numbers in
            var position = start
            for number in numbers {
                write(UInt64(truncatingIfNeeded: number), position)
                position &+= distance
            }
        }
    }

    /// Makes words zeros; nobody reads them.
    func clear(_ range: Range<Int>) {
        for word in range { words[word].store(0, ordering: .relaxed) }
    }

    @inline(__always)
    func prefetch(_ position: Int) { prefetchCacheLine(words + position &>> 6) }
}
