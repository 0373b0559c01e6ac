import Conformance
import Foundation
import Promela
import Testing

/// What `heddle calendar --record` has written of real kernels (Linux 6.12, `Tests/Live/boot`), cut off after some lines.
struct KernelLog: CustomTestStringConvertible, Sendable {
    var name: String
    /// Of `Models/um-timetravel`.
    var model: String
    var clients: Int

    static let sockets = KernelLog(name: "socket-2", model: "socket.pml", clients: 2)
    static let memory = KernelLog(name: "memory-2", model: "shm.pml", clients: 2)
    static let all = [
        sockets, memory,
        KernelLog(name: "socket-3", model: "socket.pml", clients: 3),
        KernelLog(name: "memory-3", model: "shm.pml", clients: 3),
    ]

    var testDescription: String { name }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

    static func program(_ model: String, clients: Int) throws -> Program {
        let path = root.appendingPathComponent("Models/um-timetravel/\(model)").path
        let options = ReadOptions(preprocessor: PreprocessorOptions(defines: ["REAL_KERNEL", "N=\(clients)"]))
        return try #require(try ModelReader.read(fileAt: path, options: options).program)
    }

    func program() throws -> Program { try Self.program(model, clients: clients) }

    func log() throws -> EventLog { try EventLog(path: Self.folder.appendingPathComponent("Logs/\(name).log").path) }
}

extension ConformanceCheck {
    /// The number of the first line that cannot be; nil if the log conforms.
    static func firstWrongLine(_ program: Program, _ log: EventLog) throws -> Int? {
        switch try ConformanceCheck(program, log).run().result {
        case .conforms: return nil
        case .diverges(let divergence): return divergence.line.number
        case .stopped(let count, let limit):
            Issue.record("stopped after \(count): \(limit)")
            return nil
        }
    }
}
