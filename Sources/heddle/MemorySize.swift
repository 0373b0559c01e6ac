import ArgumentParser
import Exploration
import Foundation

/// An amount of memory, as people write it: `512M`, `2G`, `1.5GiB`.
struct MemorySize: ExpressibleByArgument, Sendable {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        guard let bytes = ByteCount.read(argument) else { return nil }
        self.bytes = bytes
    }

    /// Three quarters of the memory that is free now, at least 64 MiB.
    static var automatic: MemorySize {
        let pages = sysconf(Int32(_SC_AVPHYS_PAGES))
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, pageSize > 0 else { return MemorySize(bytes: 1 << 30) }
        return MemorySize(bytes: max(64 << 20, pages * pageSize / 4 * 3))
    }
}
