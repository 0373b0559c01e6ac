import Automata

/// Successors of several states that wait to be stored together, so that the memory each will need can be asked for ahead.
final class SuccessorBatch {
    /// Successors that are stored together: enough to hide the time that memory takes, few enough to stay in the nearest cache.
    private static let size = 96
    /// How many successors ahead the known state to compare with is asked for.
    private static let lookahead = 6

    /// What is known of a successor besides its bytes.
    private struct Origin {
        var hash: UInt64
        var parent: UInt32
    }

    let buffer = SuccessorBuffer()
    private let store: StateStore
    private var origins: UnsafeMutablePointer<Origin>
    private var capacity = 1 << 10
    private var count = 0

    init(_ store: StateStore) {
        self.store = store
        origins = .allocate(capacity: capacity)
    }

    deinit { origins.deallocate() }

    /// Whether it is time to store the batch.
    @inline(__always)
    var isComplete: Bool { count >= Self.size }

    /// Notes that the successors that the buffer has gained come from this state.
    @inline(__always)
    func note(parent: Int) {
        let end = buffer.count
        if end > capacity { grow(to: end) }
        while count < end {
            let hash = StateStore.hash(buffer[count])
            store.prefetchSlot(hash)
            (origins + count).initialize(to: Origin(hash: hash, parent: UInt32(truncatingIfNeeded: parent)))
            count += 1
        }
    }

    /// Stores all that is in the batch, and notes the edges.
    /// - Parameters:
    ///   - graph: where edges are noted, if anywhere.
    ///   - movers: who moves to each successor, where the graph keeps that.
    /// - Returns: how many states were known already; nil if the store is full.
    func flush(into graph: StateGraph? = nil, movers: [ProcessSet] = []) -> Int? {
        var known = 0
        var number = 0
        let (end, origins) = (count, origins)
        while number < min(Self.lookahead, end) {
            store.prefetchState(origins[number].hash)
            number += 1
        }
        defer {
            count = 0
            buffer.removeAll()
        }
        number = 0
        while number < end {
            if number + Self.lookahead < end { store.prefetchState(origins[number + Self.lookahead].hash) }
            let origin = origins[number]
            let target: Int
            switch store.insert(buffer[number], hash: origin.hash, parent: origin.parent) {
            case .new(let new): target = new
            case .known(let old):
                target = old
                known += 1
            case .full: return nil
            }
            if let graph { graph.append(from: Int(origin.parent), to: target, movers: movers[number]) }
            number += 1
        }
        return known
    }

    private func grow(to needed: Int) {
        let larger = UnsafeMutablePointer<Origin>.allocate(capacity: needed * 2)
        larger.initialize(from: origins, count: count)
        origins.deallocate()
        origins = larger
        capacity = needed * 2
    }
}
