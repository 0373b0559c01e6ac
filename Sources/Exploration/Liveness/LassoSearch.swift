import Automata

/// A run that breaks a claim, as numbers of states: a stem, and what repeats after it.
struct ProductRun {
    /// How a state is reached: the processes that move, where that matters, tell one way into it from another.
    struct Step {
        var state: Int
        var movers: ProcessSet?
    }

    /// The states from the initial one to where the cycle begins and ends, or to where the claim is broken.
    var stem: [Step]
    /// The states after the last one of the stem, round to it again; empty where that state repeats because nothing can move,
    /// nil where the stem alone breaks the claim.
    var cycle: [Step]?
    /// Whether what the claim looks at has no value at the end of the stem, or an assertion of the claim fails there.
    var isFaulty = false

    /// The same run, with the cycle begun as early as can be: the claim may take a turn longer to settle than the states do.
    var withShortestStem: ProductRun {
        guard var cycle, !cycle.isEmpty else { return self }
        var stem = stem
        while stem.count > 1, let last = cycle.last {
            let previous = cycle.count == 1 ? last : cycle[cycle.count - 2]
            guard stem[stem.count - 2].state == previous.state else { break }
            stem.removeLast()
            cycle.removeLast()
            cycle.insert(last, at: 0)
        }
        return ProductRun(stem: stem, cycle: cycle, isFaulty: isFaulty)
    }
}

/// What a search for components has found.
protocol ComponentIndex: AnyObject {
    /// Whether a run can break the claim in the component of a node.
    func isBreaking(_ node: ProductGraph.Node) -> Bool
    /// A number that nodes of one such component have in common, and no others.
    func component(of node: ProductGraph.Node) -> UInt32
}

/// Finds a short run among those that break a claim: the stem is a shortest one to a component in which that can be done, or a
/// little longer where the cycle is shorter for it.
final class LassoSearch {
    private typealias Node = ProductGraph.Node

    private let product: ProductGraph
    private let components: (any ComponentIndex)?
    private let fairness: Fairness
    /// One more than the number of the node that a node was reached from; its own number for an initial one.
    private let parents: MemoryRegion
    // Grows by every node, in one thread.
    @exclusivity(unchecked) private var queue: [Node] = []
    private let monitor: (Int) -> Bool

    /// Nodes that cycles are looked for at.
    private static let candidateLimit = 32
    /// Nodes that may be visited for cycles, once there is one.
    private static let visitLimit = 1 << 20

    /// - Parameters:
    ///   - components: a finished search; nil if only runs count that break the claim at one point.
    ///   - monitor: told of the number of nodes from time to time; returns false to end the search.
    /// - Throws: `StoreError` if the address space cannot be reserved.
    init(
        _ product: ProductGraph, _ components: (any ComponentIndex)?, fairness: Fairness, monitor: @escaping (Int) -> Bool
    ) throws {
        self.product = product
        self.components = components
        self.fairness = fairness
        self.monitor = monitor
        parents = try MemoryRegion(capacity: product.numberLimit * 8)
    }

    var nodeCount: Int { queue.count }

    /// - Returns: a run that breaks the claim; nil if there is none.
    /// - Throws: `ComponentSearch.Interruption`.
    func run(memoryLimit: Int) throws -> ProductRun? {
        for node in product.initialNodes {
            if product.table.isFinal(node.claim) { return ProductRun(stem: [.init(state: 0)], cycle: nil) }
            visit(node, from: nil)
        }
        var best: (run: ProductRun, length: Int)?
        var candidates = 0
        var visits = 0
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            if next & 4095 == 0 {
                if queue.count * (8 + MemoryLayout<Node>.stride) > memoryLimit { throw ComponentSearch.Interruption.memory }
                if !monitor(queue.count) { throw ComponentSearch.Interruption.interrupted }
            }
            if let ending = product.ending(at: node) {
                let stem = path(to: node)
                if best.map({ $0.length <= stem.count }) ?? false { break }
                return shortened(ProductRun(stem: stem, cycle: nil, isFaulty: ending == .faulty), endsIn: node)
            }
            if let components, components.isBreaking(node) {
                let stem = path(to: node)
                if let best, stem.count >= best.length || candidates >= Self.candidateLimit || visits > Self.visitLimit { break }
                candidates += 1
                let search = CycleSearch(product, components, fairness: fairness)
                if let cycle = search.cycle(through: node), stem.count + cycle.count < best?.length ?? .max {
                    best = (shortened(ProductRun(stem: stem, cycle: cycle), endsIn: node), stem.count + cycle.count)
                }
                visits += search.visits
            }
            product.forEachEdge(of: node) { edge in
                visit(edge.target, from: node)
                return true
            }
        }
        return best?.run.withShortestStem
    }

    private func visit(_ node: Node, from parent: Node?) {
        let number = product.number(of: node)
        guard parents.base.load(fromByteOffset: number * 8, as: Int.self) == 0 else { return }
        parents.base.storeBytes(of: product.number(of: parent ?? node) + 1, toByteOffset: number * 8, as: Int.self)
        queue.append(node)
    }

    private func path(to node: Node) -> [ProductRun.Step] {
        var number = product.number(of: node)
        var states = [node.state]
        while true {
            let parent = parents.base.load(fromByteOffset: number * 8, as: Int.self) - 1
            if parent == number { break }
            states.append(product.node(parent).state)
            number = parent
        }
        return states.reversed().map { ProductRun.Step(state: $0) }
    }

    /// A run that ends in the copy of a state repeats that state; the steps from copy to copy are none.
    private func shortened(_ run: ProductRun, endsIn node: Node) -> ProductRun {
        var result = run
        guard product.isCopy(node.state) else { return run }
        result.stem.removeAll { product.isCopy($0.state) }
        result.cycle = []
        return result
    }
}

