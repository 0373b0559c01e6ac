import Automata
import Exploration
import Foundation
import Promela
import Testing

/// What is left of well-known models when interleavings are left out.
struct ReductionSizeTests {
    private static func stored(_ text: String, _ reduction: Reduction) throws -> Int {
        try Checked.search(text, SearchOptions(reduction: reduction, violationLimit: .max)).statistics.statesStored
    }

    private static func philosophers(_ count: Int) -> String {
        """
        byte fork[\(count)];
        active [\(count)] proctype Philosopher() {
            do
            :: atomic { fork[_pid] == 0 -> fork[_pid] = 1 };
               atomic { fork[(_pid + 1) % \(count)] == 0 -> fork[(_pid + 1) % \(count)] = 1 };
               fork[(_pid + 1) % \(count)] = 0;
               fork[_pid] = 0
            od
        }
        """
    }

    @Test("dining philosophers grow with the square of their number, not exponentially", arguments: 3...12)
    func diningPhilosophers(count: Int) throws {
        #expect(try Self.stored(Self.philosophers(count), .stubborn) == 3 * count * count - 3 * count + 2)
    }

    @Test("nor are they many where something is asserted", arguments: 3...12)
    func philosophersWithAssertions(count: Int) throws {
        let text = Self.philosophers(count).replacingOccurrences(
            of: "fork[(_pid + 1) % \(count)] = 0;", with: "assert(fork[_pid] == 1); fork[(_pid + 1) % \(count)] = 0;")
        #expect(text.contains("assert"))
        #expect(try Self.stored(text, .stubborn) <= count * count * count * count)
    }

    @Test(
        "steps that cannot disturb each other are taken in one order",
        arguments: [
            ("sums", "byte total; active [4] proctype P() { total++; total++ }", 9 + 4),
            ("elements that a parameter tells", "byte a[4]; active [4] proctype P() { a[_pid] = 1; a[_pid] = 2 }", 9 + 4),
            (
                "elements that a local tells, as long as the process stands before them",
                """
                byte a[3], x;
                active [2] proctype P() { a[_pid] = 1; a[_pid] = 2 }
                active proctype Q() { byte i; i = 2; x = a[i] }
                """, 7 + 3
            ),
            (
                "the two ends of a channel",
                """
                chan c = [4] of { byte };
                active proctype S() { c!1; c!2; c!3; c!4 }
                active proctype R() { c?_; c?_; c?_; c?_ }
                """, 8 + 1 + 2
            ),
            (
                "processes whose `provided` exclude each other",
                """
                byte turn; byte x;
                active proctype P() provided (turn == 0) { x = 1; x = 2; turn = 1 }
                active proctype Q() provided (turn == 1) { x = 3; x = 4; turn = 2 }
                """, 7
            ),
        ] as [(String, String, Int)])
    func independentSteps(name: String, text: String, expected: Int) throws {
        #expect(try Self.stored(text, .stubborn) == expected, "\(name)")
    }

    @Test("steps that do disturb each other are taken in every order")
    func dependentSteps() throws {
        let text = "byte x; active [3] proctype P() { x = x * 2 + _pid; x = x + x }"
        #expect(try Self.stored(text, .stubborn) >= Self.stored(text, .none) / 2)
    }
}
