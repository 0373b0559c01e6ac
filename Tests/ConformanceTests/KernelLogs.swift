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
    /// What the model's preprocessor is told besides.
    var defines: [String] = []

    static let sockets = KernelLog(name: "socket-2", model: "socket.pml", clients: 2)
    static let memory = KernelLog(name: "memory-2", model: "shm.pml", clients: 2)
    static let all = [
        sockets, memory,
        KernelLog(name: "socket-3", model: "socket.pml", clients: 3),
        KernelLog(name: "memory-3", model: "shm.pml", clients: 3), interrupted,
        interruptedInMemory, late,
        KernelLog(name: "memory-1-broadcast", model: "shm.pml", clients: 1),
    ]
    /// The interrupt turns its clock back, and it panics.
    static let interrupted = KernelLog(name: "socket-1-interrupt", model: "socket.pml", clients: 1)
    static let interruptedInMemory = KernelLog(name: "memory-1-interrupt", model: "shm.pml", clients: 1)
    /// The second kernel comes when the first is running; both run to their ends.
    static let late = KernelLog(name: "socket-2-late", model: "socket.pml", clients: 2, defines: ["EXPECTED=1"])

    /// What scripts and fuzzing have found out about kernels in socket mode, with calendars that do what they like.
    static let findings = [
        runInSigio, runInsideGet, KernelLog(finding: "interrupt-while-free"), KernelLog(finding: "message-in-two-pieces"),
        KernelLog(finding: "newcomer-starved", clients: 2),
    ]
    static let runInSigio = KernelLog(finding: "run-in-sigio")
    static let runInsideGet = KernelLog(finding: "run-inside-get")

    private init(finding: String, clients: Int = 1) {
        self.init(name: "Corpus/live/\(finding)/log.jsonl", model: "socket.pml", clients: clients, defines: ["ANY_CALENDAR"])
    }

    private init(name: String, model: String, clients: Int, defines: [String] = []) {
        (self.name, self.model, self.clients, self.defines) = (name, model, clients, defines)
    }

    var testDescription: String { name }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

    static func program(_ model: String, clients: Int, defines: [String] = []) throws -> Program {
        let path = root.appendingPathComponent("Models/um-timetravel/\(model)").path
        let options = ReadOptions(preprocessor: PreprocessorOptions(defines: ["REAL_KERNEL", "N=\(clients)"] + defines))
        return try #require(try ModelReader.read(fileAt: path, options: options).program)
    }

    func program() throws -> Program { try Self.program(model, clients: clients, defines: defines) }

    func log() throws -> EventLog {
        let place = name.contains("/") ? Self.root.appendingPathComponent(name) : Self.folder.appendingPathComponent("Logs/\(name).log")
        return try EventLog(path: place.path)
    }
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
