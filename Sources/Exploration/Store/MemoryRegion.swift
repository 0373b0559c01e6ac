import Foundation

/// A contiguous stretch of address space of which only what is touched takes memory, so that an array in it can grow
/// without ever being copied. It starts out as zeros.
final class MemoryRegion {
    let base: UnsafeMutableRawPointer
    /// Bytes that are reserved.
    let capacity: Int

    /// Whether to ask for large pages, for memory that is reached in no order: it then takes fewer entries of the processor's address
    /// cache, and less time to be got. The system may ignore this.
    enum LargePages {
        case none
        /// For what grows, from the fifth one on: an array should not take much more than it needs.
        case later
        /// For what will be used up to its end, as far as whole ones go.
        case fromTheFirst
    }

    private static let pageSize = 1 << 12
    /// Bytes of a large page, where there are any.
    static let largePageSize = 1 << 21

    /// Reserves address space.
    /// - Throws: `StoreError.outOfAddressSpace` if the system refuses.
    init(capacity: Int, largePages: LargePages = .none) throws {
        let large =
            switch largePages {
            case .none: 0..<0
            case .later: min(4 * Self.largePageSize, capacity)..<capacity
            case .fromTheFirst: 0..<capacity / Self.largePageSize * Self.largePageSize
            }
        // Linux has only those begin where a large page does that are as long as some of them.
        let unit = large.isEmpty ? Self.pageSize : Self.largePageSize
        let rounded = (max(capacity, 1) + unit - 1) / unit * unit
        let mapped = mmap(
            nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE), -1, 0)
        guard let mapped, mapped != MAP_FAILED else { throw StoreError.outOfAddressSpace(bytes: rounded) }
        base = mapped
        self.capacity = rounded
        #if os(Linux)
            if !large.isEmpty { _ = madvise(mapped + large.lowerBound, large.count, Int32(MADV_HUGEPAGE)) }
        #endif
    }

    deinit { munmap(base, capacity) }

    /// Gives the memory of a large page back, which is zeros again; or leaves it as it is, where the system can do no such thing.
    static func discardLargePage(_ start: UnsafeMutableRawPointer) {
        #if os(Linux)
            _ = madvise(start, largePageSize, Int32(MADV_DONTNEED))
        #endif
    }
}

/// Keeps regions, on behalf of tables that are nothing but addresses: to pass those around counts no references.
struct MemoryOwner {
    private var regions: [MemoryRegion] = []

    /// Reserves address space; see `MemoryRegion`.
    /// - Throws: `StoreError` if the system refuses.
    mutating func reserve(capacity: Int, largePages: MemoryRegion.LargePages = .none) throws -> MemoryRegion {
        let region = try MemoryRegion(capacity: capacity, largePages: largePages)
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
