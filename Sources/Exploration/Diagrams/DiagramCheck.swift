import Automata
import Diagrams
import Foundation

/// Checks all states at once with decision diagrams. What these do not know, a search tells that looks at states one by one: how something
/// goes wrong, and what is to be said of models that do more than single processes can.
public final class DiagramCheck {
    private let system: System
    private let options: SearchOptions
    private let monitor: Search.Monitor

    public init(_ system: System, options: SearchOptions, monitor: @escaping Search.Monitor = { _ in true }) {
        self.system = system
        self.options = options
        self.monitor = monitor
    }

    /// - Throws: `StoreError` if there is not enough address space for the memory limit.
    public func run() throws -> SearchResult {
        let start = ContinuousClock.now
        let (result, report) = runAlone(DiagramEffort(bytes: options.memoryLimit / 2))
        if let result { return result }
        var other = try Search(system, options: options, monitor: monitor).run()
        other.statistics.diagrams = report
        other.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        return other
    }

    /// - Returns: what is found if all holds, and what there is to say of diagrams.
    func runAlone(_ effort: DiagramEffort) -> (result: SearchResult?, report: DiagramReport) {
        let start = ContinuousClock.now
        let properties = Property.checked(options.properties, of: system)
        if options.depthLimit != nil { return (nil, DiagramReport(obstacle: "a limit of the depth goes for runs")) }
        let report = DiagramWork(system, properties: properties, effort).run(monitor)
        if report.obstacle != nil { return (nil, report) }
        var statistics = Statistics()
        statistics.statesStored = Int(clamping: report.stateCount ?? .max)
        statistics.bytes = report.bytes
        statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        statistics.diagrams = report
        let result = SearchResult(
            verdicts: properties.map { (property: $0, verdict: .holds) }, violations: [], statistics: statistics, truncations: [])
        return (result, report)
    }
}

/// A search with decision diagrams on a thread of its own, so that it can be ended.
private final class DiagramWork: @unchecked Sendable {
    private let search: DiagramSearch
    private let stop = DiagramStop()
    private let end = DispatchSemaphore(value: 0)
    private var report = DiagramReport()

    /// Diagrams are deeper than the stacks that threads usually have.
    private static let stackSize = 1 << 28

    init(_ system: System, properties: [Property], _ effort: DiagramEffort) {
        let generator = SuccessorGenerator(system)
        generator.notesWrapAround = properties.contains(.wrapAround)
        search = DiagramSearch(generator, properties: properties, effort: effort, stop: stop)
    }

    /// - Parameter monitor: called from time to time, in the caller's thread.
    func run(_ monitor: Search.Monitor) -> DiagramReport {
        let thread = Thread { [self] in
            report = search.run()
            end.signal()
        }
        thread.stackSize = Self.stackSize
        thread.start()
        let start = ContinuousClock.now
        var statistics = Statistics()
        statistics.diagrams = DiagramReport()
        while end.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
            if !monitor(statistics) { stop.stop() }
        }
        return report
    }
}
