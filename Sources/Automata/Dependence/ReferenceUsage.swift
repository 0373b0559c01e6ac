import Promela

/// What a program stores into, what it looks at in other processes, and what it asks of them that no reduction knows of.
struct ReferenceUsage: ProgramVisitor {
    private(set) var assignedGlobals: Set<Int> = []
    private(set) var assignedLocals: [Set<Int>]
    private(set) var labels: Set<Label> = []
    private(set) var variables: [TagTable.Remote] = []
    /// `enabled` or `pc_value`.
    private(set) var asksForControl = false
    private(set) var usesTimeout = false
    private(set) var usesProgress = false
    private var proctype = -1

    struct Label: Hashable {
        var proctype: Int
        var label: Int
    }

    init(_ program: Program) {
        assignedLocals = Array(repeating: [], count: program.proctypes.count)
        for (index, process) in program.proctypes.enumerated() {
            proctype = index
            if let provided = process.provided { visit(provided) }
            for local in process.locals { visit(local.initializer) }
            visit(process.body)
        }
        proctype = -1
        for formula in program.formulas { formula.root.propositions.forEach { visit($0) } }
    }

    /// What one expression asks for.
    init(_ expression: Expression, of program: Program) {
        assignedLocals = Array(repeating: [], count: program.proctypes.count)
        visit(expression)
    }

    mutating func store(_ place: Place) {
        switch place.root {
        case .global(let index): assignedGlobals.insert(index)
        case .local(let index): if proctype >= 0 { assignedLocals[proctype].insert(index) }
        default: break
        }
        visit(place)
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .nonProgress: usesProgress = true
        case .timeout: usesTimeout = true
        case .enabled, .programCounter: asksForControl = true
        case .remoteLabel(let proctype, _, let label): labels.insert(Label(proctype: proctype, label: label))
        case .remoteVariable(let proctype, _, let place):
            if case .local(let index) = place.root { variables.append(.variable(proctype: proctype, index)) }
        default: break
        }
        visitParts(of: expression)
    }
}
