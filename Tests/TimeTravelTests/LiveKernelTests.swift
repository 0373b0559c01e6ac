import Foundation
import TestSupport
import Testing

@testable import TimeTravel

/// The calendar with real kernels.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(20))) struct LiveKernelTests {
    private final class Reports {
        var lines: [Int: [String]] = [:]
        var refusals: [String] = []
        var endings: [Int: ProcessTree.Ending] = [:]

        func add(_ event: CalendarServer.Event) {
            switch event {
            case .line(let bytes, let process): lines[process, default: []].append(String(decoding: bytes, as: UTF8.self))
            case .refused(let reason, _): refusals.append(reason)
            case .ended(let ending, let process): endings[process] = ending
            }
        }
    }

    private static func configuration(clients: Int, sharesMemory: Bool, _ arguments: [String] = []) -> CalendarServer.Configuration {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.calendar.timeOfDay = LiveKernel.timeOfDay
        configuration.sharesMemory = sharesMemory
        configuration.command = LiveKernel.command() + arguments
        return configuration
    }

    @Test(arguments: [1, 2, 3], [false, true]) func kernelsBootSleepAndPowerOff(clients: Int, sharesMemory: Bool) throws {
        let reports = Reports()
        let server = try CalendarServer(Self.configuration(clients: clients, sharesMemory: sharesMemory), report: reports.add)
        let outcome = try server.run(shouldStop: Deadline.twoMinutes())
        #expect(outcome.end == .finished)
        #expect(outcome.endings == Array(repeating: .exited(code: 0), count: clients))
        #expect(reports.refusals == [])
        for client in 0..<clients {
            #expect(reports.lines[client]?.contains("init begins") == true)
            #expect(reports.lines[client]?.contains("init ends at 2030-01-01 00:00:03") == true, "\(reports.lines[client] ?? [])")
        }
    }

    @Test(arguments: [false, true]) func anHourGoesByInNoTime(sharesMemory: Bool) throws {
        let reports = Reports()
        let configuration = Self.configuration(clients: 2, sharesMemory: sharesMemory, ["SLEEP=3600"])
        let outcome = try CalendarServer(configuration, report: reports.add).run(shouldStop: Deadline.twoMinutes())
        #expect(outcome.endings == [.exited(code: 0), .exited(code: 0)])
        #expect(reports.lines[0]?.contains("init ends at 2030-01-01 01:00:00") == true)
        #expect(reports.lines[1]?.contains("init ends at 2030-01-01 01:00:00") == true)
    }

    /// With usfstl's controller a late joiner dies in shared-memory mode and starves in socket mode.
    @Test(arguments: [false, true]) func aKernelThatComesLateIsServed(sharesMemory: Bool) throws {
        let reports = Reports()
        let directory = try TemporaryDirectory(prefix: "heddle-live")
        var configuration = Self.configuration(clients: 1, sharesMemory: sharesMemory, ["TICKS=1", "SLEEP=1"])
        let path = directory.url.appendingPathComponent("socket").path
        configuration.socketPath = path
        let server = try CalendarServer(configuration, report: reports.add)
        var late: ProcessTree?
        var console: [UInt8] = []
        let outcome = try server.run(shouldStop: {
            guard reports.lines[0]?.contains("tick") == true else { return false }
            guard let late else {
                let command = LiveKernel.command().map {
                    $0.replacingOccurrences(of: "{id}", with: "2").replacingOccurrences(of: "{socket}", with: path)
                }
                late = try? ProcessTree(command)
                return late == nil
            }
            guard let bytes = late.read() else { return true }
            console += bytes
            return false
        })
        #expect(reports.refusals == [])
        #expect(reports.endings == [:], "the first goes on")
        #expect(outcome.end == .stopped)
        let left = try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
        #expect(Set(left).isSubset(of: ["socket", "uml"]), "the late kernel, which is not the calendar's, has this folder")
        let ending = try #require(late).stop()
        #expect(ending == .exited(code: 0))
        #expect(String(decoding: console, as: UTF8.self).contains("init ends at 2030-01-01"))
    }

    @Test(arguments: [false, true]) func aKernelThatIsKilledCostsOnlyItself(sharesMemory: Bool) throws {
        let reports = Reports()
        var configuration = Self.configuration(clients: 2, sharesMemory: sharesMemory)
        // The second one ticks on until the script that started it kills it.
        let directory = try TemporaryDirectory(prefix: "heddle-live")
        let script = """
            if [ {id} = 1 ]; then exec "$@" SLEEP=30; fi
            "$@" TICKS=1 >"$0" &
            until grep -q tick "$0"; do sleep 0.01; done
            kill -9 $!
            """
        let console = directory.url.appendingPathComponent("console").path
        configuration.command = ["/bin/sh", "-c", script, console] + configuration.command
        let outcome = try CalendarServer(configuration, report: reports.add).run(shouldStop: Deadline.twoMinutes())
        #expect(outcome.end == .finished)
        #expect(reports.lines[0]?.contains("init ends at 2030-01-01 00:00:30") == true)
        let printed = try String(contentsOfFile: console, encoding: .utf8)
        #expect(printed.contains("tick") && !printed.contains("init ends"))
    }
}
