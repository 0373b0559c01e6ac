import Promela

/// What the processes of a system can do, as transitions that each concern a few fields of the state vector. It is found out
/// for those values of the fields that are known to occur, and for all combinations of them that make a difference.
///
/// For each process there is a decision tree: a node asks for the field that is read next, given the values of those that were
/// read before, and a leaf is a `LocalTransition`.
public final class LocalTransitionTable {
    /// Why there is no such table, in words.
    public struct Obstacle: Error, Sendable {
        public var reason: String
    }

    /// What asks for a field.
    private struct Node {
        var pid: Int
        var field: Int
        /// The values of the fields that were asked for before, by number, and when it was found out last what goes with them.
        var path: [Int]
        var lookTime = -1
        var mindsCount: Bool
        /// A vector that comes to this node.
        var vector: [UInt8]
        /// For values of the field, the node that is asked next, or `leaf`.
        var children: [(value: UInt8, child: Int)] = []

        func child(of value: UInt8) -> Int? { children.first { $0.value == value }?.child }
    }

    /// Stands for the end of a tree.
    private static let leaf = -1
    /// The most jumps of a `d_step`, and bytes of the states inside the atomic sequences of one process, that are not unclear.
    private static let (jumpLimit, sequenceLimit) = (1_000_000, 1 << 24)

    private let partition: VectorPartition
    private let evaluation: LocalEvaluation
    private let countField: Int
    private var nodes: [Node] = []
    /// For each process, where its tree begins.
    private var roots: [Int]
    private let joint: JointValues
    public private(set) var transitions: [LocalTransition] = []
    private var effects: [LocalEffect] = []
    /// How many there were when others were foreseen last.
    private var foreseenCount = 0
    /// Transitions that may be foreseen in vain: the more, the more often it was not enough.
    private var foresight: Int

    /// - Parameters:
    ///   - states: reachable ones, the initial state among them; the processes in them are all that there ever may be, as far as this
    ///     table can tell.
    ///   - foresight: transitions that may be found out in vain, at first; if there are none, nothing is foreseen.
    /// - Throws: `Obstacle` if the model has something in it that does not concern single processes, or processes that change places.
    public init(_ generator: SuccessorGenerator, states: [[UInt8]], foresight: Int = 500) throws(Obstacle) {
        self.foresight = foresight
        let system = generator.system
        // Those of before have nothing to do with what is looked at here.
        _ = generator.takeTruncations()
        // With values that never come together, steps may be long that are short otherwise.
        (generator.jumpBudget, generator.workingMemoryLimit) = (Self.jumpLimit, Self.sequenceLimit)
        if let reason = system.localityObstacle { throw Obstacle(reason: reason) }
        guard let largest = states.max(by: { $0.count < $1.count }) else { throw Obstacle(reason: "there is no state") }
        let proctypes = largest.withUnsafeBytes { bytes in
            let start = bytes.baseAddress ?? UnsafeRawPointer(generator.offerScratch)
            generator.machine.index(UnsafeMutableRawPointer(mutating: start), size: bytes.count)
            return (0..<generator.machine.indexedCount).map { generator.machine.proctype(ofProcessAt: $0) }
        }
        guard let partition = VectorPartition(system, proctypes: proctypes), partition.size < 1 << 15 else {
            throw Obstacle(reason: "states are too large")
        }
        self.partition = partition
        evaluation = LocalEvaluation(generator, partition)
        countField = partition.fields(at: StateLayout.processCountOffset).lowerBound
        joint = JointValues(fieldCount: partition.fields.count)
        roots = Array(repeating: Self.leaf, count: proctypes.count)
        for state in states {
            guard let vector = vector(of: state) else { throw Obstacle(reason: "processes change places") }
            join(vector)
            for pid in proctypes.indices { take(vector, pid) }
        }
    }

    public var fields: [VectorField] { partition.fields }
    public var processCount: Int { partition.proctypes.count }

    /// The vector of a state; nil if it has processes that this table has no place for.
    public func vector(of state: [UInt8]) -> [UInt8]? { state.withUnsafeBytes { partition.vector(of: $0) } }

    /// The state with these values of fields.
    public func state(of values: [UInt8]) -> [UInt8] {
        var vector = [UInt8](repeating: 0, count: partition.size)
        for (field, value) in zip(partition.fields, values) { vector[field.offset] |= value }
        return Array(vector.prefix(partition.frames[Int(vector[StateLayout.processCountOffset])]))
    }

    // MARK: Values

    /// The values that a field may have.
    public func values(of field: Int) -> ByteSet {
        var values = ByteSet()
        for number in joint.numbers[field] where joint.occurs(number) { values.insert(joint.members[number].value) }
        return values
    }

    /// The transitions that may be taken with values that go together, as indices in ascending order.
    public var possibleTransitions: [Int] {
        var room = NumberSet()
        return effects.indices.filter { joint.collect(companionsOf: effects[$0].conditions, in: &room) }
    }

