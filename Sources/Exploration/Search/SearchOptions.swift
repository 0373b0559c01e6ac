import Automata

/// How to search.
public struct SearchOptions: Sendable {
    public enum Order: String, CaseIterable, Sendable {
        /// Level by level, so that a counterexample is a shortest one.
        case breadth
        /// Along one path as far as it goes.
        case depth
    }

    public var order: Order
    /// What to check; nil for `Property.standard`.
    public var properties: Set<Property>?
    /// Which runs count for claims about whole runs.
    public var fairness: Fairness
    /// Which interleavings may be left out. No verdict depends on it.
    public var reduction: Reduction
    /// Whether `Reduction.automatic` tries decision diagrams, which find all states without looking at each.
    public var triesDiagrams: Bool
    /// How many states there have to be before `Reduction.automatic` leaves anything out.
    public var surveySize = 1 << 16
    /// Whether one state may stand for all that differ from it only in who is who. No verdict depends on it.
    public var usesSymmetry: Bool
    /// Whether one state may stand for all that differ from it only in what nobody reads any more. No verdict depends on it.
    public var resetsDeadVariables: Bool
    /// Whether processes go on at once after a step where nobody minds, in place of a state. No verdict depends on it.
    public var mergesLocalSteps: Bool
    /// Levels below the initial state that are searched; nil for all.
    public var depthLimit: Int?
    /// Bytes that the state store may take.
    public var memoryLimit: Int
    /// Whether states are to take as little memory as can be, however long that takes.
    public var compressesStates: Bool
    /// Bytes of a table that keeps some bits of each state in place of the state, if there is to be one. The order is then depth first,
    /// and no verdict is more than that nothing was found.
    public var bitTableSize: Int?
    /// Search on until there are that many different violations; 1 stops at the first.
    public var violationLimit: Int
    /// Threads that look for successors, where the order is breadth first. Nothing that is found depends on it.
    public var threads: Int

    /// What makes machine code of the system while the search goes on; nil if it is interpreted all the time.
    public var compiler: (any SuccessorCompiler)?

    public init(
        order: Order = .breadth, properties: Set<Property>? = nil, fairness: Fairness = .none,
        reduction: Reduction = .none, triesDiagrams: Bool = false, usesSymmetry: Bool = false, resetsDeadVariables: Bool = false,
        mergesLocalSteps: Bool = false, depthLimit: Int? = nil, memoryLimit: Int = 1 << 30, compressesStates: Bool = false,
        bitTableSize: Int? = nil, violationLimit: Int = 1, threads: Int = 1, compiler: (any SuccessorCompiler)? = nil
    ) {
        self.order = order
        self.properties = properties
        self.fairness = fairness
        self.reduction = reduction
        self.triesDiagrams = triesDiagrams
        self.usesSymmetry = usesSymmetry
        self.resetsDeadVariables = resetsDeadVariables
        self.mergesLocalSteps = mergesLocalSteps
        self.depthLimit = depthLimit
        self.memoryLimit = memoryLimit
        self.compressesStates = compressesStates
        self.bitTableSize = bitTableSize
        self.violationLimit = violationLimit
        self.threads = threads
        self.compiler = compiler
    }
}
