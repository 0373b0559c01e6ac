import struct Fuzzing.SplitMix64

/// How a walk chooses among the moves that there are. Each finds faults that others hardly ever come to, so walks take turns
/// (swarm verification: G. Holzmann, R. Joshi, A. Groce, 2008).
struct Strategy: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// Every move is as likely as another.
        case anyMove
        /// Every process that can move is as likely as another.
        case anyProcess
        /// A move that was taken least often so far.
        case leastVisited
        /// Processes have priorities; at a few points the one that runs gets the lowest (probabilistic concurrency testing:
        /// S. Burckhardt and others, 2010).
        case priorities
        /// A process runs until it is blocked, and then the next; at a few points one is passed over (delay-bounded scheduling:
        /// M. Emmi, S. Qadeer, Z. Rakamarić, 2011).
        case delays
        /// One process moves as often as it can, nearly.
        case favourite
        /// One process moves only where no other can, nearly.
        case starved
        /// The process that moved last goes on, mostly.
        case persistent
    }

    var kind: Kind
    /// The process that is favoured or starved; its pid is this modulo the number of processes.
    var process: Int
    /// After how many steps of the walk something changes, where that is in the nature of the strategy; in descending order.
    var changePoints: [Int]
    /// What makes some transitions of a process likelier than others in this walk (swarm testing: A. Groce and others, 2012); 0
    /// for nothing.
    var preference: UInt64

    /// Picks a strategy for a walk of about so many steps.
    init(steps: Int, using random: inout SplitMix64) {
        let kinds = Kind.allCases
        kind = kinds[random.next(below: kinds.count)]
        process = random.next(below: 1 << 16)
        preference = random.happens(128) ? random.next() | 1 : 0
        switch kind {
        case .priorities, .delays:
            let count = random.logarithmic(in: 1...32)
            changePoints = (0..<count).map { _ in random.next(below: steps) }.sorted(by: >)
        default: changePoints = []
        }
    }
}
