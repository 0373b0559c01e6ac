import Automata

/// A breadth-first search of a few thousand states, from one state of a path.
struct ShortcutSearch {
    /// A way that is shorter than that of the path.
    struct Shortcut {
        var steps: [ScheduleStep]
        /// How many steps of the path it stands for; nil if it leads to the violation.
        var distance: Int?
    }

    private struct Node {
        var offset: Int
        var size: Int
        var control: Int
        var claimStates: [Int32]
        var parent: Int
        var depth: Int
        var step: ScheduleStep?
    }

    private let reenactment: Reenactment
    private let findsViolations: Bool
    private var nodes: [Node] = []
    private var bytes: [UInt8] = []
    private var seen: Set<UInt64> = []

    /// - Parameter findsViolations: whether a path to the violation is one to a state.
    init(_ reenactment: Reenactment, findsViolations: Bool) {
        self.reenactment = reenactment
        self.findsViolations = findsViolations
    }

    var stateCount: Int { nodes.count }

    /// Looks for the way that saves most.
    /// - Parameters:
    ///   - goals: states of the path, with how many steps it takes to them.
    ///   - saving: how many steps the path takes to the violation.
    ///   - limit: how many states may be looked at.
    mutating func run(
        from point: Reenactment.TrailPoint, to goals: [UInt64: Int], saving: Int, limit: Int
    ) -> Shortcut? {
        add(point, parent: -1, step: nil)
        var best: (node: Int, distance: Int, saved: Int)?
        var next = 0
        while next < nodes.count, nodes.count < limit, nodes[next].depth + 1 < saving {
            let own = next
            next += 1
            let first = nodes.count
            if let steps = expand(own) { return Shortcut(steps: way(to: own) + steps, distance: nil) }
            for child in first..<nodes.count {
                let key = key(of: child)
                guard let distance = goals[key] else { continue }
                let saved = distance - nodes[child].depth
                if saved > best?.saved ?? 0 { best = (child, distance, saved) }
            }
        }
        return best.map { Shortcut(steps: way(to: $0.node), distance: $0.distance) }
    }

    private func key(of number: Int) -> UInt64 {
        let node = nodes[number]
        return bytes.withUnsafeBytes { all in
            Reenactment.key(
                UnsafeRawBufferPointer(rebasing: all[node.offset..<node.offset + node.size]), node.control, node.claimStates)
        }
    }

    private func way(to number: Int) -> [ScheduleStep] {
        var result: [ScheduleStep] = []
        var current = number
        while current >= 0 {
            if let step = nodes[current].step { result.append(step) }
            current = nodes[current].parent
        }
        return result.reversed()
    }

    private mutating func add(_ point: Reenactment.TrailPoint, parent: Int, step: ScheduleStep?) {
        guard seen.insert(point.key).inserted else { return }
        nodes.append(
            Node(
                offset: bytes.count, size: point.state.count, control: point.control, claimStates: point.claimStates,
                parent: parent, depth: parent < 0 ? 0 : nodes[parent].depth + 1, step: step))
        bytes += point.state
    }

    /// Adds what a state leads to.
    /// - Returns: the steps to the violation, if it comes about here.
    private mutating func expand(_ number: Int) -> [ScheduleStep]? {
        let node = nodes[number]
        let stepper = reenactment.stepper
        bytes.withUnsafeBytes { all in
            stepper.go(
                to: UnsafeRawBufferPointer(rebasing: all[node.offset..<node.offset + node.size]), control: node.control)
        }
        guard let end = reenactment.look(from: node.claimStates) else { return nil }
        switch end {
        case .violation(let steps): return findsViolations ? steps : nil
        case .moves(let claimStates):
            for move in 0..<stepper.moveCount {
                let single = stepper.move(move)
                let point = Reenactment.TrailPoint(
                    state: [UInt8](stepper.state(after: move)), control: single.control, claimStates: claimStates)
                add(point, parent: number, step: ScheduleStep(single.step))
            }
            return nil
        }
    }
}
