import Automata

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

    private let product: ProductGraph
    private let fairness: Fairness
    private let memoryLimit: Int
    /// Returns false to end the search.
    private let monitor: (_ nodes: Int) -> Bool
    /// For each node 0, its place on the path, or, from the top down, the number of its component.
    private let indices: MemoryRegion
    // What changes at every node, which one thread works with.
    @exclusivity(unchecked) private var nextIndex: UInt32 = 1
    @exclusivity(unchecked) private var nextComponent = UInt32.max
    @exclusivity(unchecked) private var frames: [Frame] = []
    /// Nodes whose component is not known yet, besides those on the path.
    @exclusivity(unchecked) private var waiting: [ProductGraph.Node] = []
    @exclusivity(unchecked) private var untilReport = 0

    /// The components in which a run breaks the claim.
    private(set) var breaking: Set<UInt32> = []
    /// Whether a node was met in which the claim ends by itself.
    private(set) var hasEnding = false
    @exclusivity(unchecked) private(set) var nodeCount = 0

    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(
        _ product: ProductGraph, fairness: Fairness, memoryLimit: Int, monitor: @escaping (_ nodes: Int) -> Bool
    ) throws {
        self.product = product
        self.fairness = fairness
        self.memoryLimit = memoryLimit
        self.monitor = monitor
        indices = try MemoryRegion(capacity: product.numberLimit * 4)
    }

    /// Looks at everything that can be reached.
    /// - Throws: `Interruption`.
    func run() throws {
        for node in product.initialNodes where !product.table.isFinal(node.claim) && index(of: node) == 0 {
            try explore(from: node)
        }
    }

    /// The component of a node that was explored.
    func component(of node: ProductGraph.Node) -> UInt32 { index(of: node) }

    func isBreaking(_ node: ProductGraph.Node) -> Bool { !breaking.isEmpty && breaking.contains(index(of: node)) }

    @inline(__always)
    private func index(of node: ProductGraph.Node) -> UInt32 {
        indices.base.load(fromByteOffset: product.number(of: node) &* 4, as: UInt32.self)
    }

    @inline(__always)
    private func setIndex(_ index: UInt32, of node: ProductGraph.Node) {
        indices.base.storeBytes(of: index, toByteOffset: product.number(of: node) &* 4, as: UInt32.self)
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
            }
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
        var marks: UInt64 = 0
        var hasEdges = false
        var movers = ProcessSet()
        var lastMovers = UInt32.max
        for node in members {
            product.forEachEdge(of: node) { edge in
                guard index(of: edge.target) == component else { return true }
                hasEdges = true
                marks |= edge.marks
                if fairness != .none, edge.movers != lastMovers {
                    lastMovers = edge.movers
                    movers.formUnion(product.movers(of: edge))
                }
                return true
            }
        }
        let wanted: UInt64 = product.table.markCount == 64 ? .max : 1 << UInt64(product.table.markCount) - 1
        guard hasEdges, marks & wanted == wanted else { return }
        switch fairness {
        case .none: breaking.insert(component)
        case .weak:
            guard let first = members.first else { return }
            var always = product.enabled(in: first.state)
            for node in members where !always.isEmpty { always.formIntersection(product.enabled(in: node.state)) }
            if always.isSubset(of: movers) { breaking.insert(component) }
        case .strong:
            let starving = members.filter { !product.enabled(in: $0.state).isSubset(of: movers) }
            if starving.isEmpty {
                breaking.insert(component)
            } else {
                try examineWithout(starving, members)
            }
        }
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
            nodeCount * 4 + frames.count * MemoryLayout<Frame>.stride
            + waiting.count * MemoryLayout<ProductGraph.Node>.stride
        if bytes > memoryLimit { throw Interruption.memory }
        if !monitor(nodeCount) { throw Interruption.interrupted }
    }
}
