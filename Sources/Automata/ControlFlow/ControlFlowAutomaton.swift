import Promela

/// One process type as a control-flow automaton.
public struct ControlFlowAutomaton: Sendable {
    /// What taking a transition means.
    public enum Action: Sendable {
        /// One statement.
        case statement(Statement)
        /// `else`: nothing else can be done here.
        case otherwise
        /// A jump, or a statement that does nothing: always possible.
        case skip
        /// A `d_step`, by its index into `deterministicSteps`.
        case deterministicStep(Int)
        /// The end of the process, possible when no younger process is left.
        case end
    }

    /// An edge, before it is compiled.
    public struct Edge: Sendable {
        public var action: Action
        public var target: Int
        /// Whether control stays with the process after this step (it is inside `atomic`, and not its last step).
        public var keepsControl: Bool
        /// Zero, or the number of the escape that this edge is the way into. Of the edges of one location those that can
        /// be taken all belong to the group of the first that can.
        public var escapeGroup: Int
        /// Number of the element that the edge came from: the same in every copy.
        public var origin: Int
        public var span: Span
    }

    /// A control state. Its index in `locations` is the number that Spin gives it.
    public struct Location: Sendable {
        public var edges: [Edge] = []
        public var isEnd = false
        public var isProgress = false
        public var isAccept = false
        public var span: Span
    }

    public var locations: [Location]
    public var initial: Int
    /// The control structure of each `d_step`.
    public var deterministicSteps: [DeterministicStep]
    /// The location of each label of the proctype, where it has one.
    public var locationOfLabel: [Int?]
}

/// The inside of a `d_step`, as a graph of its own: it runs to its end within one step.
public struct DeterministicStep: Sendable {
    public enum Node: Sendable {
        case statement(Statement, next: Int?)
        case skip(next: Int?)
        case otherwise(next: Int?)
        /// The options in the order in which they are tried.
        case choice([Int], Span)
    }

    /// Nodes by index; a nil successor leaves the step.
    public var nodes: [Node]
    public var first: Int?
    public var span: Span
}

/// A model whose control flow cannot be built.
struct ControlFlowError: Error {
    var message: String
    var span: Span
}
