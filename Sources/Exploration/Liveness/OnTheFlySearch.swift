import Automata

/// Looks for a component in which a run can break the claim, depth first, and stops as soon as a part of one shows it: only the
/// states on the way have to be known by then. For models that are too large to be searched completely.
///
/// The algorithm is J.-M. Couvreur's ("On-the-Fly Verification of Linear Temporal Logic", 1999): the components of the path
/// so far are merged whenever an edge leads back into it, with the marks that were met in them, and here with who moved and who
/// could all the time, so that weak fairness is decided as early.
final class OnTheFlySearch: ComponentIndex {
    /// Told of the numbers of nodes, of steps on the path and of bytes in use from time to time; it may end the search.
    typealias Monitor = (_ nodes: Int, _ depth: Int, _ bytes: Int) throws -> Void

    private struct Frame {
        var node: ProductGraph.Node
        var claimPosition: Int
        var claimEnd: Int
        var claim: Int32 = 0
        var marks: UInt64 = 0
        var edge = 0
        var edgeEnd = 0
    }

    /// What was met in a component of the path, or on the edge into it.
    private struct Findings {
        var marks: UInt64 = 0
        var movers = ProcessSet()

        mutating func formUnion(_ other: Findings) {
            marks |= other.marks
            movers.formUnion(other.movers)
        }
    }

    private struct Root {
        var index: UInt32
        var inside = Findings()
        var entry: Findings
        /// The processes that can move in every state of it.
        var always: ProcessSet
    }

    /// The index of a node that cannot lead back to the path.
    private static let done = UInt32.max

    private let product: ProductGraph
    private let fairness: Fairness
    private let depthLimit: Int
    private let wanted: UInt64
    private let monitor: Monitor
    private let indices: MemoryRegion
    private var frames: [Frame] = []
    private var roots: [Root] = []
    /// Nodes that may still lead back to the path, in the order of their indices.
    private var active: [ProductGraph.Node] = []
    private var firstBreaking: UInt32?
    private(set) var hasEnding = false
    /// Whether paths were cut at the depth limit.
    private(set) var isCut = false
    private(set) var nodeCount = 0

    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(
        _ product: ProductGraph, fairness: Fairness, depthLimit: Int?,
        monitor: @escaping Monitor
    ) throws {
        self.product = product
        self.fairness = fairness
        self.depthLimit = depthLimit ?? .max
        self.monitor = monitor
        wanted = product.table.allMarks
        indices = try MemoryRegion(capacity: product.numberLimit * 4)
    }

    func isBreaking(_ node: ProductGraph.Node) -> Bool { component(of: node) == 1 }

    func component(of node: ProductGraph.Node) -> UInt32 {
        guard let firstBreaking else { return 0 }
        let own = index(of: node)
        return own >= firstBreaking && own != Self.done ? 1 : 0
    }

    private func index(of node: ProductGraph.Node) -> UInt32 {
        indices.base.load(fromByteOffset: product.number(of: node) &* 4, as: UInt32.self)
    }

    private func setIndex(_ index: UInt32, of node: ProductGraph.Node) {
        indices.base.storeBytes(of: index, toByteOffset: product.number(of: node) &* 4, as: UInt32.self)
    }

    /// Searches until something breaks the claim.
    /// - Returns: whether something does.
    func run() throws -> Bool {
        for node in product.initialNodes where index(of: node) == 0 {
            if product.table.isFinal(node.claim) {
                hasEnding = true
                return true
            }
            try enter(node, by: Findings())
            while !frames.isEmpty {
                if try step() { return true }
            }
        }
        return false
    }

    private func enter(_ node: ProductGraph.Node, by entry: Findings) throws {
        nodeCount += 1
        if nodeCount & 1023 == 0 { try monitor(nodeCount, frames.count, bytes) }
        active.append(node)
        let index = UInt32(active.count)
        setIndex(index, of: node)
        let moves = product.claimEdges(of: node)
        // Only now is it known who can move.
        _ = product.systemEdges(of: node.state)
        roots.append(
            Root(index: index, entry: entry, always: fairness == .none ? ProcessSet() : product.enabled(in: node.state)))
        frames.append(Frame(node: node, claimPosition: moves.lowerBound, claimEnd: moves.upperBound))
    }

    /// Follows one edge from the end of the path, or goes back; returns whether that shows that the claim can be broken.
    private func step() throws -> Bool {
        let top = frames.count - 1
        let frame = frames[top]
        guard frame.edge < frame.edgeEnd else {
            guard frame.claimPosition < frame.claimEnd else {
                leave()
                return false
            }
            let own = product.table[frame.claimPosition]
            frames[top].claimPosition += 1
            if own.target < 0 || product.table.isFinal(own.target) {
                hasEnding = true
                return true
            }
            let edges = product.systemEdges(of: frame.node.state)
            (frames[top].claim, frames[top].marks) = (own.target, own.marks)
            (frames[top].edge, frames[top].edgeEnd) = (edges.lowerBound, edges.upperBound)
            return false
        }
        frames[top].edge += 1
        let target = ProductGraph.Node(
            state: product.systemTarget(of: frame.node.state, frame.edge), claim: frame.claim)
        let known = index(of: target)
        if known == Self.done { return false }
        var findings = Findings(marks: frame.marks)
        if fairness != .none {
            let movers = frame.edge >= 0 ? product.graph.movers(of: frame.edge) : 0
            findings.movers = product.movers(of: .init(target: target, marks: 0, movers: movers))
        }
        if known == 0 {
            guard frames.count < depthLimit else {
                isCut = true
                return false
            }
            try enter(target, by: findings)
            return false
        }
        return merge(downTo: known, findings)
    }

    /// An edge leads back to the path: all components from there on are one.
    private func merge(downTo index: UInt32, _ edge: Findings) -> Bool {
        var findings = edge
        var always = ProcessSet(below: 256)
        while let last = roots.last, last.index > index {
            findings.formUnion(last.inside)
            findings.formUnion(last.entry)
            always.formIntersection(last.always)
            roots.removeLast()
        }
        let last = roots.count - 1
        roots[last].inside.formUnion(findings)
        roots[last].always.formIntersection(always)
        let root = roots[last]
        guard root.inside.marks & wanted == wanted, root.always.isSubset(of: root.inside.movers) else { return false }
        firstBreaking = root.index
        return true
    }

    private func leave() {
        let frame = frames.removeLast()
        guard let root = roots.last, root.index == index(of: frame.node) else { return }
        roots.removeLast()
        while active.count >= Int(root.index) { setIndex(Self.done, of: active.removeLast()) }
    }

    /// Bytes in use.
    private var bytes: Int {
        nodeCount * 4 + frames.count * MemoryLayout<Frame>.stride + roots.count * MemoryLayout<Root>.stride
            + active.count * MemoryLayout<ProductGraph.Node>.stride
    }
}
