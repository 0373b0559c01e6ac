import Synchronization

/// Asks engines to come to an end, from any thread; Z3 is interrupted in the middle of a question.
///
/// An engine that is run inside `StopSignal.$current.withValue(signal)` heeds the signal, with all its solvers.
public final class StopSignal: Sendable {
    @TaskLocal public static var current: StopSignal?

    private let state = Atomic(false)

    public init() {}

    /// Asks to stop. There is no way back.
    public func give() { state.store(true, ordering: .relaxed) }

    public var isGiven: Bool { state.load(ordering: .relaxed) }

    /// Where there is a signal for this thread to heed, whether it was given.
    static var isGivenHere: Bool { current?.isGiven ?? false }

    /// - Throws: `Stopped` if the signal of this thread was given.
    static func check() throws { if isGivenHere { throw Stopped() } }
}

/// The work was ended because somebody asked for it.
struct Stopped: Error {}
