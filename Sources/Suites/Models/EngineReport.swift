import Automata
import Exploration
import Promela
import Symbolic

/// What one engine has to say of a model.
struct EngineReport: Sendable {
    var result: SearchResult
    var symbolic: SymbolicStatistics?
    var bounded: BoundedResult?
}

extension ModelCheck {
    /// Lets one engine work on the model.
    func report(of engine: Engine, _ system: System, _ options: SearchOptions, _ monitor: @escaping Search.Monitor) throws -> EngineReport {
        switch engine {
        case .explicit: return EngineReport(result: try Search(system, options: options, monitor: monitor).run())
        case .diagrams: return EngineReport(result: try DiagramCheck(system, options: options, monitor: monitor).run())
        case .symbolic:
            let found = try SymbolicSearch(system.program, options: symbolicOptions(options), monitor: monitor).run()
            return EngineReport(result: found.result, symbolic: found.symbolic)
        case .bounded:
            return EngineReport(
                try BoundedCheck(
                    system, properties: options.properties, depth: options.depthLimit ?? 20, induction: induction,
                    timeLimit: solverTime
                ) { monitor(Statistics($0)) }.run())
        case .horn:
            return EngineReport(
                try HornCheck(
                    system, properties: options.properties, depth: options.depthLimit ?? .max,
                    timeLimit: solverTime ?? Self.hornTime
                ) { monitor(Statistics($0)) }.run())
        case .portfolio: preconditionFailure("a portfolio is no single engine")
        }
    }

    /// Milliseconds for each question to the Horn engine, if nothing else is said: most are answered at once or never.
    private static let hornTime = 600_000

    private func symbolicOptions(_ options: SearchOptions) -> SymbolicOptions {
        var result = SymbolicOptions()
        result.properties = options.properties
        result.termWidth = termWidth
        result.depthLimit = options.depthLimit
        result.memoryLimit = options.memoryLimit
        result.violationLimit = options.violationLimit
        result.threads = options.threads
        result.usesSymmetry = options.usesSymmetry
        if let solverTime { result.timeLimit = solverTime }
        return result
    }
}

extension EngineReport {
    fileprivate init(_ found: BoundedResult) { self.init(result: SearchResult(found), bounded: found) }
}
