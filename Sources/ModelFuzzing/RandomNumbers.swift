import struct Fuzzing.SplitMix64

extension SplitMix64 {
    /// A number from 0 to below `limit`, which is more than 0; by D. Lemire's multiplication (2019), with a bias that does not matter to
    /// a walk of chance.
    @inline(__always)
    mutating func next(below limit: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: limit)).high)
    }

    /// Whether something of this chance happens: `numerator` times in 256.
    @inline(__always)
    mutating func happens(_ numerator: UInt64) -> Bool { next() & 255 < numerator }

    /// A number of the range; each power of two is as likely as another.
    mutating func logarithmic(in range: ClosedRange<Int>) -> Int {
        let scale = Int.bitWidth - 1 - (range.upperBound / max(1, range.lowerBound)).leadingZeroBitCount
        let power = next(below: max(0, scale) + 1)
        let low = range.lowerBound << power
        return min(range.upperBound, low + next(below: max(1, low)))
    }
}
