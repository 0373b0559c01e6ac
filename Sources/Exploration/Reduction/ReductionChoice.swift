import Automata
import Promela

extension Search {
    /// What leaves moves out, where that is asked for, or why nothing does.
    static func stubbornSets(
        _ generator: SuccessorGenerator, _ options: SearchOptions, _ claims: [Claim]
    ) -> (obstacle: String?, sets: StubbornSets?) {
        guard options.reduction == .stubborn else { return (nil, nil) }
        if options.bitTableSize != nil { return ("--bitstate keeps no states to tell which moves must not be left out", nil) }
        let obstacle = reductionObstacle(generator.system, options, claims, notesWrapAround: generator.notesWrapAround)
        if let obstacle { return (obstacle, nil) }
        let sets = StubbornSets(generator, keeping: claims)
        return sets.obstacle.map { ($0, nil) } ?? (nil, sets)
    }

    /// The steps that can follow at once on those before them, or why none can.
    static func localSteps(
        _ system: System, _ options: SearchOptions, _ claims: [Claim], notesWrapAround: Bool
    ) -> (obstacle: String?, steps: LocalSteps?) {
        let obstacle = reductionObstacle(system, options, claims, notesWrapAround: notesWrapAround)
        return obstacle.map { ($0, nil) } ?? (nil, LocalSteps(system, keeping: claims))
    }

    /// Why neither moves nor the states between steps can be left out.
    private static func reductionObstacle(
        _ system: System, _ options: SearchOptions, _ claims: [Claim], notesWrapAround: Bool
    ) -> String? {
        if options.depthLimit != nil { return "steps count where the depth is limited" }
        if notesWrapAround { return "values that are cut to size are looked for in every state" }
        if !claims.isEmpty, options.fairness != .none { return "fairness asks who could have moved" }
        return system.reductionObstacle(for: claims)
    }

    /// What makes one state of those that differ in who is who, where that is asked for, or why nothing does.
    static func symmetry(
        _ generator: SuccessorGenerator, _ options: SearchOptions, _ claims: [Claim]
    ) -> (obstacle: String?, symmetry: Symmetry?) {
        guard options.usesSymmetry else { return (nil, nil) }
        if !claims.isEmpty, options.fairness != .none { return ("fairness asks who could have moved", nil) }
        if generator.notesWrapAround { return ("values that are cut to size are looked for in every state", nil) }
        let symmetry = Symmetry(generator.system, keeping: claims)
        return symmetry.obstacle.map { ($0, nil) } ?? (nil, symmetry)
    }

    /// Another of what makes one state of several, for another thread or purpose; nil where nothing does.
    func makeRepresentatives() -> Representatives? {
        guard let own = reduced?.representatives else { return nil }
        return Representatives(
            own.symmetry.map { _ in Symmetry(system, keeping: claims) }, own.deadVariables.map { _ in DeadVariables(system) })
    }

    /// What could be exchanged in the end.
    func symmetryReport(_ obstacle: String?) -> SymmetryReport {
        guard let symmetry = reduced?.representatives?.symmetry else { return SymmetryReport(obstacle: obstacle) }
        // Other threads may have seen all states in which something could be.
        if store.count > 0 {
            var last = Array(store.state(store.count - 1))
            symmetry.canonicalize(&last)
        }
        return SymmetryReport(symmetry, system.program)
    }
}

extension SymmetryReport {
    /// Nothing can be exchanged.
    public init(obstacle: String?) { self.init(exchanges: [], obstacle: obstacle) }

    /// What could be exchanged in the states that were seen.
    public init(_ symmetry: Symmetry, _ program: Program) {
        exchanges = symmetry.exchanges
        guard exchanges.isEmpty else { return }
        guard let failure = symmetry.failures.first else {
            obstacle = "no two processes of one type stay together for good"
            return
        }
        let claim = failure.claim.map { "in \(Property.claim($0).name(in: program)), " }
        (obstacle, span) = ((claim ?? "") + failure.text, failure.span)
    }
}
