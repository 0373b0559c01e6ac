import Conformance
import TestSupport
import Testing

@testable import TimeTravel

/// Real kernels, recorded now.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(5))) struct LiveConformanceTests {
    private static func configuration(clients: Int, sharesMemory: Bool, log: String) -> CalendarServer.Configuration {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.calendar.timeOfDay = LiveKernel.timeOfDay
        configuration.sharesMemory = sharesMemory
        configuration.logPath = log
        configuration.command = LiveKernel.command()
        return configuration
    }

    private static func model(sharesMemory: Bool) -> String { sharesMemory ? "shm.pml" : "socket.pml" }

    private func expectConformance(_ check: ConformanceCheck) throws {
        let result = try check.run().result
        guard case .conforms = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test(arguments: [2, 3], [false, true]) func whatIsRecordedNowConforms(clients: Int, sharesMemory: Bool) throws {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        let configuration = Self.configuration(clients: clients, sharesMemory: sharesMemory, log: path)
        let outcome = try CalendarServer(configuration, report: { _ in }).run(shouldStop: Deadline.twoMinutes())
        #expect(outcome.end == .finished)
        let program = try KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: clients)
        let check = try ConformanceCheck(program, try EventLog(path: path), firstEvents: 60)
        #expect(check.eventCount == 60)
        try expectConformance(check)
    }

    /// The last of them ends with a kernel that powers off.
    @Test(arguments: [false, true]) func aWholeRunConforms(sharesMemory: Bool) throws {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        let configuration = Self.configuration(clients: 1, sharesMemory: sharesMemory, log: path)
        #expect(try CalendarServer(configuration, report: { _ in }).run(shouldStop: Deadline.twoMinutes()).end == .finished)
        let log = try EventLog(path: path)
        #expect(log.lines.last?.event == "disconnected")
        let program = try KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: 1)
        try expectConformance(try ConformanceCheck(program, log))
    }
}
