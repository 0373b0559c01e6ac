import Automata
import Exploration
import Foundation
import ModelFuzzing
import NativeCode
import Promela
import Suites
import Symbolic
import Terminal
import Traces

/// The result of `heddle check`, for people and for programs.
struct CheckReport {
    var model: String
    var program: Program
    var result: SearchResult
    var fairness: Fairness
    /// One for each violation.
    var traces: [Trace]
    /// What the symbolic engine did, if it was asked for.
    var symbolic: SymbolicStatistics?
    /// What the bounded or the Horn engine did, if it was asked for.
    var bounded: BoundedResult?
    /// Which engine decided what, if there were several.
    var portfolio: Portfolio?
    /// What walks of chance have seen, if there were any.
    var walks: ModelFuzzingResult?
    /// Why there was no machine code although the search was long.
    var compilationFailure: NativeCompiler.Failure?

    // MARK: Text

    func text(isQuiet: Bool) -> String {
        var text = "\(model): \(word(result.verdict))\n"
        if isQuiet { return text }
        text += "\n"
        let width = result.verdicts.map { $0.property.name(in: program).count }.max() ?? 0
        func line(_ name: String, _ verdict: String) -> String {
            "  \(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(verdict)\n"
        }
        for (property, verdict) in result.verdicts { text += line(property.name(in: program), describe(verdict, property)) }
        let options = TextOptions(columns: StandardOutput.columns, usesColor: StandardOutput.usesColor)
        for (index, trace) in traces.enumerated() {
            text += "\n"
            if traces.count > 1 { text += "Counterexample \(index + 1) of \(traces.count)\n\n" }
            let rendered = TraceFormat.text.render(trace, options: options)
            text += rendered.hasSuffix("\n") ? rendered : rendered + "\n"
        }
        if let portfolio { return text + "\n" + self.text(portfolio) }
        if let walks { return text + "\n" + self.text(walks) }
        text += "\n" + statisticsText + "\n" + diagramsText + reductionText + symmetryText + deadVariablesText + mergingText
        if let symbolic { text += self.text(symbolic) }
        if let bounded { text += self.text(bounded) }
        return text
    }

    private var statisticsText: String {
        let statistics = result.statistics
        if let bounded {
            return "\(NumberText.counted(bounded.statistics.depth, "step")), \(NumberText.counted(bounded.statistics.moves, "move")); "
                + String(format: "%.2f s", statistics.seconds)
        }
        if let diagrams = statistics.diagrams, diagrams.obstacle == nil { return text(diagrams) }
        return "\(NumberText.counted(statistics.statesStored, "state")) stored, \(NumberText.grouped(statistics.statesMatched)) matched, "
            + "\(NumberText.counted(statistics.transitions, "transition")), depth \(NumberText.grouped(statistics.depthReached))"
            + (statistics.productStates > 0 ? ", \(NumberText.counted(statistics.productStates, "product state"))" : "") + "; "
            + String(format: "%.2f s, ", statistics.seconds) + ByteCount.text(statistics.bytes)
            + compilationText
    }

    private func text(_ diagrams: DiagramReport) -> String {
        let states = diagrams.stateCount.map { NumberText.counted($0, "state") } ?? "Over 2^128 states"
        return "\(states) in \(NumberText.counted(diagrams.nodeCount, "node")) of a decision diagram with "
            + "\(NumberText.counted(diagrams.variableCount, "variable")); "
            + String(format: "%.2f s, ", result.statistics.seconds) + ByteCount.text(result.statistics.bytes)
    }

    private var compilationText: String {
        if let states = result.statistics.compiledFrom { return "; machine code from state \(NumberText.grouped(states)) on" }
        return compilationFailure.map { "; without machine code: \($0.explanation)" } ?? ""
    }

    private func text(_ walks: ModelFuzzingResult) -> String {
        let (coverage, seconds) = (walks.coverage, result.statistics.seconds)
        var text = "\(NumberText.counted(walks.walks, "walk")), \(NumberText.counted(walks.steps, "step")), "
            + "depth \(NumberText.grouped(result.statistics.depthReached)); " + String(format: "%.2f s", seconds) + "\n"
        text += coverage.text
        for claim in coverage.claims {
            text += "\(claim.visited) of \(NumberText.counted(claim.states, "state")) of \(Property.claim(claim.claim).name(in: program)) seen\n"
        }
        return text
    }

    private func text(_ portfolio: Portfolio) -> String {
        let width = portfolio.standings.map(\.engine.rawValue.count).max() ?? 0
        return portfolio.standings.map { standing in
            let decided = standing.decided > 0 ? "decided \(standing.decided == 1 ? "1 property" : "\(standing.decided) properties")" : nil
            let words = [decided, standing.obstacle].compactMap(\.self).joined(separator: "; ")
            return standing.engine.rawValue.padding(toLength: width, withPad: " ", startingAt: 0)
                + String(format: "  %.2f s  ", standing.seconds) + (words.isEmpty ? "came later" : words) + "\n"
        }.joined()
    }

