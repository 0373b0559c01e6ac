import Foundation

/// The real kernel that `Tests/Live/uml-kernel` builds; `Tests/run` says where it is.
public enum LiveKernel {
    public static let path = ProcessInfo.processInfo.environment["HEDDLE_UML_KERNEL"]

    public static var isThere: Bool { path != nil }

    /// Boots it, with `{id}` and `{socket}` still to be filled in.
    public static func command(_ arguments: String...) -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Live")
        return [folder.appendingPathComponent("boot").path, "{id}", "{socket}"] + arguments
    }

    /// The time at the beginning of its clock, in these tests: 2030-01-01.
    public static let timeOfDay: UInt64 = 1_893_456_000_000_000_000
}
