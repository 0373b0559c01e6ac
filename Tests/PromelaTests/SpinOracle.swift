import Foundation

/// Asks the installed Spin what it thinks of a model.
enum Spin {
    static let path = "/usr/bin/spin"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    static let examples: [String] = {
        let root = "/usr/share/doc/spin/examples"
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".pml") }.sorted().map { "\(root)/\($0)" }
    }()

    /// Whether `spin -a` accepts a model without complaint.
    static func accepts(_ text: String, headersIn directory: String? = nil) throws -> Bool {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appendingPathComponent("heddle-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: folder) }
        if let directory {
            for name in try manager.contentsOfDirectory(atPath: directory) where name.hasSuffix(".h") {
                try manager.copyItem(atPath: "\(directory)/\(name)", toPath: folder.appendingPathComponent(name).path)
            }
        }
        try text.write(to: folder.appendingPathComponent("model.pml"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "timeout 20 \(path) -a model.pml 2>&1"]
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 && !String(decoding: data, as: UTF8.self).contains("Error:")
    }
}