    /// Why states were looked at one by one, although diagrams were asked for.
    private var diagramsText: String {
        result.statistics.diagrams?.obstacle.map { "No decision diagrams: \($0)\n" } ?? ""
    }

    /// What was left out, or why nothing was.
    private var reductionText: String {
        if let obstacle = result.statistics.reductionObstacle { return "No reduction: \(obstacle)\n" }
        if let asleep = result.statistics.sleepStates, asleep > 0 {
            return "Reduction: steps left out in \(NumberText.counted(asleep, "state")) that lead to no others\n"
        }
        guard let reduced = result.statistics.reducedStates else { return "" }
        return "Reduction: interleavings left out in \(NumberText.counted(reduced, "state"))"
            + (result.violations.isEmpty ? "" : "; there may be a shorter counterexample") + "\n"
    }

    /// Who may change places, or why nobody may.
    private var symmetryText: String {
        guard let symmetry = result.statistics.symmetry else { return "" }
        if let obstacle = symmetry.obstacle {
            let location = symmetry.span.map { program.sources.location(of: $0) }
            return "No symmetry: \(obstacle)" + (location.map { ", at \($0.path):\($0.line)" } ?? "") + "\n"
        }
        return "Symmetry: each state stands for those in which these have changed places:\n"
            + symmetry.exchanges.map { "  \($0)\n" }.joined()
    }

    /// Where local steps were merged, or why nowhere.
    private var mergingText: String {
        guard let merging = result.statistics.merging else { return "" }
        if let obstacle = merging.obstacle { return "No local steps merged: \(obstacle)\n" }
        if merging.locationCount == 0 { return "No local steps to merge\n" }
        return "Local steps merged: processes go on at once in \(NumberText.counted(merging.locationCount, "place"))"
            + (result.violations.contains { !$0.isShortest } ? "; there may be a shorter counterexample\n" : "\n")
    }

    /// What was reset, or that nothing is ever dead.
    private var deadVariablesText: String {
        guard let names = result.statistics.resetVariables else { return "" }
        if names.isEmpty { return "No dead variables\n" }
        let more = names.count - 6
        return "Reset where nobody reads them any more: \(names.prefix(6).joined(separator: ", "))" + (more > 0 ? " and \(more) more\n" : "\n")
    }

    private func text(_ bounded: BoundedResult) -> String {
        let proofs = bounded.verdicts.compactMap { property, verdict -> String? in
            guard case .holds(let proof) = verdict else { return nil }
            return "\(property.name(in: program)) holds: \(proof.explanation)\n"
        }
        let solver = bounded.statistics.solver
        return proofs.joined() + "\(NumberText.counted(solver.queries, "question")) to Z3, "
            + String(format: "%.2f s", solver.seconds) + uncheckedText(bounded.verdicts.map(\.property))
    }

    /// The properties that an engine leaves out, though they are usually checked.
    private func uncheckedText(_ checked: [Property]) -> String {
        let unchecked = Property.standard(of: program).filter { property in
            if case .claim = property { !checked.contains(property) } else { property == .trace && !checked.contains(property) }
        }
        if unchecked.isEmpty { return "\n" }
        return "\nNot checked by this engine: \(unchecked.map { $0.name(in: program) }.joined(separator: ", "))\n"
    }

    private func text(_ symbolic: SymbolicStatistics) -> String {
        "\(NumberText.counted(symbolic.solver.queries, "question")) to Z3, "
            + String(format: "%.2f s; ", symbolic.solver.seconds)
            + "\(NumberText.grouped(symbolic.cacheHits)) answered from memory, "
            + "\(NumberText.counted(symbolic.subsumed, "state")) included in others"
            + uncheckedText(SymbolicSearch.properties(of: program))
    }

