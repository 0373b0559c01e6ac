import Promela

extension System {
    /// Why not every interleaving can be told from a few, in words; nil if nothing stands in the way of `StubbornSets`.
    /// - Parameter claims: what is checked besides single states.
    public func reductionObstacle(for claims: [Claim]) -> String? {
        if usesPriorities { return "processes have priorities" }
        if layout.options.keepsLastPid { return "the model asks for `_last`" }
        if ReferenceUsage(program).asksForControl { return "the model asks for `enabled` or `pc_value`" }
        if trace != nil { return "a trace assertion looks at the order of messages" }
        for claim in claims {
            switch claim {
            case .neverClaim: return "a never claim may count steps"
            case .formula(let index):
                if formula(index).asksForNext { return "a formula with `X` counts steps" }
                let usages = formulas[index].propositions.expressions.map { ReferenceUsage($0, of: program) }
                if usages.contains(where: { $0.usesTimeout || $0.usesProgress }) { return "a formula asks for `timeout` or `np_`" }
            case .acceptance, .progress: break
            }
        }
        return nil
    }

    /// What claims look at.
    func observed(by claims: [Claim]) -> Dependence.Observed {
        var result = Dependence.Observed()
        func locations(_ isObserved: (ControlFlowAutomaton.Location) -> Bool) -> [TagTable.Remote] {
            automata.indices.flatMap { proctype in
                automata[proctype].locations.indices.filter { isObserved(automata[proctype].locations[$0]) }
                    .map { .location(proctype: proctype, $0) }
            }
        }
        for claim in claims {
            switch claim {
            case .formula(let index): result.propositions += formulas[index].propositions.expressions
            case .acceptance: result.locations += locations(\.isAccept)
            case .progress: result.locations += locations(\.isProgress)
            case .neverClaim: break
            }
        }
        return result
    }
}

extension LinearFormula {
    fileprivate var asksForNext: Bool {
        switch self {
        case .constant, .proposition: false
        case .next: true
        case .not(let operand), .always(let operand), .eventually(let operand): operand.asksForNext
        case .and(let left, let right), .or(let left, let right), .implies(let left, let right),
            .equivalent(let left, let right), .until(let left, let right), .weakUntil(let left, let right),
            .release(let left, let right):
            left.asksForNext || right.asksForNext
        }
    }
}
