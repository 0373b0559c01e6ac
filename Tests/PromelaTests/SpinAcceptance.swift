import Foundation
import TestSupport

extension SpinOracle {
    /// Whether `spin -a` accepts a model without complaint; the verifier that it writes is not compiled.
    static func accepts(_ text: String, headersIn directory: String? = nil) throws -> Bool {
        guard let spin = ChildProcess.find("spin") else { throw SpinOracleError.isMissing("spin") }
        let folder = try TemporaryDirectory(prefix: "heddle-spin")
        if let directory {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".h") {
                try FileManager.default.copyItem(
                    atPath: "\(directory)/\(name)", toPath: folder.url.appendingPathComponent(name).path)
            }
        }
        try Data(text.utf8).write(to: folder.url.appendingPathComponent("model.pml"))
        let result = try ChildProcess(spin, ["-a", "model.pml"], directory: folder.url, timeout: 300).run()
        return result.ending == .exit(0) && !result.output.contains("Error:")
    }
}

extension SpinExamples {
    /// Every model in the folder of examples; none where this machine does not have it.
    static let paths: [String] = {
        guard let root = (try? find())?.path else { return [] }
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".pml") }.sorted().map { "\(root)/\($0)" }
    }()
}
