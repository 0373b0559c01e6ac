import Automata
import CStatePacking
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
    @exclusivity(unchecked) private var processSets = ProcessSetTable()
    // Where those lie that are written for every state and edge: no reference is counted for an address.
    private let targetNumbers: UnsafeMutablePointer<UInt32>
    private let moverNumbers, enabledNumbers: UnsafeMutablePointer<UInt32>?
    private let edgeEnds: UnsafeMutablePointer<Int>
    private let markBytes: UnsafeMutablePointer<UInt8>
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
        func numbers(in region: MemoryRegion) -> UnsafeMutablePointer<UInt32> {
            region.base.bindMemory(to: UInt32.self, capacity: region.capacity / 4)
        }
        targetNumbers = numbers(in: targets)
        moverNumbers = movers.map(numbers)
        enabledNumbers = enabled.map(numbers)
        edgeEnds = ends.base.bindMemory(to: Int.self, capacity: ends.capacity / 8)
        markBytes = marks.base.bindMemory(to: UInt8.self, capacity: marks.capacity)
    }

    deinit { processSets.deallocate() }

    var recordsMoves: Bool { movers != nil }

    /// Bytes in use.
    var bytes: Int { edgeCount * (movers == nil ? 4 : 8) + expandedCount * (movers == nil ? 9 : 13) + (ranks == nil ? 0 : expandedCount * 4) }

    // MARK: Recording

    /// Notes how a state was found when it was expanded.
    func note(_ state: Int, _ outcome: SuccessorGenerator.Outcome, enabled set: ProcessSet) {
        var own: Marks = []
        if outcome.isBlocked { own.insert(.isBlocked) }
        if outcome.isTimeout { own.insert(.isTimeout) }
        markBytes[state] = own.rawValue
        if let enabledNumbers { enabledNumbers[state] = processSets.number(of: set) }
    }

    /// Adds an edge. The sources of edges come in ascending order.
    @inline(__always)
    func append(from source: Int, to target: Int, movers set: @autoclosure () -> ProcessSet) {
        if expandedCount < source { close(below: source) }
        targetNumbers[edgeCount] = UInt32(truncatingIfNeeded: target)
        if let moverNumbers { moverNumbers[edgeCount] = processSets.number(of: set()) }
        edgeCount &+= 1
    }

    /// All edges of the states below a number are known.
    func close(below count: Int) {
        while expandedCount < count {
            edgeEnds[expandedCount] = edgeCount
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
        return Range(uncheckedBounds: (state == 0 ? 0 : edgeEnds[state &- 1], edgeEnds[state]))
    }

    /// Asks for what is known of a state that will be looked at.
    @inline(__always)
    func prefetch(_ state: Int) { if ranks == nil { prefetchCacheLine(edgeEnds + state) } }

    @inline(__always)
    func target(of edge: Int) -> Int { Int(targetNumbers[edge]) }

    /// What is known of a state that was expanded.
    @inline(__always)
    func marks(of state: Int) -> Marks { Marks(rawValue: markBytes[state]) }

    /// The number of the set of processes that move on an edge; see `processSet`.
    @inline(__always)
    func movers(of edge: Int) -> UInt32 { moverNumbers.map { $0[edge] } ?? 0 }

    /// The number of the set of processes that can move in a state; see `processSet`.
    @inline(__always)
    func enabled(in state: Int) -> UInt32 { enabledNumbers.map { $0[state] } ?? 0 }

    func processSet(_ number: UInt32) -> ProcessSet { processSets[number] }
}

/// Sets of processes by number: there are few different ones.
private struct ProcessSetTable {
    private var sets: [ProcessSet] = []
    private var numbers: [ProcessSet: UInt32] = [:]
    /// Sets of processes with low pids that were asked for, each where its bits say, and their numbers; no set is empty there.
    private let recent: UnsafeMutablePointer<(bits: UInt64, number: UInt32)>
    private static let recentCount = 256

    init() {
        recent = .allocate(capacity: Self.recentCount)
        recent.initialize(repeating: (0, 0), count: Self.recentCount)
    }

    func deallocate() { recent.deallocate() }

    subscript(number: UInt32) -> ProcessSet { sets[Int(number)] }

    @inline(__always)
    mutating func number(of set: ProcessSet) -> UInt32 {
        guard let bits = set.bits, bits != 0 else { return otherNumber(of: set) }
        let place = recent + Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) &>> 56)
        if place.pointee.bits != bits { place.pointee = (bits, otherNumber(of: set)) }
        return place.pointee.number
    }

    @inline(never)
    private mutating func otherNumber(of set: ProcessSet) -> UInt32 {
        if let known = numbers[set] { return known }
        let number = UInt32(sets.count)
        numbers[set] = number
        sets.append(set)
        return number
    }
}
