import Automata
import Exploration
import Promela
import Symbolic
import Traces

extension ModelCheck {
    /// Lets an engine that asks Z3 work on another thread, so that it can be ended in the middle of a question.
    func attendedReport(_ system: System, _ options: SearchOptions, _ monitor: Search.Monitor) throws -> EngineReport {
        let team = EngineTeam(engines: [engine], solverMemory: options.memoryLimit) { [self] engine, monitor in
            try report(of: engine, system, options, monitor)
        }
        guard let outcome = team.run(monitor: monitor, isEnough: { _ in false }).first else {
            preconditionFailure("an engine ended without an outcome")
        }
        return try outcome.report.get()
    }

    /// Lets all engines work side by side; each property's verdict is that of the first engine that decides it.
    func runPortfolio(_ system: System, _ options: SearchOptions, _ monitor: Search.Monitor) throws -> Outcome {
        let engines: [Engine] = [.explicit, .symbolic, .bounded, .horn]
        var check = self
        if check.induction == 0 { check.induction = Self.usualInduction }
        let team = EngineTeam(engines: engines, solverMemory: options.memoryLimit / 4) { [check] engine, monitor in
            try check.report(of: engine, system, options.share(of: engine, system.program), monitor)
        }
        var verdicts = PortfolioVerdicts(Property.checked(options.properties, of: system))
        var heard = 0
        var isInterrupted = false
        let outcomes = team.run {
            let mayGoOn = monitor($0)
            if !mayGoOn { isInterrupted = true }
            return mayGoOn
        } isEnough: { outcomes in
            for outcome in outcomes[heard...] { verdicts.add(outcome) }
            heard = outcomes.count
            return verdicts.isComplete
        }
        for outcome in outcomes { if case .failure(let error) = outcome.report, error.isFault { throw error } }
        if let (property, engines) = verdicts.contradiction {
            let names = engines.map(\.rawValue).joined(separator: " and ")
            throw ModelError.unsound(
                TraceRecordingError(step: 0, reason: "\(names) disagree on \(property.name(in: system.program))"))
        }
        var portfolio = Portfolio()
        portfolio.deciders = verdicts.deciders
        portfolio.standings = engines.compactMap { engine in
            outcomes.first { $0.engine == engine }.map(verdicts.standing)
        }
        return Outcome(result: verdicts.result(isInterrupted: isInterrupted), traces: [], portfolio: portfolio)
    }

    /// How many states in a row an induction may assume, if nothing else is said.
    private static let usualInduction = 4
}

extension SearchOptions {
    /// What one of several engines is asked, and how much memory it may take.
    fileprivate func share(of engine: ModelCheck.Engine, _ program: Program) -> SearchOptions {
        var own = self
        switch engine {
        case .explicit: own.memoryLimit /= 2
        case .symbolic:
            own.memoryLimit /= 4
            // By itself it looks for wrap-around too, and would end there.
            own.properties = (properties ?? Set(Property.standard(of: program))).intersection(SymbolicSearch.properties(of: program))
        default: own.properties?.formIntersection(BoundedCheck.properties(of: program))
        }
        return own
    }
}

extension Error {
    /// Whether this is a mistake of an engine, and not only something that it cannot do.
    fileprivate var isFault: Bool { !(self is UnsupportedModel || self is StoreError || self is SolverError) }
}
