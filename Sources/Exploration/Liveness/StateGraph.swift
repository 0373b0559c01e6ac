import Automata
import Foundation

/// The stored states with the edges between them, as a breadth-first search finds them: claims are checked on it.
///
/// The edges of a state lie together, in the order of the states, so that each edge takes four bytes.
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
    private(set) var edgeCount = 0
    /// The states that were expanded: those with lower numbers.
    private(set) var expandedCount = 0

    /// - Parameters:
    ///   - memoryLimit: bytes that are never exceeded; the caller sees to that by `bytes`.
    ///   - recordsMoves: whether to keep who moves and who can.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(memoryLimit: Int, recordsMoves: Bool) throws {
        targets = try MemoryRegion(capacity: memoryLimit)
        ends = try MemoryRegion(capacity: min(memoryLimit, 8 << 32))
        marks = try MemoryRegion(capacity: min(memoryLimit, 1 << 32))
        movers = recordsMoves ? try MemoryRegion(capacity: memoryLimit) : nil
        enabled = recordsMoves ? try MemoryRegion(capacity: min(memoryLimit, 4 << 32)) : nil
    }

    var recordsMoves: Bool { movers != nil }

    /// Bytes in use.
    var bytes: Int { edgeCount * (movers == nil ? 4 : 8) + expandedCount * (movers == nil ? 9 : 13) }

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

    // MARK: Reading

    /// The edges of a state that was expanded.
    @inline(__always)
    func edges(of state: Int) -> Range<Int> {
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

    subscript(number: UInt32) -> ProcessSet { sets[Int(number)] }

    mutating func number(of set: ProcessSet) -> UInt32 {
        if Int(last) < sets.count, sets[Int(last)] == set { return last }
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
