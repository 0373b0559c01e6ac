import Automata
import Exploration
import Promela
import Testing

/// A model with a claim, and the fairness that it needs to hold: nil if it does not hold under any.
struct ClaimCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var model: String
    var claim: Claim
    var holdsFrom: Fairness?

    init(_ description: String, _ claim: Claim, holdsFrom: Fairness?, _ model: String) {
        testDescription = description
        self.model = model
        self.claim = claim
        self.holdsFrom = holdsFrom
    }

    static let all: [ClaimCase] = [
        ClaimCase(
            "a process that could always move is starved", .neverClaim(0), holdsFrom: .weak,
            """
            byte x
            active proctype P() { x = 1 }
            active proctype Q() { do :: skip od }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "a process that could move again and again is starved", .neverClaim(0), holdsFrom: .strong,
            """
            byte x, turn
            active proctype P() { turn == 1 -> x = 1 }
            active proctype Q() { do :: turn = 1; turn = 0 od }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "whom a sender meets is the sender's own choice", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            chan c = [0] of { bit }
            active proctype P() { c?_; x = 1 }
            active proctype Q() { do :: c?_ od }
            active proctype S() { do :: c!1 od }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "nobody is starved, the choice is the process's own", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { do :: skip :: x = 1 od }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "the last state of a run that ends repeats for ever", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { skip }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "a deadlock repeats for ever", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { false; x = 1 }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "a claim that reaches its end is violated", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { x = 1; x = 2 }
            never { do :: x == 1 -> break :: else od }
            """),
        ClaimCase(
            "a claim sees no state inside an atomic sequence", .neverClaim(0), holdsFrom: Fairness.none,
            """
            byte x
            active proctype P() { atomic { x = 1; x = 2 } }
            never { do :: x == 1 -> break :: else od }
            """),
        ClaimCase(
            "a claim sees where an atomic sequence is blocked", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { atomic { x = 1; false; x = 2 } }
            never { do :: x == 1 -> break :: else od }
            """),
        ClaimCase(
            "a claim that cannot move lets the run go", .neverClaim(0), holdsFrom: Fairness.none,
            """
            byte x
            active proctype P() { do :: x = 1 - x od }
            never { accept: do :: x == 0 od }
            """),
        ClaimCase(
            "an assertion in a claim", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { x = 1 }
            never { do :: atomic { x == 1 -> assert(x == 0) } :: else od }
            """),
        ClaimCase(
            "a timeout is seen where nothing else can move", .neverClaim(0), holdsFrom: nil,
            """
            byte x
            active proctype P() { x = 1; timeout -> x = 2 }
            never { do :: timeout && x == 1 -> break :: else od }
            """),
        ClaimCase(
            "an accept label on a cycle", .acceptance, holdsFrom: nil,
            "active proctype P() { do :: accept_here: skip od }"),
        ClaimCase(
            "an accept label on a cycle that leaves a process behind", .acceptance, holdsFrom: .weak,
            """
            byte x
            active proctype P() { do :: x == 0 -> accept_here: skip :: else -> break od }
            active proctype Q() { x = 1 }
            """),
        ClaimCase(
            "an accept label that is left", .acceptance, holdsFrom: Fairness.none,
            "active proctype P() { accept_here: skip; do :: skip od }"),
        ClaimCase(
            "a run that ends at an accept label", .acceptance, holdsFrom: nil,
            "active proctype P() { skip; accept_here: false }"),
        ClaimCase(
            "a cycle without progress", .progress, holdsFrom: nil,
            "active proctype P() { do :: skip; progress: skip :: skip od }"),
        ClaimCase(
            "a cycle without progress that starves a process", .progress, holdsFrom: .weak,
            """
            active proctype P() { do :: skip; progress: skip od }
            active proctype Q() { do :: skip od }
            """),
        ClaimCase(
            "an end is no cycle without progress", .progress, holdsFrom: Fairness.none,
            "active proctype P() { skip; skip }"),
    ]
}

struct ClaimVerdictTests {
    @Test("claims hold from some fairness on", arguments: ClaimCase.all, Fairness.allCases)
    func verdict(_ example: ClaimCase, _ fairness: Fairness) throws {
        let result = try Checked.search(
            example.model, SearchOptions(properties: [.claim(example.claim)], fairness: fairness))
        let order: [Fairness] = [.none, .weak, .strong]
        let needed = example.holdsFrom.flatMap(order.firstIndex) ?? order.count
        let holds = (order.firstIndex(of: fairness) ?? 0) >= needed
        #expect(Checked.verdict(.claim(example.claim), in: result) == (holds ? .holds : .violated))
        #expect(result.violations.count == (holds ? 0 : 1))
        guard fairness != .strong else { return }
        let depthFirst = try Checked.search(
            example.model,
            SearchOptions(order: .depth, properties: [.claim(example.claim)], fairness: fairness))
        #expect(Checked.verdict(.claim(example.claim), in: depthFirst) == (holds ? .holds : .violated))
    }
}
