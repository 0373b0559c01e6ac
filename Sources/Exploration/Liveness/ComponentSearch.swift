import Automata
import CStatePacking

/// Finds the strongly connected components of a product in which a run can break the claim: it can go through all marks of the
/// claim for ever, and it is fair.
///
/// Time is linear in the product (with strong fairness, times the number of processes). Each node is visited once; a nested
/// depth-first search, such as Spin's, visits it up to twice, and for weak fairness up to twice for every process and two more,
/// since it counts processes in the state: on `socket.pml` with two clients 540,000 nodes here, and 851,000 and 3,459,000 visits
/// there. It reads the graph and writes to memory of its own, so that several claims can be searched for at the same time.
///
/// The algorithm is D. J. Pearce's refinement of Tarjan's ("A Space-Efficient Algorithm for Finding Strongly
/// Connected Components", 2016), without recursion: one number of four bytes for each node, besides the stacks.
final class ComponentSearch: ComponentIndex {
    /// Why a search ended early.
    enum Interruption: Error { case memory, interrupted }

    /// A node on the path, and how far its edges have been followed.
    private struct Frame {
        var node: ProductGraph.Node
        /// The least index of a node that is known to be reached from here.
        var low: UInt32
        var isRoot = true
        let index: UInt32
        /// Whether an edge leads from the node to itself.
        var hasLoop = false
        /// The claim state that the edges at hand lead to, as long as `edge` is before `edgeEnd`.
        var claim: Int32 = 0
        /// Moves of the claim that are to come.
        var claimPosition: Int
        var claimEnd: Int
        /// Moves of the system that are to come.
        var edge = 0
        var edgeEnd = 0
    }

    /// The number of the component that nodes are in which are not searched.
    private static let leftOut = UInt32.max
    static let bytesOfNode = 4

    private let product: ProductGraph
    private let fairness: Fairness
    private let memoryLimit: Int
    /// Returns false to end the search.
    private let monitor: (_ nodes: Int) -> Bool
    /// For each node 0, its place on the path, or, from the top down, the number of its component.
    private let indices: MemoryRegion
    // What changes at every node, which one thread works with.
    @exclusivity(unchecked) private var nextIndex: UInt32 = 1
    @exclusivity(unchecked) private var nextComponent = leftOut - 1
    @exclusivity(unchecked) private var frames: [Frame] = []
    /// Nodes whose component is not known yet, besides those on the path.
    @exclusivity(unchecked) private var waiting: [ProductGraph.Node] = []
    @exclusivity(unchecked) private var untilReport = 0

    /// The components in which a run breaks the claim.
    private(set) var breaking: Set<UInt32> = []
    /// Whether a node was met in which the claim ends by itself.
    private(set) var hasEnding = false
    @exclusivity(unchecked) private(set) var nodeCount = 0
    private var leftOutCount = 0

    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(
        _ product: ProductGraph, fairness: Fairness, memoryLimit: Int, monitor: @escaping (_ nodes: Int) -> Bool
    ) throws {
        self.product = product
        self.fairness = fairness
        self.memoryLimit = memoryLimit
        self.monitor = monitor
        indices = try MemoryRegion(capacity: product.numberLimit * Self.bytesOfNode)
    }

    /// Has a node not searched, which leads to none in which a run can break the claim.
    func leaveOut(_ node: ProductGraph.Node) {
        setIndex(Self.leftOut, of: node)
        leftOutCount += 1
    }

    func isLeftOut(_ node: ProductGraph.Node) -> Bool { index(of: node) == Self.leftOut }

    /// Looks at everything that can be reached.
    /// - Parameter claimStates: those that go with all states, and lie on no cycle that breaks the claim: there is nothing to be searched,
    ///   they only lead to others.
    /// - Throws: `Interruption`.
    func run(goingWithAll claimStates: Set<Int32> = []) throws {
        for node in product.initialNodes where !product.table.isFinal(node.claim) && index(of: node) == 0 {
            if !claimStates.contains(node.claim) {
                try explore(from: node)
                continue
            }
            for state in 0..<product.stateCount {
                try leaveClaimState(in: ProductGraph.Node(state: state, claim: node.claim))
                if product.isRepeated(state) {
                    try leaveClaimState(in: ProductGraph.Node(state: state + product.stateCount, claim: node.claim))
                }
            }
        }
    }

