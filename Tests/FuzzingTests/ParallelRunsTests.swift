import Synchronization
import Testing

@testable import Fuzzing

@Suite struct ParallelRunsTests {
    @Test(arguments: [1, 2, 7]) func eachRunIsMadeOnce(jobs: Int) throws {
        let made = Mutex<[Int]>([])
        try ParallelRuns.make(jobs: jobs) { number in
            guard number < 100 else { return false }
            made.withLock { $0.append(number) }
            return true
        }
        #expect(made.withLock { $0.sorted() } == Array(0..<100))
    }

    private struct Failure: Error, Equatable {}

    @Test func aFailureEndsThemAll() {
        let made = Atomic(0)
        #expect(throws: Failure()) {
            try ParallelRuns.make(jobs: 3) { number in
                made.add(1, ordering: .relaxed)
                if number == 10 { throw Failure() }
                return true
            }
        }
        #expect(made.load(ordering: .relaxed) >= 11)
    }
}
