import Conformance
import TestSupport
import Testing

@testable import TimeTravel

/// Real kernels, recorded now.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(5))) struct LiveConformanceTests {
    @Test(arguments: [2, 3], [false, true]) func whatIsRecordedNowConforms(clients: Int, sharesMemory: Bool) throws {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.calendar.timeOfDay = LiveKernel.timeOfDay
        configuration.sharesMemory = sharesMemory
        configuration.logPath = path
        configuration.command = LiveKernel.command()
        let outcome = try CalendarServer(configuration, report: { _ in }).run()
        #expect(outcome.end == .finished)
        let program = try KernelLog.program(sharesMemory ? "shm.pml" : "socket.pml", clients: clients)
        let check = try ConformanceCheck(program, try EventLog(path: path), firstEvents: 60)
        #expect(check.eventCount == 60)
        let result = try check.run().result
        guard case .conforms = result else {
            Issue.record("\(result)")
            return
        }
    }
}