    /// Looks at what other claim states a node leads to.
    private func leaveClaimState(in node: ProductGraph.Node) throws {
        nodeCount += 1
        try report()
        for position in product.claimEdges(of: node) {
            let claim = product.table[position].target
            if claim == node.claim { continue }
            if claim < 0 || product.table.isFinal(claim) {
                hasEnding = true
                continue
            }
            for edge in product.systemEdges(of: node.state) {
                let target = ProductGraph.Node(state: product.systemTarget(of: node.state, edge), claim: claim)
                if index(of: target) == 0 { try explore(from: target) }
            }
        }
    }

    /// The component of a node that was explored.
    func component(of node: ProductGraph.Node) -> UInt32 { index(of: node) }

    func isBreaking(_ node: ProductGraph.Node) -> Bool { !breaking.isEmpty && breaking.contains(index(of: node)) }

    @inline(__always)
    private func index(of node: ProductGraph.Node) -> UInt32 {
        indices.base.load(fromByteOffset: product.number(of: node) &* Self.bytesOfNode, as: UInt32.self)
    }

    @inline(__always)
    private func setIndex(_ index: UInt32, of node: ProductGraph.Node) {
        indices.base.storeBytes(of: index, toByteOffset: product.number(of: node) &* Self.bytesOfNode, as: UInt32.self)
    }

    // MARK: Components

    private func explore(from start: ProductGraph.Node) throws {
        let bottom = frames.count
        // The end of the path is kept apart from the rest, where it is quick to reach.
        var top = enter(start)
        while true {
            if let target = nextTarget(&top) {
                let known = index(of: target)
                if known == 0 {
                    try report()
                    frames.append(top)
                    top = enter(target)
                } else if known == top.index {
                    top.hasLoop = true
                } else if known < top.low {
                    top.low = known
                    top.isRoot = false
                }
                continue
            }
            if top.isRoot {
                try leave(top.node, hasLoop: top.hasLoop)
            } else {
                setIndex(top.low, of: top.node)
                waiting.append(top.node)
            }
            guard frames.count > bottom else { return }
            let left = top
            top = frames.removeLast()
            if !left.isRoot, left.low < top.low {
                top.low = left.low
                top.isRoot = false
            }
        }
    }

    private func enter(_ node: ProductGraph.Node) -> Frame {
        nodeCount += 1
        setIndex(nextIndex, of: node)
        let moves = product.claimEdges(of: node)
        defer { nextIndex += 1 }
        return Frame(
            node: node, low: nextIndex, index: nextIndex, claimPosition: moves.lowerBound, claimEnd: moves.upperBound)
    }

    /// The next successor of a node on the path.
    @inline(__always)
    private func nextTarget(_ frame: inout Frame) -> ProductGraph.Node? {
        while true {
            if frame.edge < frame.edgeEnd {
                let target = product.systemTarget(of: frame.node.state, frame.edge)
                frame.edge &+= 1
                return ProductGraph.Node(state: target, claim: frame.claim)
            }
            guard frame.claimPosition < frame.claimEnd else { return nil }
            let claim = product.table[frame.claimPosition].target
            frame.claimPosition &+= 1
            if claim < 0 || product.table.isFinal(claim) {
                hasEnding = true
            } else {
                let edges = product.systemEdges(of: frame.node.state)
                frame.claim = claim
                (frame.edge, frame.edgeEnd) = (edges.lowerBound, edges.upperBound)
                prefetchTargets(of: frame)
            }
        }
    }

    /// Asks for what will be looked at of the nodes that edges lead to, which lie anywhere.
    @inline(__always)
    private func prefetchTargets(of frame: Frame) {
        for edge in frame.edge..<frame.edgeEnd {
            let state = product.systemTarget(of: frame.node.state, edge)
            prefetchCacheLine(indices.base + product.number(of: ProductGraph.Node(state: state, claim: frame.claim)) &* Self.bytesOfNode)
            product.prefetch(state)
        }
    }

    /// The component that starts at a node is complete.
    private func leave(_ root: ProductGraph.Node, hasLoop: Bool) throws {
        let own = index(of: root)
        var first = waiting.count
        while first > 0, index(of: waiting[first - 1]) >= own { first -= 1 }
        if first == waiting.count, !hasLoop {
            setIndex(nextComponent, of: root)
            nextComponent -= 1
            nextIndex -= 1
            return
        }
        let members = waiting[first...] + [root]
        waiting.removeSubrange(first...)
        nextIndex -= UInt32(members.count)
        let component = nextComponent
        nextComponent -= 1
        for node in members { setIndex(component, of: node) }
        try examine(members, component)
    }

