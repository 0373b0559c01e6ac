import CZ3
import Dispatch
import Foundation

/// Interrupts Z3 when it has thought for too long about a question.
///
/// Z3 has a timer of its own, but that of Debian 12's version (4.8.12) can lock up for ever.
final class Watchdog: @unchecked Sendable {
    private let lock = NSLock()
    private let timer: any DispatchSourceTimer
    private let raw: Z3_context
    /// Guarded by the lock; while it is true, the thread that asks keeps the context alive.
    private var isArmed = false
    private var hasFired = false

    init(_ context: SolverContext) {
        raw = context.raw
        timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
        timer.setEventHandler { [weak self] in self?.fire() }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    deinit { timer.cancel() }

    private func fire() {
        lock.withLock {
            guard isArmed else { return }
            hasFired = true
            Z3_interrupt(raw)
        }
    }

    /// Starts to count.
    func arm(milliseconds: Int) {
        lock.withLock {
            isArmed = true
            hasFired = false
        }
        // Again and again, for Z3 ignores an interrupt that comes before it has begun.
        timer.schedule(deadline: .now() + .milliseconds(milliseconds), repeating: .milliseconds(20))
    }

    /// Stops counting, and says whether the time was up.
    func disarm() -> Bool {
        timer.schedule(deadline: .distantFuture)
        return lock.withLock {
            isArmed = false
            return hasFired
        }
    }
}