    private func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds: "holds"
        case .violated: "violated"
        case .inconclusive(let limit): "inconclusive: \(limit.explanation)"
        }
    }

    private func describe(_ verdict: Verdict, _ property: Property) -> String {
        switch verdict {
        case .holds: "holds\(qualification(of: property)): \(shortened(property.summary(in: program)))"
        case .violated: "violated\(qualification(of: property))"
        case .inconclusive(.walks): "undecided: no violation was found"
        case .inconclusive(.stoppedAtViolation): "undecided: \(Limit.stoppedAtViolation.explanation)"
        case .inconclusive(let limit): "undecided: \(limit.explanation)"
        }
    }

    /// A formula may be longer than a line is worth.
    private func shortened(_ text: String) -> String { text.count > 100 ? text.prefix(99) + "…" : text }

    /// By which engine something was decided, and under which fairness, where that matters.
    private func qualification(of property: Property) -> String {
        if let engine = portfolio?.deciders[property] { return " by the \(engine.rawValue) engine" }
        guard case .claim = property, fairness != .none else { return "" }
        return " under \(fairness.rawValue) fairness"
    }

    // MARK: JSON

    /// One object, as documented in the README.
    func json() throws -> String {
        var properties: [[String: Any]] = []
        for (property, verdict) in result.verdicts {
            var entry: [String: Any] = ["name": property.name(in: program), "verdict": name(verdict)]
            if case .inconclusive(let limit) = verdict { entry["reason"] = limit.explanation }
            let own = zip(result.violations, traces).filter { $0.0.property == property }.map(\.1)
            if let first = own.first {
                entry["trace"] = try itf(first)
                entry["message"] = first.violation.message
            }
            if own.count > 1 { entry["furtherTraces"] = try own.dropFirst().map(itf) }
            if let engine = portfolio?.deciders[property] { entry["engine"] = engine.rawValue }
            properties.append(entry)
        }
        let statistics = result.statistics
        var counts: [String: Any] = [
            "statesStored": statistics.statesStored, "statesMatched": statistics.statesMatched,
            "transitions": statistics.transitions, "depthReached": statistics.depthReached,
            "seconds": statistics.seconds, "bytes": statistics.bytes, "productStates": statistics.productStates,
        ]
        if let states = statistics.compiledFrom { counts["compiledFrom"] = states }
        if let states = statistics.sleepStates { counts["statesWithSleepingMoves"] = states }
        var object: [String: Any] = [
            "model": model,
            "verdict": name(result.verdict),
            "properties": properties,
            "statistics": counts,
        ]
        if let bounded {
            object["bounded"] = [
                "depth": bounded.statistics.depth, "moves": bounded.statistics.moves,
                "queries": bounded.statistics.solver.queries, "solverSeconds": bounded.statistics.solver.seconds,
            ] as [String: Any]
        }
        if let symbolic {
            object["symbolic"] = [
                "queries": symbolic.solver.queries, "solverSeconds": symbolic.solver.seconds,
                "cacheHits": symbolic.cacheHits, "statesSubsumed": symbolic.subsumed,
            ] as [String: Any]
        }
        if let portfolio {
            object["portfolio"] = portfolio.standings.map { standing in
                var entry: [String: Any] = [
                    "engine": standing.engine.rawValue, "decided": standing.decided, "seconds": standing.seconds,
                ]
                entry["obstacle"] = standing.obstacle
                return entry
            }
        }
        if let walks { object["walks"] = json(walks) }
        if let diagrams = statistics.diagrams {
            object["diagrams"] = diagrams.obstacle.map { ["obstacle": $0] as [String: Any] }
                ?? ["nodes": diagrams.nodeCount, "variables": diagrams.variableCount, "rounds": diagrams.rounds,
                    "states": diagrams.stateCount.map { "\($0)" } ?? "over 2^128"]
        }
        if let reduced = statistics.reducedStates { object["reduction"] = ["statesReduced": reduced] }
        if let obstacle = statistics.reductionObstacle { object["reduction"] = ["obstacle": obstacle] }
        if let symmetry = statistics.symmetry {
            object["symmetry"] = symmetry.obstacle.map { ["obstacle": $0] as [String: Any] } ?? ["exchanges": symmetry.exchanges]
        }
        object["resetVariables"] = statistics.resetVariables
        if let merging = statistics.merging {
            object["merging"] = merging.obstacle.map { ["obstacle": $0] as [String: Any] } ?? ["locations": merging.locationCount]
        }
        if fairness != .none { object["fairness"] = fairness.rawValue }
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private func json(_ walks: ModelFuzzingResult) -> [String: Any] {
        [
            "walks": walks.walks, "steps": walks.steps, "startingPoints": walks.corpusCount,
            "proctypes": walks.coverage.proctypes.map { proctype in
                [
                    "name": proctype.name, "taken": proctype.taken, "reachable": proctype.reachable,
                    "missed": proctype.missed.map { "\($0.path):\($0.number)" },
                ] as [String: Any]
            },
            "claims": walks.coverage.claims.map { claim in
                ["name": Property.claim(claim.claim).name(in: program), "visited": claim.visited, "states": claim.states] as [String: Any]
            },
        ]
    }

    private func name(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds: "holds"
        case .violated: "violated"
        case .inconclusive: "inconclusive"
        }
    }

    private func itf(_ trace: Trace) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(TraceFormat.itf.render(trace).utf8))
    }
}
