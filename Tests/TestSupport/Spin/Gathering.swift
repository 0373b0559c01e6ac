import Foundation

/// Deals out the indices of a list to several threads and gathers what they computed, in the list's order.
final class Gathering<Value: Sendable>: @unchecked Sendable {
    // Unchecked, because the lock guards both variables.
    private let lock = NSLock()
    private var next = 0
    private var results: [Result<Value, any Error>?]

    init(count: Int) {
        results = Array(repeating: nil, count: count)
    }

    /// An index that no thread has had before, or nil when all are dealt out.
    func nextIndex() -> Int? {
        lock.withLock {
            guard next < results.count else { return nil }
            defer { next += 1 }
            return next
        }
    }

    func store(_ result: Result<Value, any Error>, at index: Int) {
        lock.withLock { results[index] = result }
    }

    /// All values, or the first error.
    func values() throws -> [Value] {
        try lock.withLock { try results.compactMap { try $0?.get() } }
    }
}
