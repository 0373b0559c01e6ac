import Foundation
import Synchronization

private let interruptions = Atomic<Int>(0)

/// Ctrl-C: the first one asks the work to come to an end and show what it has; the second ends the program at once.
package enum Interruption {
    /// From now on, Ctrl-C is a request.
    package static func install() {
        let handler: @convention(c) (Int32) -> Void = { number in
            if interruptions.add(1, ordering: .relaxed).newValue > 1 {
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        signal(SIGINT, handler)
        signal(SIGTERM, handler)
    }

    /// Whether there was a Ctrl-C.
    package static var isRequested: Bool { interruptions.load(ordering: .relaxed) > 0 }
}
