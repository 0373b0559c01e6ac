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
        /// How many fields were asked for before.
        var depth: Int
        var mindsCount: Bool
        /// A vector that comes to this node.
        var vector: [UInt8]
    }

    /// The most jumps of a `d_step`, and bytes of the states inside the atomic sequences of one process, that are not unclear.
    private static let (jumpLimit, sequenceLimit) = (100_000, 1 << 20)

    private let partition: VectorPartition
    private let evaluation: LocalEvaluation
    private let countField: Int
    private var nodes: [Node] = []
    /// By field, the nodes that ask for it.
    private var askers: [[Int]]
    /// By field, the values that occur.
    public private(set) var values: [ByteSet]
    /// Values of fields whose meaning for a node is not known yet.
    private var open: [(node: Int, value: UInt8)] = []
    public private(set) var transitions: [LocalTransition] = []

    /// - Parameters:
    ///   - states: reachable ones, the initial state among them; the processes in them are all that there ever may be, as far as this
    ///     table can tell.
    /// - Throws: `Obstacle` if the model has something in it that does not concern single processes, or processes that change places.
    public init(_ generator: SuccessorGenerator, states: [[UInt8]]) throws(Obstacle) {
        let system = generator.system
        // Those of before have nothing to do with what is looked at here.
        _ = generator.takeTruncations()
        // With values that never come together, steps may be long that are short otherwise.
        (generator.jumpBudget, generator.workingMemoryLimit) = (Self.jumpLimit, Self.sequenceLimit)
        if let reason = system.localityObstacle { throw Obstacle(reason: reason) }
        guard let largest = states.max(by: { $0.count < $1.count }) else { throw Obstacle(reason: "there is no state") }
        let proctypes = largest.withUnsafeBytes { bytes in
            generator.machine.index(UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(generator.offerScratch)), size: bytes.count)
            return (0..<generator.machine.indexedCount).map { generator.machine.proctype(ofProcessAt: $0) }
        }
        guard let partition = VectorPartition(system, proctypes: proctypes), partition.size < 1 << 15 else {
            throw Obstacle(reason: "states are too large")
        }
        self.partition = partition
        evaluation = LocalEvaluation(generator, partition)
        countField = partition.fields(at: StateLayout.processCountOffset).lowerBound
        askers = Array(repeating: [], count: partition.fields.count)
        values = Array(repeating: ByteSet(), count: partition.fields.count)
        guard let first = states.first.flatMap(vector) else { throw Obstacle(reason: "processes change places") }
        for state in states {
            guard let vector = vector(of: state) else { throw Obstacle(reason: "processes change places") }
            for (field, known) in partition.fields.enumerated() { values[field].insert(known.value(in: vector)) }
        }
        for pid in proctypes.indices { grow(below: nil, pid, first) }
    }

    public var fields: [VectorField] { partition.fields }
    public var processCount: Int { partition.proctypes.count }

    /// The values of the fields of a state; nil if it has processes that this table has no place for.
    public func vector(of state: [UInt8]) -> [UInt8]? { state.withUnsafeBytes { partition.vector(of: $0) } }

    /// The state with these values of fields.
    public func state(of values: [UInt8]) -> [UInt8] {
        var vector = [UInt8](repeating: 0, count: partition.size)
        for (field, value) in zip(partition.fields, values) { vector[field.offset] |= value }
        return Array(vector.prefix(partition.frames[Int(vector[StateLayout.processCountOffset])]))
    }

    /// A value occurs in a field.
    public func note(_ value: UInt8, of field: Int) {
        if values[field].insert(value) { open += askers[field].map { ($0, value) } }
    }

    /// Finds out what the values mean that were noted.
    /// - Parameter isStopped: asked from time to time.
    /// - Throws: `Obstacle` if there are more transitions than the limit, or it is stopped.
    public func extend(limit: Int, isStopped: () -> Bool = { false }) throws(Obstacle) {
        while let (number, value) = open.popLast() {
            if transitions.count % 1024 == 0, isStopped() { throw Obstacle(reason: "the search was interrupted") }
            guard transitions.count < limit else { throw Obstacle(reason: "what processes do depends on too many variables at a time") }
            let node = nodes[number]
            var vector = node.vector
            partition.fields[node.field].set(value, in: &vector)
            grow(below: node, node.pid, vector)
        }
    }

    /// Takes the values for ones that occur which the transitions known so far give to fields, whether or not they are ever taken: mostly
    /// they are, and what is found out in vain does no harm.
    public func noteGivenValues() {
        for assignment in transitions.lazy.flatMap(\.outcomes).joined() {
            if case .constant(let value) = assignment.value { note(value, of: assignment.field) }
        }
    }

    /// Adds what the process can do in a vector, and nodes for the fields that this depends on.
    private func grow(below parent: Node?, _ pid: Int, _ vector: [UInt8]) {
        let mindsCount = parent.map { $0.mindsCount || $0.field == countField } ?? false
        let transition = evaluation(pid, in: vector, mindsCount: mindsCount)
        transitions.append(transition)
        let asked = parent.map { $0.depth + 1 } ?? 0
        var vector = vector
        var isCounted = mindsCount
        for (depth, condition) in transition.conditions.enumerated() {
            defer { isCounted = isCounted || condition.field == countField }
            if condition.field == countField { partition.fields[countField].set(condition.value, in: &vector) }
            // The order in which a field is read is the same wherever those read before have the same values; but the count comes first
            // once it was asked for, as it says what there is to be read.
            if depth < asked { continue }
            nodes.append(Node(pid: pid, field: condition.field, depth: depth, mindsCount: isCounted, vector: vector))
            askers[condition.field].append(nodes.count - 1)
            for value in values[condition.field] where value != condition.value { open.append((nodes.count - 1, value)) }
        }
    }
}
