import Automata
import CStatePacking
import Dispatch
import Synchronization

/// The product of the state graph with a claim: in each state the claim moves, then the system.
///
/// Where nothing can move, the state repeats for ever: it has a copy, with a number above all states, that leads to itself.
final class ProductGraph {
    struct Node: Hashable {
        /// The number of a state, or of the copy of one.
        var state: Int
        var claim: Int32
    }

    /// How a node is left: a move of the claim and one of the system.
    struct Edge {
        var target: Node
        var marks: UInt64
        /// The number of the set of processes that move.
        var movers: UInt32
    }

    let graph: StateGraph
    let store: StateStore
    let table: ClaimTable
    /// States, without copies.
    let stateCount: Int
    /// States whose edges count, those with lower numbers; the others lead nobody knows where.
    let expandedCount: Int
    /// Asked to expand a state when its edges are wanted and not known.
    var expand: ((Int) -> Void)?
    /// One more than the number of the letter that a state is; 0 where that is not known yet.
    private let letters: MemoryRegion
    /// Fewer states are looked at before another thread would begin.
    private static let leastShare = 1 << 10

    /// - Parameters:
    ///   - expandedCount: only so many of the states that were expanded are looked at.
    ///   - stateLimit: room for so many states, where there will be more than now.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(
        _ graph: StateGraph, _ store: StateStore, _ table: ClaimTable, expandedCount: Int, stateLimit: Int? = nil
    ) throws {
        self.expandedCount = expandedCount
        self.graph = graph
        self.store = store
        self.table = table
        stateCount = stateLimit ?? store.count
        letters = try MemoryRegion(capacity: 2 * stateCount * 4)
    }

    /// Numbers for nodes that leave room for all claim states.
    @inline(__always)
    func number(of node: Node) -> Int { Int(node.claim) &* (2 &* stateCount) &+ node.state }

    /// One more than the largest number of a node.
    var numberLimit: Int { 2 * stateCount * table.stateCount }

    func node(_ number: Int) -> Node {
        Node(state: number % (2 * stateCount), claim: Int32(number / (2 * stateCount)))
    }

    var initialNodes: [Node] { table.initialStates.map { Node(state: 0, claim: $0) } }

    func isCopy(_ state: Int) -> Bool { state >= stateCount }

    /// The state itself, of a state or a copy.
    func original(_ state: Int) -> Int { state >= stateCount ? state - stateCount : state }

    /// Whether nothing can move in a state, so that its copy follows it.
    @inline(__always)
    func isRepeated(_ state: Int) -> Bool {
        graph.isExpanded(state, among: expandedCount) && graph.marks(of: state).contains(.isBlocked)
    }

    func circumstances(of state: Int) -> PropositionEvaluator.Circumstances {
        let original = original(state)
        if !isCopy(state) { wantEdges(of: state) }
        let isExpanded = graph.isExpanded(original, among: expandedCount)
        return .init(
            isTimeout: isExpanded && graph.marks(of: original).contains(.isTimeout), isStuttering: isCopy(state))
    }

    // MARK: Successors

    /// The moves of the claim in a node, as positions in the table.
    @inline(__always)
    func claimEdges(of node: Node) -> Range<Int> { table.edges(from: node.claim, on: letter(of: node.state)) }

    /// Asks for what is known of a state that will be looked at.
    @inline(__always)
    func prefetch(_ state: Int) {
        prefetchCacheLine(letters.base + state &* 4)
        graph.prefetch(original(state))
    }

    /// The number of the letter that a state, or a copy, is.
    @inline(__always)
    func letter(of state: Int) -> Int {
        let known = letters.base.load(fromByteOffset: state &* 4, as: UInt32.self)
        return known != 0 ? Int(known) &- 1 : workOutLetter(state)
    }

    @inline(never)
    private func workOutLetter(_ state: Int) -> Int {
        // First, for it may have the state expanded.
        let circumstances = circumstances(of: state)
        let letter = table.letter(of: store.state(original(state)), circumstances)
        setLetter(letter, of: state)
        return letter
    }

    @inline(__always)
    private func setLetter(_ letter: Int, of state: Int) {
        letters.base.storeBytes(of: UInt32(letter + 1), toByteOffset: state &* 4, as: UInt32.self)
    }

    /// Reads the letters of some states and of their copies, before anybody asks for them; there will be no more states than now.
    /// - Parameter threads: so many may help.
    /// - Returns: how many copies there are.
    func readLetters(of states: Range<Int>, threads: Int) -> Int {
        let wanted = max(1, min(threads, states.count / Self.leastShare))
        nonisolated(unsafe) let caches = (0..<wanted).map { _ in LetterCache(store.states, table.evaluator) }
        defer { for cache in caches { cache?.deallocate() } }
        // Evaluating is for one thread at a time: the table and the store have but one place each for what they work on.
        let evaluation = Mutex(())
        let copyCount = Mutex(0)
        // Where all has to be evaluated, there is nothing for others to do.
        let parts = caches[0] == nil ? 1 : wanted
        nonisolated(unsafe) let product = self
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let cache = caches[part]
            func read(_ state: Int) {
                let place = cache?.place(of: product.original(state))
                if let place, let letter = cache?.letter(at: place) { return product.setLetter(letter, of: state) }
                let letter = evaluation.withLock { _ in product.workOutLetter(state) }
                if let place { cache?.set(letter, at: place) }
            }
            var copies = 0
            let (first, end) = (states.count * part / parts, states.count * (part + 1) / parts)
            for state in states.lowerBound + first..<states.lowerBound + end {
                read(state)
                if product.isRepeated(state) {
                    read(state + product.stateCount)
                    copies += 1
                }
            }
            copyCount.withLock { $0 += copies }
        }
        return copyCount.withLock { $0 }
    }

    /// The moves of the system in a state, as positions for `systemTarget`.
    @inline(__always)
    func systemEdges(of state: Int) -> Range<Int> {
        // A copy moves to itself; a state at the edge of what was searched moves to nobody knows where.
        if isCopy(state) { return -1..<0 }
        wantEdges(of: state)
        if !graph.isExpanded(state, among: expandedCount) { return 0..<0 }
        if graph.marks(of: state).contains(.isBlocked) { return -1..<0 }
        return graph.edges(of: state)
    }

    @inline(__always)
    private func wantEdges(of state: Int) {
        if let expand, !graph.isExpanded(state, among: expandedCount) { expand(state) }
    }

    @inline(__always)
    func systemTarget(of state: Int, _ edge: Int) -> Int {
        if edge >= 0 { return graph.target(of: edge) }
        return isCopy(state) ? state : state &+ stateCount
    }

    /// Calls `body` with every edge of a node, but for those that lead to the end of the claim, until it returns false.
    func forEachEdge(of node: Node, _ body: (Edge) -> Bool) {
        for position in claimEdges(of: node) {
            let own = table[position]
            if own.target < 0 || table.isFinal(own.target) { continue }
            for edge in systemEdges(of: node.state) {
                let target = Node(state: systemTarget(of: node.state, edge), claim: own.target)
                let movers = edge >= 0 ? graph.movers(of: edge) : 0
                if !body(Edge(target: target, marks: own.marks, movers: movers)) { return }
            }
        }
    }

    /// How a claim ends in a node, without the system having to move again.
    enum Ending {
        /// The claim can reach a state from which nothing can save the run.
        case final
        /// What the claim looks at has no value there, or an assertion of it fails.
        case faulty
    }

    func ending(at node: Node) -> Ending? {
        for position in claimEdges(of: node) {
            let target = table[position].target
            if target < 0 { return .faulty }
            if table.isFinal(target) { return .final }
        }
        return nil
    }

    // MARK: Fairness

    /// The processes that move on an edge; none where the state only repeats.
    func movers(of edge: Edge) -> ProcessSet {
        isCopy(edge.target.state) || !graph.recordsMoves ? ProcessSet() : graph.processSet(edge.movers)
    }

    /// The processes that can move in a state.
    func enabled(in state: Int) -> ProcessSet {
        isCopy(state) || !graph.recordsMoves ? ProcessSet() : graph.processSet(graph.enabled(in: state))
    }
}
