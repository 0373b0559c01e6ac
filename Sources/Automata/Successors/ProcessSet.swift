/// A set of processes, by their pids: 0 to 255.
public struct ProcessSet: Hashable, Sendable, BitwiseCopyable {
    private var words: SIMD4<UInt64> = .zero

    public init() {}

    /// The processes whose pids are the numbers of the bits that are set.
    public init(bits: UInt64) {
        self.init()
        words[0] = bits
    }

    /// The pids as bits; nil if one of them is above 63.
    public var bits: UInt64? { words[1] | words[2] | words[3] == 0 ? words[0] : nil }

    /// The processes with pids below `count`.
    public init(below count: Int) {
        self.init()
        for pid in 0..<count { insert(pid) }
    }

    /// The processes that take part in steps.
    public init(movingIn steps: [Step]) {
        self.init()
        for step in steps {
            insert(step.pid)
            if let receiver = step.receiver { insert(receiver.pid) }
        }
    }

    public var isEmpty: Bool { words == .zero }

    /// Adds a process.
    public mutating func insert(_ pid: Int) { words[pid >> 6] |= 1 << UInt64(pid & 63) }

    public func contains(_ pid: Int) -> Bool { words[pid >> 6] >> UInt64(pid & 63) & 1 != 0 }

    public mutating func formUnion(_ other: ProcessSet) { words |= other.words }

    public mutating func formIntersection(_ other: ProcessSet) { words &= other.words }

    public func isSubset(of other: ProcessSet) -> Bool { words & ~other.words == .zero }

    public func subtracting(_ other: ProcessSet) -> ProcessSet {
        var result = self
        result.words &= ~other.words
        return result
    }

    public func isDisjoint(with other: ProcessSet) -> Bool { words & other.words == .zero }

    /// The pids, in ascending order.
    public var pids: [Int] { (0..<256).filter(contains) }
}

/// Who moved, and who could.
public struct MoveRecord: Sendable {
    public var movers: [ProcessSet] = []
    public var enabled = ProcessSet()

    public init() {}
}
