import ArgumentParser
import Exploration
import Foundation
import Terminal

/// An amount of memory, as people write it: `512M`, `2G`, `1.5GiB`.
struct MemorySize: ExpressibleByArgument, Sendable {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        guard let bytes = ByteCount.read(argument) else { return nil }
        self.bytes = bytes
    }

    /// Three quarters of the memory that is left now, at least 64 MiB.
    static var automatic: MemorySize {
        guard let bytes = AvailableMemory.bytes() else { return MemorySize(bytes: 1 << 30) }
        return MemorySize(bytes: max(64 << 20, bytes / 4 * 3))
    }
}
