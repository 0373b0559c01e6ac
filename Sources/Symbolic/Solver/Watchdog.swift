import CZ3
import Dispatch
import Foundation

/// Interrupts Z3 when it has thought for too long about a question, or when somebody wants it to stop.
///
/// Z3 has a timer of its own, but that of Debian 12's version (4.8.12) can lock up for ever.
final class Watchdog: @unchecked Sendable {
    private let lock = NSLock()
    private let timer: any DispatchSourceTimer
    private let raw: Z3_context
    private let signal: StopSignal?
    /// Guarded by the lock; while it is true, the thread that asks keeps the context alive.
    private var isArmed = false
    private var hasFired = false
    private var deadline = DispatchTime.distantFuture

    /// How often to look.
    private static let interval = 20

    init(_ context: SolverContext, signal: StopSignal?) {
        raw = context.raw
        self.signal = signal
        timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
        timer.setEventHandler { [weak self] in self?.fire() }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    deinit { timer.cancel() }

    private func fire() {
        lock.withLock {
            guard isArmed, .now() >= deadline || signal?.isGiven == true else { return }
            hasFired = true
            Z3_interrupt(raw)
        }
    }

    /// Starts to count.
    /// - Parameter milliseconds: nil to wait for the signal only.
    func arm(milliseconds: Int?) {
        guard milliseconds != nil || signal != nil else { return }
        let deadline = milliseconds.map { DispatchTime.now() + .milliseconds(max(1, $0)) } ?? .distantFuture
        lock.withLock {
            isArmed = true
            hasFired = false
            self.deadline = deadline
        }
        let first = signal == nil ? deadline : min(deadline, .now() + .milliseconds(Self.interval))
        // Again and again, for Z3 ignores an interrupt that comes before it has begun.
        timer.schedule(deadline: first, repeating: .milliseconds(Self.interval))
    }

    /// Stops counting, and says whether Z3 was interrupted.
    func disarm() -> Bool {
        lock.withLock {
            guard isArmed else { return false }
            timer.schedule(deadline: .distantFuture)
            isArmed = false
            return hasFired
        }
    }
}
