import Foundation

/// A contiguous stretch of address space of which only what is touched takes memory, so that an array in it can grow
/// without ever being copied. It starts out as zeros.
final class MemoryRegion {
    let base: UnsafeMutableRawPointer
    /// Bytes that are reserved.
    let capacity: Int

    /// What comes after so many bytes may lie in large pages; a little array should not take one of its own.
    private static let firstLargePage = 1 << 20

    /// Reserves address space.
    /// - Parameter usesLargePages: whether to ask for large pages, for memory that is reached in no order: it then takes fewer
    ///   entries of the processor's address cache. The system may ignore this.
    /// - Throws: `StoreError.outOfAddressSpace` if the system refuses.
    init(capacity: Int, usesLargePages: Bool = false) throws {
        let pageSize = 4096
        let rounded = (max(capacity, pageSize) + pageSize - 1) / pageSize * pageSize
        let mapped = mmap(
            nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE), -1, 0)
        guard let mapped, mapped != MAP_FAILED else { throw StoreError.outOfAddressSpace(bytes: rounded) }
        base = mapped
        self.capacity = rounded
        #if os(Linux)
            if usesLargePages, rounded > Self.firstLargePage {
                _ = madvise(mapped + Self.firstLargePage, rounded - Self.firstLargePage, Int32(MADV_HUGEPAGE))
            }
        #endif
    }

    deinit { munmap(base, capacity) }
}

/// Keeps regions, on behalf of tables that are nothing but addresses: to pass those around counts no references.
struct MemoryOwner {
    private var regions: [MemoryRegion] = []

    /// Reserves address space; see `MemoryRegion`.
    /// - Throws: `StoreError` if the system refuses.
    mutating func reserve(capacity: Int, usesLargePages: Bool = false) throws -> MemoryRegion {
        let region = try MemoryRegion(capacity: capacity, usesLargePages: usesLargePages)
        regions.append(region)
        return region
    }

    /// Gives up a region; it is gone when no copy of the owner has it.
    mutating func release(_ base: UnsafeMutableRawPointer) { regions.removeAll { $0.base == base } }
}

/// What can keep a state store from working.
public enum StoreError: Error, Sendable {
    case outOfAddressSpace(bytes: Int)
}
