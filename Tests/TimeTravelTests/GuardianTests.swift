import Foundation
import TestSupport
import Testing

@testable import TimeTravel

/// What a guardian does when the process that it watches over is gone. Here it is told so by the end of its pipe.
@Suite struct GuardianTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(prefix: "heddle-guardian-tests") }

    /// Waits until something is so, a minute at most.
    private func eventually(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition(), ContinuousClock.now < deadline { usleep(2_000) }
        return condition()
    }

    private func hasEnded(_ process: ProcessTree) -> Bool {
        var poll = pollfd(fd: process.end.number, events: Int16(POLLIN), revents: 0)
        return Foundation.poll(&poll, 1, 0) == 1
    }

    @Test func itKillsTheProgramsThatAreLeftAndRemovesFilesAndFolder() throws {
        let files = ["one", "two"].map { directory.url.appendingPathComponent($0).path }
        let folder = directory.url.appendingPathComponent("folder").path
        let kept = directory.url.appendingPathComponent("kept").path
        for path in files + [kept] { #expect(FileManager.default.createFile(atPath: path, contents: nil)) }
        try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: true)
        var trees: [ProcessTree] = []
        do {
            let guardian = try Guardian(removing: files, folder: folder)
            for _ in 0..<3 { trees.append(try ProcessTree(["/bin/sh", "-c", "sleep 1000; :"], guardian: guardian)) }
            trees[1].stop()
            guardian.forget(trees[1])
            guardian.release()
        }
        #expect(eventually { hasEnded(trees[0]) && hasEnded(trees[2]) })
        #expect(trees.map { $0.stop() } == Array(repeating: .killed(signal: SIGKILL), count: 3))
        #expect(eventually { (try? FileManager.default.contentsOfDirectory(atPath: directory.url.path)) == ["kept"] })
    }

    @Test func itDoesNothingIfAllHasBeenClearedUp() throws {
        let file = directory.url.appendingPathComponent("file").path
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        do { _ = try Guardian(removing: [file], folder: nil) }
        #expect(FileManager.default.fileExists(atPath: file))
    }
}
