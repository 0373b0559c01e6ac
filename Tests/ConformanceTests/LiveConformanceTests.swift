import Conformance
import Fuzzing
import TestSupport
import Testing

@testable import TimeTravel

/// Real kernels, recorded now.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(20))) struct LiveConformanceTests {
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
        let check = try ConformanceCheck(program, try EventLog(path: path))
        #expect(check.eventCount > 500 * clients - 100)
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

    /// Interrupts while it waits, runs, or is about to be run, taken at once or late; some turn its clock back, and it panics.
    @Test(arguments: [(false, [20]), (false, [24, 30]), (true, [4]), (true, [5, 6])])
    func aKernelThatIsInterruptedConforms(sharesMemory: Bool, messages: [Int]) throws {
        let log = try run(sharesMemory: sharesMemory, faults: messages.map { ($0, .interrupt) }, ["SLEEP=20"])
        #expect(log.lines.contains { $0.event == "interrupted" })
        try expectConformance(try ConformanceCheck(KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: 1), log))
    }

    /// Interrupts the client that a message is not for, while the other is about to run, or runs: then it may ask for a time that is over, and be
    /// refused.
    private final class Distraction: Interference {
        private var messages = 0
        private let every: Int

        init(every: Int) { self.every = every }

        func replace(_ delivery: Delivery, to client: Calendar.ClientID) -> [InterferenceAction] {
            messages += 1
            let interrupt = InterferenceAction.interrupt(Calendar.ClientID(rawValue: 3 - client.rawValue))
            return (messages % every == 0 ? [interrupt] : []) + [.deliver(delivery)]
        }

        func lets(_ message: Message, from client: Calendar.ClientID) -> Bool { true }
    }

    @Test(arguments: [(false, 601), (true, 111)]) func aKernelThatIsInterruptedWhileAnotherRunsConforms(sharesMemory: Bool, every: Int) throws {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        var configuration = Self.configuration(clients: 2, sharesMemory: sharesMemory, log: path)
        configuration.command += ["virtio_uml.device={device}:4"]
        let server = try CalendarServer(configuration, interference: Distraction(every: every), report: { _ in })
        #expect(try server.run(shouldStop: Deadline.twoMinutes()).end == .finished)
        let log = try EventLog(path: path)
        #expect(log.lines.contains { $0.event == "interrupted" })
        try expectConformance(try ConformanceCheck(KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: 2), log))
    }

    @Test(arguments: [(false, [2, 9, 9, 17]), (true, [1, 3, 3])]) func aKernelThatHearsBroadcastsConforms(sharesMemory: Bool, messages: [Int]) throws {
        let log = try run(sharesMemory: sharesMemory, faults: messages.map { ($0, .broadcast(7)) })
        #expect(log.lines.count { $0.event == "sent" && $0.values["operation"] == .name("BROADCAST") } == messages.count)
        try expectConformance(try ConformanceCheck(KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: 1), log))
    }

    private func run(sharesMemory: Bool, faults: [(Int, Fault)], _ arguments: [String] = []) throws -> EventLog {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        var configuration = Self.configuration(clients: 1, sharesMemory: sharesMemory, log: path)
        configuration.command += ["virtio_uml.device={device}:4"] + arguments
        let plan = FaultPlan(faults.map { .init(position: $0.0, fault: $0.1) })
        _ = try FuzzRun.run(configuration, plan: plan, shouldStop: Deadline.twoMinutes())
        return try EventLog(path: path)
    }

    private func run(clients: Int = 1, sharesMemory: Bool, script: String) throws -> EventLog {
        let directory = try TemporaryDirectory(prefix: "heddle-conform")
        let path = directory.url.appendingPathComponent("log").path
        var configuration = Self.configuration(clients: clients, sharesMemory: sharesMemory, log: path)
        configuration.command = ["/bin/sh", "-c", script] + configuration.command
        let outcome = try CalendarServer(configuration, report: { _ in }).run(shouldStop: Deadline.twoMinutes())
        #expect(outcome.end == .finished)
        return try EventLog(path: path)
    }

    /// The others go on.
    @Test(arguments: [1, 2], [false, true]) func aKernelThatIsKilledConforms(clients: Int, sharesMemory: Bool) throws {
        let log = try run(
            clients: clients, sharesMemory: sharesMemory,
            script: """
                if [ "$1" -gt 1 ]; then exec "$0" "$@" SLEEP=30; fi
                "$0" "$@" TICKS=1 >"$HEDDLE_FOLDER/out" &
                until grep -q tick "$HEDDLE_FOLDER/out"; do sleep 0.01; done
                kill -9 $!
                """)
        #expect(log.lines.count { $0.event == "disconnected" } == clients)
        try expectConformance(try ConformanceCheck(KernelLog.program(Self.model(sharesMemory: sharesMemory), clients: clients), log))
    }

    /// The second comes when time has begun; its times count from then on.
    @Test func aKernelThatComesLateConforms() throws {
        let log = try run(
            sharesMemory: false,
            script: """
                "$0" 1 "$2" >"$HEDDLE_FOLDER/out" &
                until grep -q "init begins" "$HEDDLE_FOLDER/out"; do sleep 0.01; done
                "$0" 2 "$2" >/dev/null
                wait
                """)
        let start = try #require(log.lines.first { $0.event == "sent" && $0.values["slot"] == .number(2) })
        #expect(start.values["simulated"] != .number(0))
        try expectConformance(try ConformanceCheck(KernelLog.program("socket.pml", clients: 2, defines: ["EXPECTED=1"]), log))
    }
}
