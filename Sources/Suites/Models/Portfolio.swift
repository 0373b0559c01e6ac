import Automata
import Exploration
import Promela
import Symbolic
import Traces

/// How several engines that worked side by side came to their verdicts.
public struct Portfolio: Sendable {
    /// How an engine stood at the end.
    public struct Standing: Sendable {
        public var engine: ModelCheck.Engine
        /// How many of the properties it was the first to decide.
        public var decided: Int
        /// What kept it from deciding the others, in words; nil where it decided all that it was asked.
        public var obstacle: String?
        /// From the beginning to its end.
        public var seconds: Double
    }

    /// For each property that is decided, the engine that decided it first.
    public internal(set) var deciders: [Property: ModelCheck.Engine] = [:]
    /// In the order in which the engines are listed.
    public internal(set) var standings: [Standing] = []
}

/// Puts together what engines found, in the order in which they came to their ends.
struct PortfolioVerdicts {
    private let properties: [Property]
    private var verdicts: [Property: Verdict] = [:]
    private(set) var deciders: [Property: ModelCheck.Engine] = [:]
    private(set) var violations: [Violation] = []
    private(set) var truncations: [Truncation] = []
    /// The counts of the engine that decided something first.
    private(set) var statistics: Statistics?
    /// A property of which one engine says that it holds, and another that it does not.
    private(set) var contradiction: (property: Property, engines: [ModelCheck.Engine])?

    init(_ properties: [Property]) { self.properties = properties }

    /// Whether there is nothing left to find out.
    var isComplete: Bool { !violations.isEmpty || properties.allSatisfy { verdicts[$0] != nil } }

    mutating func add(_ outcome: EngineTeam.Outcome) {
        guard case .success(let report) = outcome.report, !report.triesTooManyValues else { return }
        for (property, verdict) in report.result.verdicts where properties.contains(property) {
            if case .inconclusive = verdict { continue }
            if let known = verdicts[property], let decider = deciders[property] {
                if known != verdict { contradiction = (property, [decider, outcome.engine]) }
                continue
            }
            verdicts[property] = verdict
            deciders[property] = outcome.engine
            violations += report.result.violations.filter { $0.property == property }
            if statistics == nil { (statistics, truncations) = (report.result.statistics, report.result.truncations) }
        }
    }

    func result(isInterrupted: Bool) -> SearchResult {
        let reason: Limit =
            !violations.isEmpty ? .stoppedAtViolation : isInterrupted ? .interrupted : .engine("no engine has decided it")
        return SearchResult(
            verdicts: properties.map { ($0, verdicts[$0] ?? .inconclusive(reason)) }, violations: violations,
            statistics: statistics ?? Statistics(), truncations: truncations)
    }

    func standing(_ outcome: EngineTeam.Outcome) -> Portfolio.Standing {
        let obstacle: String?
        switch outcome.report {
        case .failure(let error): obstacle = (error as? UnsupportedModel)?.diagnostic.message ?? "\(error)"
        case .success(let report) where report.triesTooManyValues:
            obstacle = "a `select` has more values than can be tried one by one"
        case .success(let report):
            let limits = report.result.verdicts.compactMap { property, verdict -> String? in
                guard case .inconclusive(let limit) = verdict else { return nil }
                return limit.explanation
            }
            obstacle = outcome.wasStopped && !limits.isEmpty ? "stopped" : limits.first
        }
        return Portfolio.Standing(
            engine: outcome.engine, decided: deciders.values.count { $0 == outcome.engine }, obstacle: obstacle,
            seconds: outcome.seconds)
    }
}

extension EngineReport {
    /// Whether the engine took its own limit for a fault of the model: another one may know what all the values lead to.
    fileprivate var triesTooManyValues: Bool {
        result.violations.contains { $0.fault?.kind == .selectRangeTooLarge }
    }
}
