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
        let properties = Property.checked(options.properties, of: system)
        var report = DiagramReport()
        if options.depthLimit != nil {
            report.obstacle = "a limit of the depth goes for runs"
        } else {
            report = DiagramWork(system, properties: properties, byteLimit: options.memoryLimit / 2).run(monitor)
        }
        if report.obstacle != nil {
            var result = try Search(system, options: options, monitor: monitor).run()
            result.statistics.diagrams = report
            result.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
            return result
        }
        var statistics = Statistics()
        statistics.statesStored = Int(clamping: report.stateCount ?? .max)
        statistics.bytes = report.bytes
        statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        statistics.diagrams = report
        return SearchResult(
            verdicts: properties.map { (property: $0, verdict: .holds) }, violations: [], statistics: statistics, truncations: [])
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

    init(_ system: System, properties: [Property], byteLimit: Int) {
        let generator = SuccessorGenerator(system)
        generator.notesWrapAround = properties.contains(.wrapAround)
        search = DiagramSearch(generator, properties: properties, byteLimit: byteLimit, stop: stop)
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
