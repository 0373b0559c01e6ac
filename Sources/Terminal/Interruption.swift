import Foundation
import Synchronization

/// When the first signal came, in nanoseconds of the monotonic clock; 0 for never.
private let firstInterruption = Atomic<Int>(0)

/// Ctrl-C: the first one asks the work to come to an end and show what it has; another one ends the program at once.
package enum Interruption {
    /// Signals as close as this, in nanoseconds, are one: `timeout` sends its own to the program and to its process group.
    private static let oneSignal = 500_000_000

    /// From now on, Ctrl-C is a request.
    package static func install() {
        let handler: @convention(c) (Int32) -> Void = { number in
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            let now = time.tv_sec * 1_000_000_000 + time.tv_nsec
            let first = firstInterruption.compareExchange(expected: 0, desired: now, ordering: .relaxed).original
            if first != 0, now - first > Interruption.oneSignal {
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        signal(SIGINT, handler)
        signal(SIGTERM, handler)
    }

    /// Whether there was a Ctrl-C.
    package static var isRequested: Bool { firstInterruption.load(ordering: .relaxed) > 0 }
}
