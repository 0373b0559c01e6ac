import Foundation
import Terminal
import Testing

@Suite struct AvailableMemoryTests {
    /// A folder with files as the system has them.
    private static func withRoot<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-memory-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try body(root.path)
    }

    private static let system = ["proc/meminfo": "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    500 kB\n"]

    private static func files(_ group: String, _ others: [String: String]) -> [String: String] {
        system.merging(["proc/self/cgroup": group]) { $1 }.merging(others) { $1 }
    }

    @Test(arguments: [
        ("without control groups", system, 512_000),
        ("without a limit", files("0::/user\n", ["sys/fs/cgroup/user/memory.max": "max\n"]), 512_000),
        (
            "with a limit, and copies of files",
            files(
                "1:cpu:/other\n0::/user\n",
                [
                    "sys/fs/cgroup/user/memory.max": "300000\n", "sys/fs/cgroup/user/memory.current": "200000\n",
                    "sys/fs/cgroup/user/memory.stat": "anon 120000\ninactive_file 50000\n",
                ]), 150_000
        ),
        (
            "with the limit of a group above",
            files(
                "0::/user/shell\n",
                [
                    "sys/fs/cgroup/user/shell/memory.max": "300000\n", "sys/fs/cgroup/user/shell/memory.current": "1000\n",
                    "sys/fs/cgroup/user/memory.max": "100000\n", "sys/fs/cgroup/user/memory.current": "90000\n",
                ]), 10_000
        ),
        (
            "in a container that has used more than its limit",
            files("0::/\n", ["sys/fs/cgroup/memory.max": "1000\n", "sys/fs/cgroup/memory.current": "2000\n"]), 0
        ),
        (
            "with the first version, whose path is the host's",
            files(
                "4:cpu,memory:/docker/17\n0::/\n",
                [
                    "sys/fs/cgroup/memory/memory.limit_in_bytes": "400000\n", "sys/fs/cgroup/memory/memory.usage_in_bytes": "300000\n",
                    "sys/fs/cgroup/memory/memory.stat": "inactive_file 7\ntotal_inactive_file 100000\n",
                ]), 200_000
        ),
    ])
    func isWhatIsLeft(situation: String, files: [String: String], bytes: Int) throws {
        #expect(try Self.withRoot(files) { AvailableMemory.bytes(root: $0) } == bytes)
    }

    @Test func isUnknownWhereTheSystemDoesNotSay() throws {
        #expect(try Self.withRoot([:]) { AvailableMemory.bytes(root: $0) } == nil)
    }

    @Test func thisSystemSays() throws {
        #expect(try #require(AvailableMemory.bytes()) > 0)
    }
}
