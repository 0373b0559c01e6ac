import Foundation

/// How much memory is left, for limits that nobody has given.
package enum AvailableMemory {
    /// What this process could have now without taking it from others: what the system has, or less where control groups allow less,
    /// as in a container. What only keeps copies of files counts as free, for the system takes it back.
    /// - Parameter root: where `proc` and `sys` lie.
    /// - Returns: bytes; nil if the system does not say.
    package static func bytes(root: String = "") -> Int? {
        guard let available = field("MemAvailable", of: "\(root)/proc/meminfo") else { return nil }
        return groups(root).reduce(available << 10) { min($0, max(0, $1)) }
    }

    /// What each control group of this process has left that has a limit.
    private static func groups(_ root: String) -> [Int] {
        let lines = (text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n")
        return lines.flatMap { line -> [Int] in
            // Number of the hierarchy, controllers, path.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            var path = String(parts[2])
            let files: Files
            if parts[1].isEmpty {
                files = .second
            } else if parts[1].split(separator: ",").contains("memory") {
                files = .first
            } else {
                return []
            }
            // Seen from inside a container, only the upper end of the path may be there; and each group limits those below it.
            var remainders: [Int] = []
            while true {
                if let remainder = files.remainder(in: "\(root)/sys/fs/cgroup\(files.folder)\(path)") { remainders.append(remainder) }
                if path.allSatisfy({ $0 == "/" }) { return remainders }
                path = (path as NSString).deletingLastPathComponent
            }
        }
    }

    /// Where the two versions of control groups have their numbers.
    private struct Files {
        var folder: String
        var limit: String
        var usage: String
        var reclaimable: String

        static let first = Files(
            folder: "/memory", limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", reclaimable: "total_inactive_file")
        static let second = Files(folder: "", limit: "memory.max", usage: "memory.current", reclaimable: "inactive_file")

        /// Bytes that a group has left; nil if it has no limit.
        func remainder(in group: String) -> Int? {
            guard let limit = AvailableMemory.number("\(group)/\(limit)"), let usage = AvailableMemory.number("\(group)/\(usage)") else {
                return nil
            }
            return limit - usage + (AvailableMemory.field(reclaimable, of: "\(group)/memory.stat") ?? 0)
        }
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// A number in a file that has a name and a number on each line. These are long, and read whenever the program starts.
    private static func field(_ name: String, of path: String) -> Int? {
        for line in (text(path) ?? "").utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\t") }
            if words.count > 1, words[0].elementsEqual(name.utf8) { return Int(Substring(words[1])) }
        }
        return nil
    }
}
