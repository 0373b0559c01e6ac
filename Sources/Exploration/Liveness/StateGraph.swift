import Automata
import Foundation

/// The stored states with the edges between them: claims are checked on it.
///
/// The edges of a state lie together, in the order in which states were expanded, so that each edge takes four bytes. A
/// breadth-first search expands states in the order of their numbers; elsewhere, the graph keeps their ranks in that order.
final class StateGraph {
    /// What is known of a state besides its edges.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// Nothing can move.
        static let isBlocked = Marks(rawValue: 1)
        /// Nothing can move but for a `timeout`, or not at all.
        static let isTimeout = Marks(rawValue: 2)
    }

    private let targets: MemoryRegion
    private let ends: MemoryRegion
    private let marks: MemoryRegion
    /// The movers of each edge and who could move in each state, as numbers in `processSets`; nil where nobody asks.
    private let movers: MemoryRegion?
    private let enabled: MemoryRegion?
    private var processSets = ProcessSetTable()
    /// One more than the rank of each state that was expanded; nil where ranks are numbers.
    private let ranks: MemoryRegion?
    // What changes at every edge, in one thread.
    @exclusivity(unchecked) private(set) var edgeCount = 0
    /// How many states were expanded; without ranks, those with lower numbers.
    @exclusivity(unchecked) private(set) var expandedCount = 0

    /// - Parameters:
    ///   - memoryLimit: bytes that are never exceeded; the caller sees to that by `bytes`.
    ///   - recordsMoves: whether to keep who moves and who can.
    ///   - hasRanks: whether states are expanded in another order than that of their numbers.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int, recordsMoves: Bool, hasRanks: Bool = false) throws {
        ranks = hasRanks ? try MemoryRegion(capacity: min(memoryLimit, 4 << 32)) : nil
        targets = try MemoryRegion(capacity: memoryLimit)
        ends = try MemoryRegion(capacity: min(memoryLimit, 8 << 32))
        marks = try MemoryRegion(capacity: min(memoryLimit, 1 << 32))
        movers = recordsMoves ? try MemoryRegion(capacity: memoryLimit) : nil
        enabled = recordsMoves ? try MemoryRegion(capacity: min(memoryLimit, 4 << 32)) : nil
    }

    var recordsMoves: Bool { movers != nil }

    /// Bytes in use.
    var bytes: Int { edgeCount * (movers == nil ? 4 : 8) + expandedCount * (movers == nil ? 9 : 13) + (ranks == nil ? 0 : expandedCount * 4) }

    // MARK: Recording

    /// Notes how a state was found when it was expanded.
    func note(_ state: Int, _ outcome: SuccessorGenerator.Outcome, enabled set: ProcessSet) {
        var own: Marks = []
        if outcome.isBlocked { own.insert(.isBlocked) }
        if outcome.isTimeout { own.insert(.isTimeout) }
        marks.base.storeBytes(of: own.rawValue, toByteOffset: state, as: UInt8.self)
        enabled?.base.storeBytes(of: processSets.number(of: set), toByteOffset: state * 4, as: UInt32.self)
    }

    /// Adds an edge. The sources of edges come in ascending order.
    @inline(__always)
    func append(from source: Int, to target: Int, movers set: @autoclosure () -> ProcessSet) {
        if expandedCount < source { close(below: source) }
        targets.base.storeBytes(of: UInt32(truncatingIfNeeded: target), toByteOffset: edgeCount &* 4, as: UInt32.self)
        movers?.base.storeBytes(of: processSets.number(of: set()), toByteOffset: edgeCount &* 4, as: UInt32.self)
        edgeCount &+= 1
    }

    /// All edges of the states below a number are known.
    func close(below count: Int) {
        while expandedCount < count {
            ends.base.storeBytes(of: edgeCount, toByteOffset: expandedCount &* 8, as: Int.self)
            expandedCount &+= 1
        }
    }

    /// Adds all edges of a state, which was not expanded before, to a graph with ranks.
    func append(from source: Int, to found: [Int], movers sets: [ProcessSet]) {
        ranks?.base.storeBytes(of: UInt32(expandedCount + 1), toByteOffset: source * 4, as: UInt32.self)
        for (number, target) in found.enumerated() {
            append(from: expandedCount, to: target, movers: sets[number])
        }
        close(below: expandedCount + 1)
    }

    // MARK: Reading

    /// Whether the edges of a state are known, where only those of so many states count.
    @inline(__always)
    func isExpanded(_ state: Int, among count: Int) -> Bool {
        guard let ranks else { return state < count }
        return ranks.base.load(fromByteOffset: state &* 4, as: UInt32.self) != 0
    }

    /// The edges of a state that was expanded.
    @inline(__always)
    func edges(of number: Int) -> Range<Int> {
        var state = number
        if let ranks { state = Int(ranks.base.load(fromByteOffset: number &* 4, as: UInt32.self)) &- 1 }
        let start = state == 0 ? 0 : ends.base.load(fromByteOffset: (state &- 1) &* 8, as: Int.self)
        return start..<ends.base.load(fromByteOffset: state &* 8, as: Int.self)
    }

    @inline(__always)
    func target(of edge: Int) -> Int { Int(targets.base.load(fromByteOffset: edge &* 4, as: UInt32.self)) }

    /// What is known of a state that was expanded.
    @inline(__always)
    func marks(of state: Int) -> Marks { Marks(rawValue: marks.base.load(fromByteOffset: state, as: UInt8.self)) }

    /// The number of the set of processes that move on an edge; see `processSet`.
    @inline(__always)
    func movers(of edge: Int) -> UInt32 { movers?.base.load(fromByteOffset: edge &* 4, as: UInt32.self) ?? 0 }

    /// The number of the set of processes that can move in a state; see `processSet`.
    @inline(__always)
    func enabled(in state: Int) -> UInt32 { enabled?.base.load(fromByteOffset: state &* 4, as: UInt32.self) ?? 0 }

    func processSet(_ number: UInt32) -> ProcessSet { processSets[number] }
}

/// Sets of processes by number: there are few different ones.
private struct ProcessSetTable {
    private var sets: [ProcessSet] = []
    private var numbers: [ProcessSet: UInt32] = [:]
    private var last: UInt32 = 0
    /// By pid, one more than the number of the set of this process alone.
    private var numbersOfSingles = [UInt32](repeating: 0, count: 64)

    subscript(number: UInt32) -> ProcessSet { sets[Int(number)] }

    mutating func number(of set: ProcessSet) -> UInt32 {
        if Int(last) < sets.count, sets[Int(last)] == set { return last }
        if let bits = set.bits, bits != 0, bits & (bits &- 1) == 0 { return number(ofProcess: bits.trailingZeroBitCount, set) }
        return otherNumber(of: set)
    }

    private mutating func number(ofProcess pid: Int, _ set: ProcessSet) -> UInt32 {
        if numbersOfSingles[pid] == 0 { numbersOfSingles[pid] = otherNumber(of: set) + 1 }
        return numbersOfSingles[pid] - 1
    }

    private mutating func otherNumber(of set: ProcessSet) -> UInt32 {
        if let known = numbers[set] {
            last = known
        } else {
            last = UInt32(sets.count)
            numbers[set] = last
            sets.append(set)
        }
        return last
    }
}