    // MARK: What a component is worth

    private func examine(_ members: ArraySlice<ProductGraph.Node>, _ component: UInt32) throws {
        guard let first = members.first else { return }
        // Those that have to move.
        var obliged = fairness == .none ? ProcessSet() : product.enabled(in: first.state)
        for node in members where fairness != .none {
            if fairness == .strong {
                obliged.formUnion(product.enabled(in: node.state))
            } else if !obliged.isEmpty {
                obliged.formIntersection(product.enabled(in: node.state))
            }
        }
        let (marks, hasEdges, movers) = findings(in: members, component, obliged)
        let wanted = product.table.allMarks
        guard hasEdges, marks & wanted == wanted else { return }
        switch fairness {
        case .none: breaking.insert(component)
        case .weak:
            if obliged.isSubset(of: movers) { breaking.insert(component) }
        case .strong:
            let starving = members.filter { !product.enabled(in: $0.state).isSubset(of: movers) }
            if starving.isEmpty {
                breaking.insert(component)
            } else {
                try examineWithout(starving, members)
            }
        }
    }

    /// What the edges inside a component have, all together: marks, and who moves of those that have to.
    private func findings(
        in members: ArraySlice<ProductGraph.Node>, _ component: UInt32, _ obliged: ProcessSet
    ) -> (marks: UInt64, hasEdges: Bool, movers: ProcessSet) {
        var (marks, hasEdges, movers): (UInt64, Bool, ProcessSet) = (0, false, ProcessSet())
        // Sets of movers, by their numbers, that add nothing: there are few, and most edges need not be looked at for them.
        var isKnown: [Bool] = []
        for node in members {
            for position in product.claimEdges(of: node) {
                let own = product.table[position]
                if own.target < 0 || product.table.isFinal(own.target) { continue }
                for edge in product.systemEdges(of: node.state) {
                    let number = edge >= 0 && fairness != .none ? Int(product.graph.movers(of: edge)) : -1
                    if number >= isKnown.count { isKnown += Array(repeating: false, count: number + 1 - isKnown.count) }
                    if hasEdges, own.marks & ~marks == 0, number < 0 || isKnown[number] { continue }
                    let target = ProductGraph.Node(state: product.systemTarget(of: node.state, edge), claim: own.target)
                    if number >= 0, hasEdges, own.marks & ~marks == 0, isUseless(number, obliged, movers) {
                        isKnown[number] = true
                        continue
                    }
                    guard index(of: target) == component else { continue }
                    hasEdges = true
                    marks |= own.marks
                    if number >= 0 {
                        movers.formUnion(product.graph.processSet(UInt32(number)))
                        isKnown[number] = true
                    }
                }
            }
        }
        return (marks, hasEdges, movers)
    }

    /// Whether a set of movers has nobody who has to move and was not yet seen to.
    private func isUseless(_ number: Int, _ obliged: ProcessSet, _ movers: ProcessSet) -> Bool {
        product.graph.processSet(UInt32(number)).subtracting(movers).isDisjoint(with: obliged)
    }

    /// A process that never moves in a component must not be able to in any state of a strongly fair run: so these states are
    /// left out, and what remains falls into smaller components.
    private func examineWithout(
        _ starving: [ProductGraph.Node], _ members: ArraySlice<ProductGraph.Node>
    ) throws {
        let left = Set(starving)
        let remaining = members.filter { !left.contains($0) }
        for node in left { setIndex(nextComponent, of: node) }
        nextComponent -= 1
        for node in remaining { setIndex(0, of: node) }
        for node in remaining where index(of: node) == 0 { try explore(from: node) }
    }

    private func report() throws {
        untilReport -= 1
        guard untilReport <= 0 else { return }
        untilReport = 4096
        let bytes =
            (nodeCount + leftOutCount) * Self.bytesOfNode + frames.count * MemoryLayout<Frame>.stride
            + waiting.count * MemoryLayout<ProductGraph.Node>.stride
        if bytes > memoryLimit { throw Interruption.memory }
        if !monitor(nodeCount) { throw Interruption.interrupted }
    }
}
