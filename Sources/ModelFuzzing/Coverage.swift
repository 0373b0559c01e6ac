import Automata

/// What walks have seen of a model.
struct Coverage: Sendable {
    /// How often each transition was taken, by its index into `System.transitions`.
    private(set) var visits: [UInt32]
    /// Which pairs of transitions were seen one right after the other, as bits by `slot`. Pairs may share a bit, as in AFL's map
    /// of branches (M. Zalewski, 2013).
    private var pairs: [UInt64]

    static let pairCount = 1 << 18

    init(transitionCount: Int) {
        visits = Array(repeating: 0, count: transitionCount)
        pairs = Array(repeating: 0, count: Self.pairCount / 64)
    }

    /// Where a pair is noted.
    @inline(__always)
    static func slot(_ first: Int, _ second: Int) -> Int {
        let mixed = UInt64(truncatingIfNeeded: first &* 0x1_0001 &+ second) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 46)
    }

    @inline(__always)
    func hasPair(at slot: Int) -> Bool { pairs[slot &>> 6] &>> UInt64(slot & 63) & 1 != 0 }

    @inline(__always)
    func hasTransition(_ transition: Int) -> Bool { visits[transition] != 0 }

    /// Takes note of a transition.
    @inline(__always)
    mutating func visit(_ transition: Int) {
        if visits[transition] < .max { visits[transition] &+= 1 }
    }

    /// Takes note of a pair.
    @inline(__always)
    mutating func visitPair(at slot: Int) { pairs[slot &>> 6] |= 1 &<< UInt64(slot & 63) }

    /// Adds what another walk has seen.
    mutating func merge(visits others: [UInt32]) {
        for (transition, count) in others.enumerated() {
            visits[transition] = UInt32(clamping: UInt64(visits[transition]) + UInt64(count))
        }
    }
}
