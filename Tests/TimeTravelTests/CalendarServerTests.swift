import Foundation
import Fuzzing
import TestSupport
import Testing

@testable import TimeTravel

/// The calendar over real sockets, with real shared memory, processes and files.
@Suite struct CalendarServerTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.url.appendingPathComponent("socket").path }
    private var logPath: String { directory.url.appendingPathComponent("log").path }

    init() throws { directory = try TemporaryDirectory(prefix: "heddle-calendar-tests") }

    private func configuration(clients: Int = 1, sharesMemory: Bool = true) -> CalendarServer.Configuration {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.sharesMemory = sharesMemory
        configuration.socketPath = path
        return configuration
    }

    /// What a server reports.
    private final class Reports {
        var refusals: [String] = []
        var lines: [String] = []

        func add(_ event: CalendarServer.Event) {
            switch event {
            case .line(let bytes, let process): lines.append("\(process): \(String(decoding: bytes, as: UTF8.self))")
            case .refused(let reason, let client): refusals.append("\(client) \(reason)")
            case .ended: break
            }
        }
    }

    private func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() }

    @Test(arguments: [[false], [true], [false, false], [true, true], [true, false, true, false]], [false, true])
    func kernelsRunToTheirEnd(canShare: [Bool], sharesMemory: Bool) throws {
        let reports = Reports()
        var configuration = configuration(clients: canShare.count, sharesMemory: sharesMemory)
        configuration.logPath = logPath
        let server = try CalendarServer(configuration, report: reports.add)
        let kernels = try canShare.enumerated().map { index, share in
            try SocketKernel(SimulatedKernel(name: UInt64(index + 1), canShare: share, events: 200, seed: UInt64(index)), connectedTo: path)
        }
        let outcome = try server.run(shouldStop: Deadline.twoMinutes())
        #expect(reports.refusals == [])
        #expect(outcome.end == .finished)
        for (kernel, share) in zip(kernels, canShare) {
            let kernel = try #require(try kernel.finish())
            #expect(kernel.panics == [])
            #expect(kernel.eventsLeft == 0)
            #expect((kernel.memory != nil) == (share && sharesMemory))
        }
        try checkLog(messages: outcome.progress.messages, sharesMemory: sharesMemory)
    }

    /// Every line is JSON and complete, and the lines of messages are as many as the messages.
    private func checkLog(messages: Int, sharesMemory: Bool) throws {
        let text = try String(contentsOf: URL(fileURLWithPath: logPath), encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        var simulated: UInt64 = 0
        var real: UInt64 = 0
        var count = 0
        for (number, line) in text.split(separator: "\n").enumerated() {
            let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            if number == 0 {
                #expect(fields["version"] as? Int == 1)
                continue
            }
            #expect((fields["memory"] != nil) == sharesMemory)
            for (name, last) in [("simulated", simulated), ("real", real)] {
                #expect(try #require(UInt64(fields[name] as? String ?? "")) >= last)
            }
            simulated = UInt64(fields["simulated"] as? String ?? "") ?? 0
            real = UInt64(fields["real"] as? String ?? "") ?? 0
            if fields["operation"] != nil {
                #expect(UInt64(fields["time"] as? String ?? "") != nil)
                count += 1
            }
        }
        #expect(count == messages)
    }

    @Test func theSocketIsTheUsersAloneAndGoesInTheEnd() throws {
        do {
            let server = try CalendarServer(configuration(), report: { _ in })
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            _ = try server.run(shouldStop: { true })
        }
        #expect(try left() == [])
    }

    @Test func aSocketThatIsInUseIsNotTaken() throws {
        let server = try CalendarServer(configuration(), report: { _ in })
        #expect { try CalendarServer(configuration(), report: { _ in }) } throws: { ($0 as? SystemError)?.code == EADDRINUSE }
        withExtendedLifetime(server) { #expect(FileManager.default.fileExists(atPath: path)) }
    }

    @Test func anotherFileIsNotTakenForASocket() throws {
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect { try CalendarServer(configuration(), report: { _ in }) } throws: { ($0 as? SystemError)?.code == EEXIST }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test func aSocketThatACrashHasLeftIsReplaced() throws {
        let socket = try UnixAddress.makeSocket()
        #expect(try UnixAddress.with(path) { bind(socket.number, $0, $1) } == 0)
        _ = try CalendarServer(configuration(), report: { _ in }).run(shouldStop: { true })
        #expect(try left() == [])
    }

    @Test func aRecordIsNotWrittenOverAnother() throws {
        try Data("mine".utf8).write(to: URL(fileURLWithPath: logPath))
        var configuration = configuration()
        configuration.logPath = logPath
        #expect { try CalendarServer(configuration, report: { _ in }) } throws: { ($0 as? SystemError)?.code == EEXIST }
        #expect(try left() == ["log"])
    }

    @Test func nothingIncompleteIsLeftOfARecord() throws {
        var configuration = configuration()
        configuration.logPath = logPath
        do {
            let server = try CalendarServer(configuration, report: { _ in })
            #expect(try left().count == 2)
            withExtendedLifetime(server) {}
        }
        #expect(try left() == [])
    }

    @Test(arguments: [
        ([UInt8](repeating: 0xFF, count: 16), "sent operation 4294967295, which the protocol does not have"),
        ([1, 2, 3, 4, 5, 6, 7], "ended within a message, after 7 of 16 bytes"),
        (Message(.wait, sequence: 1).bytes, "sent WAIT before START was answered"),
    ])
    func whoSendsNonsenseIsRefusedAndTheOthersAreServed(bytes: [UInt8], reason: String) throws {
        let reports = Reports()
        let server = try CalendarServer(configuration(), report: reports.add)
        do {
            let wild = try Connection.connect(to: path)
            #expect(write(wild.number, bytes, bytes.count) == bytes.count)
        }
        let kernel = try SocketKernel(SimulatedKernel(name: 7, canShare: true, events: 50, seed: 1), connectedTo: path)
        _ = try server.run(shouldStop: Deadline.twoMinutes())
        #expect(reports.refusals == ["0 \(reason)"])
        #expect(try kernel.finish()?.eventsLeft == 0)
    }

    @Test func whoDoesNotReadIsRefusedAtLast() throws {
        let reports = Reports()
        let server = try CalendarServer(configuration(), report: reports.add)
        let socket = try Connection.connect(to: path)
        let greedy = Connection(socket)
        try greedy.send(Message(.start, sequence: 0))
        _ = try server.run(shouldStop: {
            for _ in 0..<64 { if (try? greedy.send(Message(.get, sequence: 1))) == nil { break } }
            return false
        })
        #expect(reports.refusals == ["0 does not read what is sent to it"])
    }

    @Test func whatProcessesPrintIsPassedOnByLines() throws {
        let reports = Reports()
        var configuration = configuration(clients: 2)
        // The second one ends when the first one has printed.
        let script = "echo one; printf two >&2; [ {id} = 2 ] || { : >$0; exec sleep 1000; }; until [ -e $0 ]; do sleep 0.01; done"
        configuration.command = ["/bin/sh", "-c", script, path + ".printed"]
        let outcome = try CalendarServer(configuration, report: reports.add).run(shouldStop: Deadline.twoMinutes())
        #expect(reports.lines.sorted() == ["0: one", "0: two", "1: one", "1: two"])
        #expect(outcome.end == .tooFewClients(process: 1), "who waits for the others would wait for ever")
        #expect(outcome.endings == [.killed(signal: SIGKILL), .exited(code: 0)])
    }

    @Test func theSocketsPathAndTheClientsNumberArePutIntoTheCommand() throws {
        let reports = Reports()
        var configuration = configuration()
        configuration.command = ["/bin/sh", "-c", "test -S $0 && echo $1 {id}", "{socket}", "x{id}:{socket}"]
        _ = try CalendarServer(configuration, report: reports.add).run(shouldStop: Deadline.twoMinutes())
        #expect(reports.lines == ["0: x1:\(path) 1"])
    }

    @Test func whatAProcessLeavesBehindIsKilled() throws {
        let reports = Reports()
        var configuration = configuration()
        configuration.command = ["/bin/sh", "-c", "sleep 1000 & echo $!"]
        _ = try CalendarServer(configuration, report: reports.add).run(shouldStop: Deadline.twoMinutes())
        let number = try #require(reports.lines.first?.split(separator: " ").last.flatMap { Int32($0) })
        // It takes a moment to die, and there may be nobody to wait for it then.
        let deadline = ContinuousClock.now + .seconds(60)
        var state: Substring?
        repeat {
            state = (try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8))?.split(separator: ")").last?.prefix(2)
        } while state != nil && state != " Z" && ContinuousClock.now < deadline
        #expect(state == nil || state == " Z")
    }

    @Test func aProgramThatThereIsNotIsAnError() throws {
        var configuration = configuration()
        configuration.command = ["/nowhere/program"]
        #expect { try CalendarServer(configuration, report: { _ in }) } throws: { "\($0)".contains("/nowhere/program") }
        #expect(try left() == [])
    }

    @Test(arguments: [107, 108]) func aPathIsNotLongerThanAnAddressHasRoomFor(length: Int) throws {
        var configuration = configuration()
        let name = String(repeating: "x", count: length - directory.url.path.utf8.count - 1)
        configuration.socketPath = directory.url.path + "/" + name
        if length <= UnixAddress.maximumLength {
            _ = try CalendarServer(configuration, report: { _ in }).run(shouldStop: { true })
        } else {
            #expect { try CalendarServer(configuration, report: { _ in }) } throws: { ($0 as? SystemError)?.code == ENAMETOOLONG }
        }
    }
}
