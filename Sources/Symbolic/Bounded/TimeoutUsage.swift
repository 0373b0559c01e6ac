import Promela

/// Which processes ask for `timeout`.
struct TimeoutUsage {
    private(set) var isUsed = false
    private var types: Set<Int> = []
    /// Whether it is asked for where it can let others move too.
    private var isEverywhere = false

    init(_ program: Program) {
        var asksForOthers = false
        for (index, proctype) in program.proctypes.enumerated() {
            var visitor = TimeoutVisitor()
            visitor.visit(proctype.body)
            if visitor.isInReceive { isEverywhere = true }
            if visitor.asksForOthers { asksForOthers = true }
            if visitor.isFound { types.insert(index) }
            var provided = TimeoutVisitor()
            if let expression = proctype.provided { provided.visit(expression) }
            if provided.isFound { isEverywhere = true }
            if provided.asksForOthers { asksForOthers = true }
        }
        // Whether another process can move may depend on a timeout of that one's.
        if asksForOthers, !types.isEmpty { isEverywhere = true }
        isUsed = isEverywhere || !types.isEmpty
    }

    /// Whether a process of a type may be able to move only after a timeout.
    func canWakeUp(_ type: Int) -> Bool { isEverywhere || types.contains(type) }
}

/// Looks for `timeout`.
struct TimeoutVisitor: ProgramVisitor {
    private(set) var isFound = false
    private(set) var isInReceive = false
    /// Whether there is an `enabled`.
    private(set) var asksForOthers = false
    /// Whether there is an `np_`.
    private(set) var isAboutProgress = false

    mutating func visit(_ statement: Statement) {
        guard case .receive = statement.kind else { return visitParts(of: statement) }
        var inside = TimeoutVisitor()
        inside.visitParts(of: statement)
        if inside.isFound { (isFound, isInReceive) = (true, true) }
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .timeout: isFound = true
        case .nonProgress: isAboutProgress = true
        case .enabled: asksForOthers = true
        default: break
        }
        visitParts(of: expression)
    }
}
