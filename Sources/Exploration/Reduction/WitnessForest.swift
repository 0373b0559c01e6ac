/// For each state of which moves were left out, a successor that keeps it from leaving them out for ever: its witness. Whoever goes
/// on from witness to witness comes to a state that has none, because nothing was left out there, or because it has not been
/// expanded yet.
///
/// Witnesses are the edges of a forest, and a state gets one in another tree than that of which it is the root. The roots are found
/// as in a union of disjoint sets (R. E. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", 1975), with ways
/// that are halved whenever they are gone.
final class WitnessForest {
    private let region: MemoryRegion
    /// For each state, one more than the number of a state further on in its tree; 0 for a root.
    private let next: UnsafeMutablePointer<UInt32>
    /// One more than the highest number of a state that has a witness.
    private var end = 0

    /// - Parameter stateLimit: states that there can be; four bytes each are taken once they are used.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(stateLimit: Int) throws {
        region = try MemoryRegion(capacity: min(stateLimit, Int(UInt32.max)) * MemoryLayout<UInt32>.stride)
        next = region.base.bindMemory(to: UInt32.self, capacity: region.capacity / MemoryLayout<UInt32>.stride)
    }

    /// Bytes in use.
    var bytes: Int { end * MemoryLayout<UInt32>.stride }

    /// Whether a state can be the witness of another one that has none.
    func canWitness(_ witness: Int, for state: Int) -> Bool { root(of: witness) != state }

    /// Makes a state the witness of another one, which has none, if it can be.
    /// - Returns: whether it is.
    func add(_ witness: Int, for state: Int) -> Bool {
        let root = root(of: witness)
        if root == state { return false }
        next[state] = UInt32(truncatingIfNeeded: root + 1)
        end = max(end, state + 1)
        return true
    }

    private func root(of state: Int) -> Int {
        var state = state
        while next[state] != 0 {
            let further = Int(next[state]) - 1
            // Half the way is left for whoever comes next.
            if next[further] != 0 { next[state] = next[further] }
            state = further
        }
        return state
    }
}
