import Foundation

/// The findings about real kernels that are kept.
enum LiveCorpus {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Corpus/live")

    static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    static func path(of name: String) -> String { folder.appendingPathComponent(name).path }
}