    /// Takes the values of a vector for ones that go together.
    private func join(_ vector: [UInt8]) {
        let values = partition.fields.indices.map { FieldValue(field: $0, value: partition.fields[$0].value(in: vector)) }
        let numbers = values.map { joint.insert($0.value, in: $0.field) }
        let set = joint.set(values)
        for number in numbers { joint.join(number, set) }
    }

    /// Says which values go together, and that no others do.
    /// - Parameter values: all that occur, each with those that there are together with it; it is among them itself.
    public func setJointValues(_ values: [(value: FieldValue, companions: [FieldValue])]) {
        joint.separateAll()
        let numbers = values.map { joint.insert($0.value.value, in: $0.value.field) }
        for (number, value) in zip(numbers, values) { joint.join(number, joint.set(value.companions)) }
    }

    // MARK: Trees

    /// Finds out what a process can do in a vector.
    private func take(_ vector: [UInt8], _ pid: Int) {
        if roots[pid] == Self.leaf { grow(below: nil, pid, vector) }
        var place = roots[pid]
        while place != Self.leaf {
            let value = partition.fields[nodes[place].field].value(in: vector)
            if let child = nodes[place].child(of: value) {
                place = child
            } else {
                grow(below: place, pid, vector)
            }
        }
    }

    /// Nodes, and values of their fields that go with those before, whose meaning is not known.
    private func openValues() -> [(node: Int, value: UInt8)] {
        var (open, room) = ([(node: Int, value: UInt8)](), NumberSet())
        for place in nodes.indices where nodes[place].path.isEmpty || joint.haveChanged(nodes[place].path, since: nodes[place].lookTime) {
            nodes[place].lookTime = joint.time
            guard joint.collect(companionsOf: nodes[place].path, in: &room) else { continue }
            for number in joint.numbers[nodes[place].field] where room.contains(number) {
                let value = joint.members[number].value
                if nodes[place].child(of: value) == nil { open.append((place, value)) }
            }
        }
        return open
    }

    /// Finds out what those values mean that go together.
    /// - Parameter isStopped: asked from time to time.
    /// - Returns: whether that was not known of all of them.
    /// - Throws: `Obstacle` if there are more transitions than the limit, or it is stopped.
    public func extend(limit: Int, isStopped: () -> Bool = { false }) throws(Obstacle) -> Bool {
        let open = openValues()
        for (place, value) in open {
            if transitions.count % 1024 == 0, isStopped() { throw Obstacle(reason: "the search was interrupted") }
            guard transitions.count < limit else { throw Obstacle(reason: "what processes do depends on too many variables at a time") }
            var vector = nodes[place].vector
            partition.fields[nodes[place].field].set(value, in: &vector)
            grow(below: place, nodes[place].pid, vector)
        }
        return !open.isEmpty
    }

    /// Finds out what those values mean that may go together, as far as it can be told by looking at two of them at a time. There may be
    /// others that never do: what is found out in vain does no harm, but it ends where there would be much of it.
    public func foresee(limit: Int, isStopped: () -> Bool = { false }) throws(Obstacle) {
        if foresight == 0 { return }
        let enough = transitions.count + (transitions.count - foreseenCount) * 2 + foresight
        while try extend(limit: limit, isStopped: isStopped) || spread(), transitions.count < enough {}
        foreseenCount = transitions.count
        foresight = min(foresight * 2, limit)
    }

    /// Adds what the process can do in a vector, and nodes for the fields that this depends on.
    private func grow(below parent: Int?, _ pid: Int, _ vector: [UInt8]) {
        let mindsCount = parent.map { nodes[$0].mindsCount || nodes[$0].field == countField } ?? false
        let transition = evaluation(pid, in: vector, mindsCount: mindsCount)
        transitions.append(transition)
        let effect = LocalEffect(transition, joint)
        effects.append(effect)
        var link = parent.map { (place: $0, value: partition.fields[nodes[$0].field].value(in: vector)) }
        func lead(to child: Int) {
            if let link { nodes[link.place].children.append((link.value, child)) } else { roots[pid] = child }
        }
        let asked = parent.map { nodes[$0].path.count + 1 } ?? 0
        var vector = vector
        var isCounted = mindsCount
        for (depth, condition) in transition.conditions.enumerated() {
            defer { isCounted = isCounted || condition.field == countField }
            if condition.field == countField { partition.fields[countField].set(condition.value, in: &vector) }
            // The order in which a field is read is the same wherever those read before have the same values; but the count comes first
            // once it was asked for, as it says what there is to be read.
            if depth < asked { continue }
            lead(to: nodes.count)
            link = (nodes.count, condition.value)
            let path = Array(effect.conditions.prefix(depth))
            nodes.append(Node(pid: pid, field: condition.field, path: path, mindsCount: isCounted, vector: vector))
        }
        lead(to: Self.leaf)
    }

    /// Puts values together that transitions may put together.
    /// - Returns: whether some were not together before.
    private func spread() -> Bool {
        let before = joint.time
        var room = LocalEffect.Room()
        for index in effects.indices { effects[index].spread(in: joint, &room) }
        return joint.time != before
    }
}
