import ArgumentParser
import Foundation
import Terminal
import Traces

/// Where the counterexamples of a command go, if they are to be kept.
struct TraceOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write the counterexample to this file, as ITF JSON.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var trace: String?

    @Flag(help: "Let --trace replace a file that exists. The story of a trace of the same property stays.")
    var overwrite = false

    /// Refuses what cannot be written before a long search rather than after it.
    func check() throws {
        guard let path = trace else { return }
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            if isDirectory.boolValue { throw UserError("`\(path)` is a folder", hint: "name a file for --trace") }
            if !overwrite { throw UserError("`\(path)` exists", hint: "name another file, or add --overwrite") }
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard !path.isEmpty, files.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw UserError("`\(path)` cannot be written: there is no such folder")
        }
    }

    /// The first trace goes to the file that was named, the others beside it, with their number in the name.
    func write(_ traces: [Trace]) throws {
        guard let path = trace else { return }
        let paths = traces.indices.map { $0 == 0 ? path : Self.numbered(path, $0 + 1) }
        // Either all of them or none.
        if !overwrite, let taken = paths.first(where: FileManager.default.fileExists(atPath:)) {
            throw UserError("`\(taken)` exists", hint: "name another file, or add --overwrite")
        }
        for (trace, path) in zip(traces, paths) {
            do {
                // Only a file that is replaced has one.
                try TraceFile.write(trace.withStory(ofFileAt: path), to: path, overwrite: overwrite)
            } catch {
                throw UserError("\(error)")
            }
        }
    }

    private static func numbered(_ path: String, _ number: Int) -> String {
        for suffix in [".itf.json", ".json"] where path.hasSuffix(suffix) {
            return path.dropLast(suffix.count) + ".\(number)" + suffix
        }
        return path + ".\(number)"
    }
}