/// Finds a short cycle through a node that meets all that a breaking run has to meet: each mark, and for each process what
/// fairness demands. Greedy: always on to the nearest node with something that is still missing.
private final class CycleSearch {
    private typealias Node = ProductGraph.Node

    private let product: ProductGraph
    private let components: any ComponentIndex
    private let fairness: Fairness
    private(set) var visits = 0

    /// What is still missing.
    private struct Wanted {
        var marks: UInt64
        /// Processes that have neither moved yet nor been unable to.
        var processes: ProcessSet

        var isEmpty: Bool { marks == 0 && processes.isEmpty }
    }

    init(_ product: ProductGraph, _ components: any ComponentIndex, fairness: Fairness) {
        self.product = product
        self.components = components
        self.fairness = fairness
    }

    /// The states of the cycle, without the first one and with its return.
    func cycle(through start: ProductGraph.Node) -> [ProductRun.Step]? {
        let component = components.component(of: start)
        var wanted = Wanted(
            marks: product.table.allMarks,
            processes: fairness == .none ? ProcessSet() : ProcessSet(below: 256))
        wanted.processes = missing(wanted.processes, at: start)
        if fairness == .strong { wanted.processes = movable(from: start, in: component) }
        var steps: [ProductRun.Step] = []
        var current = start
        while !wanted.isEmpty {
            guard let leg = leg(from: current, in: component, until: { edge in
                edge.marks & wanted.marks != 0 || !isUseless(edge, wanted.processes)
            }) else { return nil }
            for edge in leg {
                wanted.marks &= ~edge.marks
                wanted.processes = missing(wanted.processes, after: edge)
                steps.append(step(edge))
                current = edge.target
            }
        }
        if current != start || steps.isEmpty {
            guard let back = leg(from: current, in: component, until: { $0.target == start }) else { return nil }
            steps += back.map(step)
        }
        return steps
    }

    private func step(_ edge: ProductGraph.Edge) -> ProductRun.Step {
        ProductRun.Step(state: edge.target.state, movers: fairness == .none ? nil : product.movers(of: edge))
    }

    /// With strong fairness the processes that can move anywhere in the component, all of which have to.
    private func movable(from start: ProductGraph.Node, in component: UInt32) -> ProcessSet {
        var result = ProcessSet()
        var seen: Set<ProductGraph.Node> = [start]
        var pending = [start]
        while let node = pending.popLast() {
            result.formUnion(product.enabled(in: node.state))
            product.forEachEdge(of: node) { edge in
                if components.component(of: edge.target) == component, seen.insert(edge.target).inserted {
                    pending.append(edge.target)
                }
                return true
            }
        }
        return result
    }

    /// With weak fairness a process that cannot move in a state of the cycle has had its due.
    private func missing(_ processes: ProcessSet, at node: ProductGraph.Node) -> ProcessSet {
        guard fairness == .weak else { return processes }
        var result = processes
        result.formIntersection(product.enabled(in: node.state))
        return result
    }

    private func missing(_ processes: ProcessSet, after edge: ProductGraph.Edge) -> ProcessSet {
        if processes.isEmpty { return processes }
        return missing(processes.subtracting(product.movers(of: edge)), at: edge.target)
    }

    private func isUseless(_ edge: ProductGraph.Edge, _ processes: ProcessSet) -> Bool {
        processes.isEmpty || missing(processes, after: edge) == processes
    }

    /// The shortest way inside the component whose last edge is such a one.
    private func leg(
        from start: ProductGraph.Node, in component: UInt32, until isGoal: (ProductGraph.Edge) -> Bool
    ) -> [ProductGraph.Edge]? {
        var arrivals: [ProductGraph.Node: (edge: ProductGraph.Edge, source: ProductGraph.Node)] = [:]
        var queue = [start]
        var next = 0
        var goal: (edge: ProductGraph.Edge, source: ProductGraph.Node)?
        while next < queue.count, goal == nil {
            let node = queue[next]
            next += 1
            visits += 1
            product.forEachEdge(of: node) { edge in
                guard components.component(of: edge.target) == component else { return true }
                if isGoal(edge) {
                    goal = (edge, node)
                    return false
                }
                if edge.target != start, arrivals[edge.target] == nil {
                    arrivals[edge.target] = (edge, node)
                    queue.append(edge.target)
                }
                return true
            }
        }
        guard let goal else { return nil }
        var edges = [goal.edge]
        var node = goal.source
        while node != start, let arrival = arrivals[node] {
            edges.append(arrival.edge)
            node = arrival.source
        }
        return edges.reversed()
    }
}
