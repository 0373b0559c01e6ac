import Foundation
import TestSupport
import Testing

@testable import TimeTravel

/// Programs, and what becomes of all that they start.
@Suite struct ProcessTreeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(prefix: "heddle-process-tests") }

    private var file: String { directory.url.appendingPathComponent("number").path }

    /// A program that starts another one, in a session of its own, with its number in the file, and then does as told.
    private func parent(_ rest: String) throws -> ProcessTree {
        try ProcessTree([
            "/bin/sh", "-c", "setsid sh -c 'echo $$ >$0.new; mv $0.new $0; sleep 1000; :' $0 & until [ -e $0 ]; do sleep 0.01; done; \(rest)", file,
        ])
    }

    private func wait(for process: ProcessTree) {
        var poll = pollfd(fd: process.end.number, events: Int16(POLLIN), revents: 0)
        #expect(Foundation.poll(&poll, 1, 60_000) == 1)
    }

    private func orphan() throws -> Int32 {
        let stopped = Deadline.twoMinutes()
        while !FileManager.default.fileExists(atPath: file), !stopped() { usleep(2_000) }
        return try #require(Int32(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)))
    }

    private func isThere(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    @Test func whatAProgramLeavesBehindGoesWithIt() throws {
        let process = try parent("exit 3")
        wait(for: process)
        #expect(!isThere(try orphan()))
        #expect(process.stop() == .exited(code: 3))
    }

    @Test func aProgramIsStoppedWithAllThatItHasStarted() throws {
        let process = try parent("sleep 1000; :")
        let orphan = try orphan()
        #expect(isThere(orphan))
        #expect(process.stop() == .killed(signal: SIGKILL))
        #expect(!isThere(orphan))
    }

    @Test func whatPrintsForAProgramThatHasEndedIsNotWaitedFor() throws {
        let process = try parent("echo last")
        wait(for: process)
        var printed: [UInt8] = []
        while let bytes = process.read() { printed += bytes }
        #expect(String(decoding: printed, as: UTF8.self) == "last\n")
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV]) func theSignalThatEndsAProgramIsKnown(signal: Int32) throws {
        let process = try ProcessTree(["/bin/sh", "-c", "kill -\(signal) $$"])
        wait(for: process)
        #expect(process.stop() == .killed(signal: signal))
    }

    @Test func orphansThatEndByThemselvesDoNotEndTheProgram() throws {
        let process = try ProcessTree(["/bin/sh", "-c", "(true &); (true &); sleep 0.2; exit 4"])
        wait(for: process)
        #expect(process.stop() == .exited(code: 4))
    }

    @Test func whatCannotBeStartedIsRefused() throws {
        #expect(throws: SystemError.self) { try ProcessTree([directory.url.path]) }
        #expect(throws: SystemError.self) { try ProcessTree(["heddle-no-such-program"]) }
    }
}
