import Automata

/// Looks at a product state by state, without searching it, for reasons why no run can break the claim: often there are some, and two or
/// three passes over the states, in their order, take a fraction of the time that a search takes.
///
/// A run that breaks a claim ends the claim, or goes round for ever among claim states that lie on cycles with all marks. Nodes with such
/// claim states that lead to none of their kind are eliminated, until that happens to few of them; where none is left, there is no such
/// run, and otherwise a search need not go where they were. It is not asked whether nodes can be reached, so those that are left may be
/// harmless. (K. Fisler, R. Fraer, G. Kamhi, M. Y. Vardi, Z. Yang, "Is There a Best Symbolic Cycle-Detection Algorithm?", 2001; without
/// regard to marks in the product, and in the order in which breadth-first searches find states, backwards: most edges lead to states
/// that have been looked at.)
struct CycleElimination {
    /// A set of claim states that lie on cycles with all marks, which are numbered for it, as bits.
    private typealias ClaimStates = UInt8

    private let product: ProductGraph
    private let threads: Int
    /// Told from time to time; returns false to end it.
    private let monitor: () -> Bool
    /// What the claim can come to with the letters of the states, once these have been read; nil for a claim that is too large.
    private var outlook: ClaimOutlook?
    /// Nodes that were looked at; with one claim state, where only letters were.
    private(set) var nodeCount = 0
    /// The claim states on cycles with all marks, if nodes with them are looked at, and which of them are left in each state.
    private var core: [Int] = []
    private var left: [ClaimStates] = []
    /// By letter, and by the set of claim states that are left in one of the next states, the claim states that can go on.
    private var goingOn: [[ClaimStates]] = []

    private static let reportDistance = 1 << 16
    private static let letterReportDistance = 1 << 18
    private static let passLimit = 8
    /// Claim states times letters: of a larger claim a search meets few of them, and it would take long to look at all.
    private static let rowLimit = 1 << 16

    init(_ product: ProductGraph, threads: Int, monitor: @escaping () -> Bool) {
        self.product = product
        self.threads = threads
        self.monitor = monitor
    }

    /// Whether some run may break the claim. Reads the letters of all states.
    /// - Parameter asksForCycles: whether runs count that go round for ever.
    /// - Throws: `ComponentSearch.Interruption`.
    mutating func leavesRuns(asksForCycles: Bool) throws -> Bool {
        try readLetters()
        let table = product.table
        guard table.stateCount * table.letterCount <= Self.rowLimit else { return true }
        let outlook = ClaimOutlook(table)
        self.outlook = outlook
        if outlook.mayEnd { return true }
        if !asksForCycles { return false }
        let core = outlook.statesOnCycles
        if core.isEmpty { return false }
        guard core.count <= ClaimStates.bitWidth else { return true }
        self.core = core
        goingOn = (0..<table.letterCount).map { letter in
            let next = core.map { claim in targets(of: claim, on: letter, among: core) }
            return (0..<1 << core.count).map { left in
                core.indices.reduce(0) { $0 | (next[$1] & ClaimStates(left) != 0 ? 1 << ClaimStates($1) : 0) }
            }
        }
        return try leavesNodes(ClaimStates((1 << core.count) - 1))
    }

    private mutating func readLetters() throws {
        let count = product.stateCount
        nodeCount = count
        for start in stride(from: 0, to: count, by: Self.letterReportDistance) {
            nodeCount += product.readLetters(of: start..<min(count, start + Self.letterReportDistance), threads: threads)
            if !monitor() { throw ComponentSearch.Interruption.interrupted }
        }
    }

    // MARK: The claim

    /// The initial claim states that go with every state and need not be searched: the claim may stay there whatever happens, and goes
    /// round with no others, nor through all marks. The letters of all states have been read.
    /// None, unless all states have been expanded: without all edges, some may not be reached by those that are there.
    var statesThatGoWithAll: Set<Int32> {
        if product.graph.expandedCount < product.stateCount || product.expandedCount < product.stateCount { return [] }
        return outlook?.statesThatStay ?? []
    }

    /// Has a search leave out the nodes that were eliminated, but for those that lead to others with claim states that were not looked at.
    /// - Parameter memoryLimit: bytes that it may take to note them.
    func leaveOutEliminated(of search: ComponentSearch, memoryLimit: Int) {
        guard left.count * core.count * ComponentSearch.bytesOfNode <= memoryLimit else { return }
        for (bit, claim) in core.enumerated() where outlook?.statesOnLastCycles.contains(claim) == true {
            for (state, left) in left.enumerated() where left & 1 << ClaimStates(bit) == 0 {
                search.leaveOut(ProductGraph.Node(state: state, claim: Int32(claim)))
            }
        }
    }

    private func targets(of claim: Int, on letter: Int, among core: [Int]) -> ClaimStates {
        let table = product.table
        return table.edges(from: Int32(claim), on: letter).reduce(0) { result, position in
            core.firstIndex(of: Int(table[position].target)).map { result | 1 << ClaimStates($0) } ?? result
        }
    }

    // MARK: The states

    private mutating func leavesNodes(_ everything: ClaimStates) throws -> Bool {
        let count = product.stateCount
        var left = [ClaimStates](repeating: everything, count: count)
        defer { self.left = left }
        var total = count * everything.nonzeroBitCount
        nodeCount = max(nodeCount, total)
        for _ in 0..<Self.passLimit {
            let before = total
            total = try left.withUnsafeMutableBufferPointer { try eliminate(&$0) }
            if total == 0 { return false }
            if before - total < before / 8 { return true }
        }
        return true
    }

    /// Goes through all states once.
    /// - Returns: how many nodes are left.
    private func eliminate(_ left: inout UnsafeMutableBufferPointer<ClaimStates>) throws -> Int {
        var total = 0
        for state in stride(from: product.stateCount - 1, through: 0, by: -1) {
            if state % Self.reportDistance == 0, !monitor() { throw ComponentSearch.Interruption.interrupted }
            let own = left[state]
            if own == 0 { continue }
            var ahead: ClaimStates = 0
            if product.isRepeated(state) {
                ahead = repeating(state + product.stateCount)
            } else {
                for edge in product.systemEdges(of: state) { ahead |= left[product.systemTarget(of: state, edge)] }
            }
            left[state] = own & goingOn[product.letter(of: state)][Int(ahead)]
            total += left[state].nonzeroBitCount
        }
        return total
    }

    /// The claim states that can go on for ever in the copy of a state in which nothing can move.
    private func repeating(_ copy: Int) -> ClaimStates {
        let next = goingOn[product.letter(of: copy)]
        var left = ClaimStates.max & ClaimStates(next.count - 1)
        while next[Int(left)] & left != left { left &= next[Int(left)] }
        return left
    }
}
