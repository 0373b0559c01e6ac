import Automata
import Promela

/// Looks at a run for whether it breaks a claim, and says how. Recording and replaying ask the same question.
struct ClaimCheck {
    /// What breaks the claim.
    struct Breach {
        /// The name of the formula or never claim, if it has one.
        var name: String?
        /// The text of the formula.
        var text: String?
        /// Where the claim stands.
        var location: SourceLocation?
        /// In words.
        var explanation: [String]
        /// Whether it is because nothing can move any more that the claim is broken.
        var needsStay = false
    }

    /// Why a run does not break a claim.
    struct Intact: Error {
        var reason: String
    }

    let system: System
    let run: ObservedRun
    /// How many formulas were given besides those of the model, and so stand in no file.
    let givenFormulaCount: Int

    /// What breaks the claim.
    /// - Throws: why nothing does, or why the run does not count.
    func breach(of claim: Claim, fairness: Fairness) throws(Intact) -> Breach {
        guard let longer = run.onlyContinuation else { return try breachAsIs(of: claim, fairness) }
        // The path may be bad enough already; if not, it is of the run that it begins that something can be said.
        if let breach = try? breachAsIs(of: claim, fairness) { return breach }
        var result = try ClaimCheck(system: system, run: longer, givenFormulaCount: givenFormulaCount)
            .breachAsIs(of: claim, fairness)
        result.needsStay = true
        return result
    }

    private func breachAsIs(of claim: Claim, _ fairness: Fairness) throws(Intact) -> Breach {
        if let starved = FairnessCheck(run: run).starved(fairness).first {
            throw Intact(
                reason: "`\(starved.displayName)` could move \(fairness == .weak ? "all the time" : "again and again") in the cycle"
                    + ", but never does: the run is not \(fairness == .weak ? "weakly" : "strongly") fair")
        }
        var result: Breach
        switch claim {
        case .formula(let index): result = try breach(ofFormula: index)
        case .neverClaim(let index): result = try breach(ofNeverClaim: index)
        case .acceptance: result = try acceptance()
        case .progress: result = try noProgress()
        }
        result.needsStay = run.staysForEver
        if let advice = adviceOnFairness(beyond: fairness) { result.explanation.append(advice) }
        return result
    }

    // MARK: Labels

    private func acceptance() throws(Intact) -> Breach {
        for position in run.cycle {
            guard let (process, location) = standing(at: position, where: \.isAccept) else { continue }
            let label = label(of: process, at: location, where: \.isAccept)
            return Breach(
                location: process.location,
                explanation: [
                    "\(process.displayName) is at \(label) \(position.time)"
                        + (run.staysForEver ? ", and nothing can move any more" : ", in every turn of the cycle")
                ] + moves)
        }
        throw Intact(reason: "no process is at an `accept` label in the cycle")
    }

    private func noProgress() throws(Intact) -> Breach {
        guard let first = run.cycle.first, !run.staysForEver else {
            throw Intact(reason: "nothing moves in the cycle, so it is no cycle without progress")
        }
        for position in run.cycle {
            guard let (process, location) = standing(at: position, where: \.isProgress) else { continue }
            let label = label(of: process, at: location, where: \.isProgress)
            throw Intact(reason: "\(process.displayName) is at \(label) \(position.time)")
        }
        let mover = FairnessCheck(run: run).moving.first
        return Breach(
            location: (first.state.processes.first { $0.pid == mover?.pid } ?? mover)?.location,
            explanation: ["No process passes a `progress` label in the cycle"] + moves)
    }

    /// A process that stands at a place of this kind, and where that is.
    private func standing(
        at position: ObservedRun.Position, where isWanted: (ControlFlowAutomaton.Location) -> Bool
    ) -> (process: Trace.Process, location: Int)? {
        for (process, location) in zip(position.state.processes, position.locations) {
            guard let proctype = system.program.proctypes.firstIndex(where: { $0.name == process.name }) else { continue }
            if isWanted(system.automata[proctype].locations[location]) { return (process, location) }
        }
        return nil
    }

    private func label(of process: Trace.Process, at location: Int, where isWanted: (Label) -> Bool) -> String {
        guard let proctype = system.program.proctypes.firstIndex(where: { $0.name == process.name }) else { return "it" }
        let places = system.automata[proctype].locationOfLabel
        let labels = zip(system.program.proctypes[proctype].labels, places)
        let label = labels.first { $0.1 == location && isWanted($0.0) }?.0 ?? labels.first { isWanted($0.0) }?.0
        return label.map { "`\($0.name)`" } ?? "a label"
    }

    // MARK: Words

    /// Who takes part in the cycle.
    var moves: [String] {
        let names = FairnessCheck(run: run).moving.map(\.displayName)
        guard !names.isEmpty else { return [] }
        return ["\(ListText.joined(names)) \(names.count == 1 ? "moves" : "move") in it"]
    }

    /// The processes that a scheduler starves here: the run may be of no interest because of it.
    private func adviceOnFairness(beyond assumed: Fairness) -> String? {
        for (fairness, time) in [(Fairness.weak, "all the time"), (.strong, "again and again")] where fairness != assumed {
            let names = FairnessCheck(run: run).starved(fairness).map(\.displayName)
            guard !names.isEmpty else { continue }
            return "\(ListText.joined(names)) could move \(time) in the cycle, but never \(names.count == 1 ? "does" : "do"): "
                + "with --fairness \(fairness.rawValue) such a run does not count"
        }
        return nil
    }
}

/// Lists in words.
enum ListText {
    static func joined(_ items: [String]) -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }
}
