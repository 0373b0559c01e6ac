/// What came of decision diagrams.
public struct DiagramReport: Hashable, Sendable {
    /// How many states there are; nil if the number has more than 128 bits, or is not known.
    public var stateCount: UInt128?
    /// Nodes of the diagram of all states.
    public var nodeCount = 0
    /// Its levels.
    public var variableCount = 0
    /// Bytes of all nodes and tables.
    public var bytes = 0
    /// How often the states were closed under what processes can do.
    public var rounds = 0
    /// Why the states were looked at one by one all the same, in words.
    public var obstacle: String?
}
