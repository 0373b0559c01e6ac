import Automata
import Promela

/// Running a `d_step` from its start to its end, all its ways at once. Ways that meet are merged.
struct DeterministicStepExecution {
    private let step: DeterministicStep
    /// For each node, those that can come after it.
    private let reachable: [Set<Int>]
    private var waiting: [Int: Execution] = [:]
    private var finished: Execution?
    /// For each node, under which condition it was reached last, and how often that has changed.
    private var paths: [Int: Term] = [:]
    private var changes: [Int: Int] = [:]
    private var visits = 0

    /// A loop that is left after a number of rounds that depends on the state is followed for as many rounds.
    static let roundLimit = 64
    /// A loop with a known end may be longer.
    private static let visitLimit = 50_000

    /// Whether the first statement can be executed.
    static func canStart(_ step: DeterministicStep, _ execution: inout Execution) throws -> Term {
        let isFree = execution.algebra.equal(execution.handshake, .constant(0))
        guard let first = step.first else { return execution.path }
        return try canExecute(first, of: step, isFree, &execution)
    }

    private static func canExecute(
        _ node: Int, of step: DeterministicStep, _ isFree: Term, _ execution: inout Execution
    ) throws -> Term {
        let algebra = execution.algebra
        switch step.nodes[node] {
        case .statement(let statement, _):
            if case .receive = statement.kind { return try execution.canExecute(statement).alone }
            let outer = execution.path
            execution.path = algebra.and(outer, isFree)
            let (alone, offered) = try execution.canExecute(statement)
            execution.path = algebra.or(execution.path, algebra.and(outer, butNot: isFree))
            return algebra.or(alone, offered)
        case .skip, .otherwise: return algebra.and(execution.path, isFree)
        case .choice(let options, _):
            var result = algebra.no
            for option in options {
                var found = algebra.no
                try execution.when(algebra.not(result)) { found = try canExecute(option, of: step, isFree, &$0) }
                result = algebra.or(result, found)
            }
            return result
        }
    }

    /// Carries out the step; its first statement can be executed.
    static func run(_ step: DeterministicStep, _ execution: inout Execution) throws {
        guard let first = step.first else { return }
        var own = DeterministicStepExecution(step)
        try own.visit(first, execution, isEntry: true)
        while let node = own.next(), var waiting = own.waiting.removeValue(forKey: node) {
            own.visits += 1
            guard own.visits <= visitLimit else {
                throw UnsupportedModel("a `d_step` of so many steps", at: step.span)
            }
            if own.paths[node] != waiting.path {
                own.paths[node] = waiting.path
                own.changes[node, default: 0] += 1
                if own.changes[node, default: 0] > roundLimit {
                    waiting.overflow(.endlessDeterministicStep, where: waiting.algebra.yes, step.span)
                    continue
                }
            }
            try own.visit(node, waiting, isEntry: false)
        }
        if let finished = own.finished {
            execution = finished
        } else {
            execution.path = execution.algebra.no
        }
    }

    private init(_ step: DeterministicStep) {
        self.step = step
        let successors = step.nodes.map { node -> [Int] in
            switch node {
            case .statement(_, let next), .skip(let next), .otherwise(let next): next.map { [$0] } ?? []
            case .choice(let options, _): options
            }
        }
        reachable = step.nodes.indices.map { start in
            var seen: Set<Int> = []
            var open = successors[start]
            while let node = open.popLast() {
                if seen.insert(node).inserted { open += successors[node] }
            }
            return seen
        }
    }

    /// A node that no other waiting node leads to, but for those in a loop with it.
    private func next() -> Int? {
        waiting.keys.sorted().first { node in
            waiting.keys.allSatisfy { $0 == node || !reachable[$0].contains(node) || reachable[node].contains($0) }
        } ?? waiting.keys.min()
    }

    private mutating func go(to node: Int?, _ execution: Execution) {
        guard execution.path != execution.algebra.no else { return }
        if let node {
            waiting[node] = Self.merged(waiting[node], execution)
        } else {
            finished = Self.merged(finished, execution)
        }
    }

    private static func merged(_ one: Execution?, _ other: Execution) -> Execution {
        guard var result = one else { return other }
        let (algebra, path) = (result.algebra, result.path)
        for cell in result.cells.indices where result.cells[cell] != other.cells[cell] {
            result.cells[cell] = algebra.choose(path, result.cells[cell], other.cells[cell])
        }
        result.handshake = algebra.choose(path, result.handshake, other.handshake)
        result.path = algebra.or(path, other.path)
        return result
    }

    private mutating func visit(_ node: Int, _ execution: Execution, isEntry: Bool) throws {
        var rest = execution
        try tryNode(node, &rest, isEntry: isEntry)
        let span: Span
        switch step.nodes[node] {
        case .statement(let statement, _): span = statement.span
        case .choice(_, let choice): span = choice
        case .skip, .otherwise: span = step.span
        }
        rest.fail(.blockedDeterministicStep, where: rest.algebra.yes, span)
    }

    /// Executes a node where that is possible, and leaves in `rest` where it is not.
    private mutating func tryNode(_ node: Int, _ rest: inout Execution, isEntry: Bool) throws {
        let algebra = rest.algebra
        let isFree = isEntry ? algebra.equal(rest.handshake, .constant(0)) : algebra.yes
        switch step.nodes[node] {
        case .choice(let options, _):
            for option in options where rest.path != algebra.no { try tryNode(option, &rest, isEntry: isEntry) }
        case .skip(let next), .otherwise(let next):
            var own = rest
            own.path = algebra.and(rest.path, isFree)
            rest.path = algebra.and(rest.path, butNot: isFree)
            go(to: next, own)
        case .statement(let statement, let next):
            var own = rest
            var blocked = algebra.no
            if case .receive = statement.kind {} else {
                blocked = algebra.and(rest.path, butNot: isFree)
                own.path = algebra.and(rest.path, isFree)
            }
            let (alone, offered) = try own.canExecute(statement)
            // What is neither possible nor faulty is left to the next option.
            rest.path = algebra.or(blocked, algebra.and(own.path, butNot: algebra.or(alone, offered)))
            own.path = algebra.and(own.path, algebra.or(alone, offered))
            own.fail(.rendezvousInDeterministicStep, where: offered, statement.span)
            if own.path != algebra.no { try own.execute(statement) }
            go(to: next, own)
        }
    }
}
