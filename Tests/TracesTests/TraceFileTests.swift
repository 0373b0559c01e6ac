import Foundation
import Testing

@testable import Traces

@Suite struct TraceFileTests {
    private func directory() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/heddle-traces-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func writesAndReads() throws {
        let directory = try directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let trace = try Fixture(Models.deadlock).trace
        let path = directory + "/a.itf.json"
        try TraceFile.write(trace, to: path)
        #expect(try TraceFile.read(at: path) == trace)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a.itf.json"])
    }

    @Test func doesNotReplaceUnlessTold() throws {
        let directory = try directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let trace = try Fixture(Models.deadlock).trace
        let path = directory + "/a.itf.json"
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        #expect { try TraceFile.write(trace, to: path) } throws: { String(describing: $0).contains("already") }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        try TraceFile.write(trace, to: path, overwrite: true)
        #expect(try TraceFile.read(at: path) == trace)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a.itf.json"])
        #expect(throws: TraceFileError.self) { try TraceFile.write(trace, to: directory, overwrite: true) }
        #expect(throws: TraceFileError.self) { try TraceFile.write(trace, to: directory + "/no/a.itf.json") }
    }

    @Test func namesTheFileThatCannotBeRead() {
        #expect { try TraceFile.read(at: "/no/such/file") } throws: {
            String(describing: $0) == "/no/such/file: No such file or directory"
        }
        #expect(throws: TraceFileError.self) { try TraceFile.read(at: "/tmp") }
        #expect(throws: TraceFileError.self) { try TraceFile.read(at: "a\0b") }
    }
}
