import CDiagrams
import Synchronization

/// Why diagrams have no result. Afterwards, they have none for anything else, and can only be given up.
public enum DiagramLimit: Error, Equatable, Sendable {
    /// All nodes and tables would take more memory than they may, or than there is.
    case memory
    /// More steps would be taken than may be.
    case steps
    /// Somebody wanted an end.
    case stopped

    /// - Returns: nil if nothing failed.
    init?(_ failure: DiagramFailure) {
        switch failure {
        case noFailure: return nil
        case stepsFailure: self = .steps
        case stoppedFailure: self = .stopped
        default: self = .memory
        }
    }
}

/// With which any thread ends what diagrams do on another.
public final class DiagramStop: @unchecked Sendable {
    // The flag does not move, so that its address can be read from C.
    private let flag = UnsafeMutablePointer<Atomic<Int32>>.allocate(capacity: 1)

    public init() { flag.initialize(to: Atomic(0)) }

    deinit {
        flag.deinitialize(count: 1)
        flag.deallocate()
    }

    /// Ends it soon.
    public func stop() { flag.pointee.store(1, ordering: .relaxed) }

    public var isStopped: Bool { flag.pointee.load(ordering: .relaxed) != 0 }

    var address: UnsafePointer<Int32> { UnsafeRawPointer(flag).assumingMemoryBound(to: Int32.self) }
}
