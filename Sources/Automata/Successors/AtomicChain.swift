import Foundation

/// The states inside atomic sequences that are reached from one stored state: each is followed once.
///
/// Memory is kept from one expansion to the next.
final class AtomicChain {
    struct Node {
        fileprivate var offset: Int
        var size: Int
        /// The process that has control.
        var pid: Int
        /// The node that this was reached from, or -1.
        var parent: Int
        fileprivate var hash: UInt64
        var step: Step
        /// What sleeps in what comes of it; see `SleepTable`.
        var sleepers: SleepMask
    }

    private(set) var count = 0
    private var nodes: UnsafeMutablePointer<Node>
    private var capacity = 64
    private var bytes: UnsafeMutableRawPointer
    private var byteCapacity = 1 << 12
    private var used = 0
    /// Finds nodes by their hash: the generation that a slot was written in, and one more than the number of the node.
    private var slots: UnsafeMutablePointer<UInt64>
    private var slotCount = 256
    /// Slots of other generations are empty, so that nothing has to be cleared.
    private var generation: UInt64 = 1

    init() {
        nodes = .allocate(capacity: capacity)
        bytes = .allocate(byteCount: byteCapacity, alignment: 16)
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
    }

    deinit {
        nodes.deallocate()
        bytes.deallocate()
        slots.deallocate()
    }

    /// Bytes in use.
    var byteCount: Int { used + count * (MemoryLayout<Node>.stride + 32) }

    subscript(number: Int) -> Node {
        @inline(__always) get { nodes[number] }
    }

    func copyState(of node: Node, to destination: UnsafeMutableRawPointer) {
        destination.copyMemory(from: bytes + node.offset, byteCount: node.size)
    }

    @inline(__always)
    func removeAll() {
        if count == 0 { return }
        count = 0
        used = 0
        generation = (generation &+ 1) & 0xFFFF_FFFF
        if generation == 0 {
            slots.update(repeating: 0, count: slotCount)
            generation = 1
        }
    }

    /// Adds a state, unless it is there already with the same process in control and the same moves asleep.
    func append(_ state: UnsafeRawPointer, size: Int, pid: Int, parent: Int, step: Step, sleepers: SleepMask) {
        let hash = StateHash.hash(state, count: size) ^ UInt64(truncatingIfNeeded: pid)
        var position = Int(truncatingIfNeeded: hash) & (slotCount - 1)
        while slots[position] >> 32 == generation {
            let known = nodes[Int(slots[position] & 0xFFFF_FFFF) - 1]
            if known.hash == hash, known.pid == pid, known.size == size, known.sleepers == sleepers,
                memcmp(bytes + known.offset, state, size) == 0
            {
                return
            }
            position = (position + 1) & (slotCount - 1)
        }
        if used + size > byteCapacity { growBytes(to: used + size) }
        if count == capacity { growNodes() }
        (bytes + used).copyMemory(from: state, byteCount: size)
        (nodes + count).initialize(
            to: Node(offset: used, size: size, pid: pid, parent: parent, hash: hash, step: step, sleepers: sleepers))
        used += size
        count += 1
        slots[position] = generation << 32 | UInt64(count)
        if count * 2 > slotCount { growSlots() }
    }

    private func growBytes(to needed: Int) {
        byteCapacity = max(byteCapacity * 2, needed)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: byteCapacity, alignment: 16)
        larger.copyMemory(from: bytes, byteCount: used)
        bytes.deallocate()
        bytes = larger
    }

    private func growNodes() {
        capacity *= 2
        let larger = UnsafeMutablePointer<Node>.allocate(capacity: capacity)
        larger.initialize(from: nodes, count: count)
        nodes.deallocate()
        nodes = larger
    }

    private func growSlots() {
        slotCount *= 4
        slots.deallocate()
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
        for number in 0..<count {
            var position = Int(truncatingIfNeeded: nodes[number].hash) & (slotCount - 1)
            while slots[position] != 0 { position = (position + 1) & (slotCount - 1) }
            slots[position] = generation << 32 | UInt64(number + 1)
        }
    }
}
