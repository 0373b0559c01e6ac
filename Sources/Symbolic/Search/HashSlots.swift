/// Finds numbers, which are given out in ascending order from 0 on, by the hashes of what they stand for. It holds nothing else:
/// whoever has the things compares them.
struct HashSlots {
    /// One more than a number, or 0.
    private var slots = [UInt32](repeating: 0, count: 1024)

    /// Bytes that this takes.
    var byteCount: Int { slots.count * MemoryLayout<UInt32>.stride }

    /// The number, of those that may have a hash, for which something holds.
    @inline(__always)
    func first(_ hash: UInt64, where holds: (Int) -> Bool) -> Int? {
        var slot = place(hash)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if holds(number) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds the next number.
    /// - Parameter hashOf: the hashes of the numbers before it.
    mutating func append(_ number: Int, _ hash: UInt64, hashOf: (Int) -> UInt64) {
        if (number + 1) * 2 > slots.count {
            slots = [UInt32](repeating: 0, count: slots.count * 4)
            for known in 0..<number { insert(known, hashOf(known)) }
        }
        insert(number, hash)
    }

    private mutating func insert(_ number: Int, _ hash: UInt64) {
        var slot = place(hash)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(number + 1)
    }

    @inline(__always)
    private func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }
}
