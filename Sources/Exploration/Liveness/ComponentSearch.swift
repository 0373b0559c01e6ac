import Automata

/// Finds the strongly connected components of a product in which a run can break the claim: it can go through all marks of the
/// claim for ever, and it is fair.
///
/// Time is linear in the product (with strong fairness, times the number of processes); nothing is copied for fairness, as
/// counters would be. The algorithm is D. J. Pearce's refinement of Tarjan's ("A Space-Efficient Algorithm for Finding Strongly
/// Connected Components", 2016), without recursion: one number of four bytes for each node, besides the stacks.
final class ComponentSearch {
    /// Why a search ended early.
    enum Interruption: Error { case memory, interrupted }

    private struct Frame {
        var node: ProductGraph.Node
        var claimPosition: Int
        var claimEnd: Int
        var edge: Int
        var isRoot: Bool
    }

    private let product: ProductGraph
    private let fairness: Fairness
    private let memoryLimit: Int
    /// Returns false to end the search.
    private let monitor: (_ nodes: Int) -> Bool
    /// For each node 0, its place on the path, or, from the top down, the number of its component.
    private let indices: MemoryRegion
    private var nextIndex: UInt32 = 1
    private var nextComponent = UInt32.max
    private var frames: [Frame] = []
    /// Nodes whose component is not known yet, besides those on the path.
    private var waiting: [ProductGraph.Node] = []
    private var untilReport = 0

    /// The components in which a run breaks the claim.
    private(set) var breaking: Set<UInt32> = []
    /// Whether a node was met in which the claim ends by itself.
    private(set) var hasEnding = false
    private(set) var nodeCount = 0

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
        enter(start)
        while frames.count > bottom {
            if let target = nextTarget() {
                let known = index(of: target)
                if known == 0 {
                    try report()
                    enter(target)
                } else {
                    meet(known)
                }
            } else {
                let frame = frames.removeLast()
                let own = index(of: frame.node)
                if frame.isRoot {
                    try leave(frame.node)
                } else {
                    waiting.append(frame.node)
                }
                if frames.count > bottom { meet(frame.isRoot ? UInt32.max : own) }
            }
        }
    }

    private func enter(_ node: ProductGraph.Node) {
        nodeCount += 1
        setIndex(nextIndex, of: node)
        nextIndex += 1
        let moves = product.claimEdges(of: node)
        frames.append(
            Frame(
                node: node, claimPosition: moves.lowerBound, claimEnd: moves.upperBound,
                edge: product.systemEdges(of: node.state).lowerBound, isRoot: true))
    }

    /// The next successor of the node at the end of the path.
    @inline(__always)
    private func nextTarget() -> ProductGraph.Node? {
        let top = frames.count &- 1
        let state = frames[top].node.state
        let edges = product.systemEdges(of: state)
        while frames[top].claimPosition < frames[top].claimEnd {
            let claim = product.table[frames[top].claimPosition].target
            if claim < 0 || product.table.isFinal(claim) {
                hasEnding = true
            } else if frames[top].edge < edges.upperBound {
                let edge = frames[top].edge
                frames[top].edge &+= 1
                return ProductGraph.Node(state: product.systemTarget(of: state, edge), claim: claim)
            }
            frames[top].claimPosition &+= 1
            frames[top].edge = edges.lowerBound
        }
        return nil
    }

    /// The node at the end of the path leads to one with this index.
    @inline(__always)
    private func meet(_ index: UInt32) {
        let top = frames.count &- 1
        if index < self.index(of: frames[top].node) {
            setIndex(index, of: frames[top].node)
            frames[top].isRoot = false
        }
    }

    /// The component that starts at a node is complete.
    private func leave(_ root: ProductGraph.Node) throws {
        let own = index(of: root)
        var first = waiting.count
        while first > 0, index(of: waiting[first - 1]) >= own { first -= 1 }
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
        let bytes = nodeCount * 4 + frames.count * MemoryLayout<Frame>.stride + waiting.count * MemoryLayout<ProductGraph.Node>.stride
        if bytes > memoryLimit { throw Interruption.memory }
        if !monitor(nodeCount) { throw Interruption.interrupted }
    }
}
