import Foundation
import Synchronization

/// Makes runs in several threads.
public enum ParallelRuns {
    /// Makes runs, numbered from 0 on, until one wants no more to begin, or fails.
    /// - Parameters:
    ///   - jobs: how many go on at a time.
    ///   - progress: is called now and then, on the calling thread.
    ///   - run: makes a run; false if there is none to make any more.
    public static func make(jobs: Int, progress: () -> Void = {}, run: @escaping @Sendable (_ number: Int) throws -> Bool) throws {
        let shared = Shared()
        let group = DispatchGroup()
        for _ in 0..<jobs {
            group.enter()
            Thread.detachNewThread {
                while let number = shared.next() {
                    do {
                        if try !run(number) { shared.end(nil) }
                    } catch {
                        shared.end(error)
                    }
                }
                group.leave()
            }
        }
        while group.wait(timeout: .now() + .milliseconds(200)) == .timedOut { progress() }
        if let error = shared.error { throw error }
    }

    private final class Shared: Sendable {
        private let state = Mutex<(next: Int, hasEnded: Bool, error: (any Error)?)>((0, false, nil))

        func next() -> Int? {
            state.withLock { state in
                guard !state.hasEnded else { return nil }
                state.next += 1
                return state.next - 1
            }
        }

        func end(_ error: (any Error)?) {
            state.withLock { state in
                state.hasEnded = true
                state.error = state.error ?? error
            }
        }

        var error: (any Error)? { state.withLock { $0.error } }
    }
}
