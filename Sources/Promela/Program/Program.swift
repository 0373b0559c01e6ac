/// A model that was read, resolved and found to be in order. What the automata are built from.
public struct Program: Sendable {
    public var sources: SourceMap
    /// One set for each name of `mtype`; `ScalarType.mtype` counts in this order.
    public var messageTypeSets: [MessageTypeSet]
    public var records: [RecordType]
    public var globals: [Variable]
    /// In textual order; `init` is one of them, with the name `:init:`; `never`, `trace` and `notrace` are not.
    public var proctypes: [Proctype]
    /// Which processes run from the start, in the order of their pids.
    public var initialProcesses: [Int]
    /// `ltl` blocks, in textual order.
    public var formulas: [Formula]
    /// `never` claims, in textual order.
    public var neverClaims: [Proctype]
    /// `trace` and `notrace` assertions.
    public var traceAssertions: [Proctype]

    public init(
        sources: SourceMap, messageTypeSets: [MessageTypeSet], records: [RecordType], globals: [Variable],
        proctypes: [Proctype], initialProcesses: [Int], formulas: [Formula], neverClaims: [Proctype],
        traceAssertions: [Proctype]
    ) {
        self.sources = sources
        self.messageTypeSets = messageTypeSets
        self.records = records
        self.globals = globals
        self.proctypes = proctypes
        self.initialProcesses = initialProcesses
        self.formulas = formulas
        self.neverClaims = neverClaims
        self.traceAssertions = traceAssertions
    }
}

/// A `proctype`, `init`, `never` claim, `trace` or `notrace`.
public struct Proctype: Sendable {
    /// Which of the words introduces it.
    public enum Role: Hashable, Sendable {
        case process, initial, neverClaim, trace, notrace
    }

    public var name: String
    public var role: Role
    /// Parameters first, then every variable declared in the body, in textual order.
    public var locals: [Variable]
    /// How many of `locals` are parameters.
    public var parameterCount: Int
    public var labels: [Label]
    public var body: Block
    /// `provided (expression)`: evaluated with `_pid` of the process it guards.
    public var provided: Expression?
    /// `priority n`, where it was written.
    public var priority: Int?
    /// `D_proctype`: the author says that it is deterministic.
    public var isDeterministic: Bool
    public var span: Span
    /// The closing brace, where the process ends.
    public var endSpan: Span

    public init(
        name: String, role: Role, locals: [Variable], parameterCount: Int, labels: [Label], body: Block,
        provided: Expression? = nil, priority: Int? = nil, isDeterministic: Bool = false, span: Span, endSpan: Span
    ) {
        self.name = name
        self.role = role
        self.locals = locals
        self.parameterCount = parameterCount
        self.labels = labels
        self.body = body
        self.provided = provided
        self.priority = priority
        self.isDeterministic = isDeterministic
        self.span = span
        self.endSpan = endSpan
    }
}

/// A label of one proctype.
public struct Label: Sendable {
    public var name: String
    public var span: Span

    public init(name: String, span: Span) {
        self.name = name
        self.span = span
    }

    /// Whether a process may wait here for ever without a deadlock.
    public var isEnd: Bool { name.hasPrefix("end") }
    /// Whether a cycle through this place makes progress.
    public var isProgress: Bool { name.hasPrefix("progress") }
    /// Whether a cycle through this place is accepted.
    public var isAccept: Bool { name.hasPrefix("accept") }
}

/// An `ltl` block.
public struct Formula: Sendable {
    /// An operator of linear temporal logic with its operands, or a proposition.
    public indirect enum Node: Sendable {
        case proposition(Expression)
        case not(Node)
        case and(Node, Node)
        case or(Node, Node)
        case implies(Node, Node)
        case equivalent(Node, Node)
        case always(Node)
        case eventually(Node)
        case next(Node)
        case until(Node, Node)
        case weakUntil(Node, Node)
        case release(Node, Node)

        /// The formulas that it is made of, from left to right.
        public var operands: [Node] {
            switch self {
            case .proposition: []
            case .not(let operand), .always(let operand), .eventually(let operand), .next(let operand): [operand]
            case .and(let left, let right), .or(let left, let right), .implies(let left, let right),
                .equivalent(let left, let right), .until(let left, let right), .weakUntil(let left, let right),
                .release(let left, let right):
                [left, right]
            }
        }

        /// The expressions in it, from left to right.
        public var propositions: [Expression] {
            if case .proposition(let expression) = self { return [expression] }
            return operands.flatMap(\.propositions)
        }
    }

    /// The name, or an empty string for an anonymous block.
    public var name: String
    public var root: Node
    /// The whole block.
    public var span: Span
    /// What stands between the braces.
    public var rootSpan: Span

    public init(name: String, root: Node, span: Span, rootSpan: Span) {
        self.name = name
        self.root = root
        self.span = span
        self.rootSpan = rootSpan
    }
}
