import Automata
import Exploration
import Synchronization
import Testing

/// What a search says when it was not allowed to see everything.
struct SearchLimitTests {
    /// A chain of twenty states, the last of which fails.
    private static let chain = """
        byte x;
        active proctype P() { do :: x < 20 -> x++ :: x == 20 -> break od; assert(false) }
        """

    /// Far more states than the monitor waits for.
    private static let large = "byte a, b; active proctype P() { do :: a++ od } active proctype Q() { do :: b++ od }"

    @Test("a violation beyond the depth limit is not found, and the verdict says that there is more", arguments: SearchOptions.Order.allCases)
    func depthLimit(order: SearchOptions.Order) throws {
        let near = try Checked.search(Self.chain, SearchOptions(order: order, depthLimit: 10))
        #expect(near.violations.isEmpty)
        // Depth first, a state may have been reached by a long path first, so nothing is said about all within the limit.
        #expect(near.verdict == .inconclusive(order == .breadth ? .depth(10) : .pathLength(10)))
        #expect(near.statistics.depthReached == 10)
        let far = try Checked.search(Self.chain, SearchOptions(order: order, depthLimit: 1000))
        #expect(far.verdict == .violated)
    }

    @Test("a depth limit that nothing reaches changes nothing", arguments: SearchOptions.Order.allCases)
    func generousDepthLimit(order: SearchOptions.Order) throws {
        let text = "byte x; active proctype P() { do :: x < 20 -> x++ :: else -> break od }"
        #expect(try Checked.search(text, SearchOptions(order: order, depthLimit: 1000)).verdict == .holds)
    }

    @Test("as many different violations as were asked for", arguments: [1, 2, 3, 4, 100])
    func violationLimit(limit: Int) throws {
        let text = """
            byte x;
            active proctype P() {
                if :: assert(x == 1) :: assert(x == 2) :: assert(x == 3) :: assert(x == 4) fi
            }
            """
        let result = try Checked.search(text, SearchOptions(violationLimit: limit))
        #expect(result.violations.count == min(limit, 4))
        #expect(Set(result.violations.map(\.message)).count == result.violations.count)
    }

    @Test("the same assertion failing in many states is one violation")
    func sameViolation() throws {
        let text = "byte x; active proctype P() { do :: x < 9 -> x++ :: assert(x > 20) od }"
        let result = try Checked.search(text, SearchOptions(violationLimit: 100))
        #expect(result.violations.map(\.property) == [.assertions])
    }

    @Test("only what was asked for is checked, but errors of execution always are")
    func properties() throws {
        let text = "byte x; active proctype P() { assert(false); x == 1 }"
        let ends = try Checked.search(text, SearchOptions(properties: [.endStates]))
        #expect(ends.violations.map(\.property) == [.endStates])
        #expect(Checked.verdict(.assertions, in: ends) == nil)
        let assertions = try Checked.search(text, SearchOptions(properties: [.assertions]))
        #expect(assertions.violations.map(\.property) == [.assertions])
        #expect(Checked.verdict(.endStates, in: assertions) == nil)
        let division = try Checked.search("byte x; active proctype P() { x = 1 / x }", SearchOptions(properties: []))
        #expect(division.violations.map(\.property) == [.divisionByZero])
        let index = try Checked.search("byte x[2], i = 2; active proctype P() { x[i] = 1 }", SearchOptions(properties: []))
        #expect(index.violations.map(\.property) == [.arrayBounds])
        let channel = try Checked.search("chan c; active proctype P() { c!1 }", SearchOptions(properties: []))
        #expect(channel.violations.map(\.property) == [.execution])
    }

    @Test("where the search stops at a violation, nothing is said of the others")
    func stoppedAtViolation() throws {
        let result = try Checked.search("active proctype P() { assert(false); false }")
        #expect(Checked.verdict(.assertions, in: result) == .violated)
        #expect(Checked.verdict(.endStates, in: result) == .inconclusive(.stoppedAtViolation))
    }

    @Test("the monitor can end a search", arguments: SearchOptions.Order.allCases)
    func interruption(order: SearchOptions.Order) throws {
        let calls = Mutex(0)
        let search = try Search(Checked.system(Self.large), options: SearchOptions(order: order)) { _ in
            calls.withLock { $0 += 1; return $0 < 3 }
        }
        let result = search.run()
        #expect(calls.withLock { $0 } == 3)
        #expect(result.verdict == .inconclusive(.interrupted))
        #expect(result.statistics.statesStored > 0 && result.statistics.statesStored < 65536)
    }

    @Test("a search that runs out of memory says so, and has not taken more", arguments: SearchOptions.Order.allCases)
    func memoryLimit(order: SearchOptions.Order) throws {
        let limit = 256 << 10
        let result = try Checked.search(Self.large, SearchOptions(order: order, memoryLimit: limit))
        #expect(result.verdict == .inconclusive(.memory(bytes: limit)))
        #expect(result.statistics.bytes <= limit)
    }

    @Test("end labels and processes at their end are valid ends")
    func validEnds() throws {
        #expect(try Checked.search("active proctype P() { end: false }").verdict == .holds)
        #expect(try Checked.search("active proctype P() { skip }").verdict == .holds)
        let blocked = try Checked.search("active proctype P() { false } active proctype Q() { end: false }")
        #expect(blocked.violations.map(\.message) == ["deadlock: nothing can move, and P(0) has not come to an end"])
    }
}
