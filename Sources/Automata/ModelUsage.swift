import Promela

/// What a model makes use of, as far as the state vector depends on it.
struct ModelUsage: ProgramVisitor {
    var usesLastPid = false
    var usesPriorities = false

    init(_ program: Program, tracing trace: Proctype?) {
        for proctype in program.proctypes + program.neverClaims + (trace.map { [$0] } ?? []) {
            if proctype.priority ?? 1 != 1 { usesPriorities = true }
            if let provided = proctype.provided { visit(provided) }
            for local in proctype.locals { visit(local.initializer) }
            visit(proctype.body)
        }
        for global in program.globals { visit(global.initializer) }
        for formula in program.formulas { for proposition in formula.root.propositions { visit(proposition) } }
    }

    mutating func visit(_ place: Place) {
        switch place.root {
        case .lastPid: usesLastPid = true
        case .selfPriority: usesPriorities = true
        default: break
        }
        visitParts(of: place)
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .run(_, _, let priority): if priority != nil { usesPriorities = true }
        case .getPriority, .setPriority: usesPriorities = true
        default: break
        }
        visitParts(of: expression)
    }
}
