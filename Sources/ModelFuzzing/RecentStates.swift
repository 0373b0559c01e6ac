/// The states that a walk came by, by their hashes, to see when it comes by one again.
///
/// A table of fixed size, in which a state takes the place of another one now and then: that one is not known again then.
final class RecentStates {
    private struct Entry {
        var hash: UInt64
        var generation: UInt32
        var first: Int32
        var last: Int32
    }

    private static let size = 1 << 14
    private let entries: UnsafeMutablePointer<Entry>
    private var generation: UInt32 = 1

    init() {
        entries = .allocate(capacity: Self.size)
        entries.initialize(repeating: Entry(hash: 0, generation: 0, first: 0, last: 0), count: Self.size)
    }

    deinit { entries.deallocate() }

    /// Forgets all states.
    func removeAll() {
        generation &+= 1
        if generation == 0 {
            entries.update(repeating: Entry(hash: 0, generation: 0, first: 0, last: 0), count: Self.size)
            generation = 1
        }
    }

    /// Takes note that a state is met.
    /// - Returns: when it was met first, and last, if it was.
    func meet(_ hash: UInt64, at position: Int) -> (first: Int, last: Int)? {
        let slot = Int(truncatingIfNeeded: hash) & (Self.size - 1)
        let known = entries[slot]
        if known.hash == hash, known.generation == generation {
            entries[slot].last = Int32(truncatingIfNeeded: position)
            return (Int(known.first), Int(known.last))
        }
        let now = Int32(truncatingIfNeeded: position)
        entries[slot] = Entry(hash: hash, generation: generation, first: now, last: now)
        return nil
    }
}
