import Automata
import Exploration
import ModelFuzzing
import Promela
import Testing
import Traces

/// What goes wrong is found, each kind in its way.
struct ViolationTests {
    /// A model that is wrong in one way only, and what is wrong.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var property: String
        var model: String
        /// Steps of a shortest counterexample.
        var steps: Int

        var testDescription: String { property }
    }

    static let all: [Wrong] = [
        Wrong(property: "assertions", model: "byte x; active [2] proctype P() { byte t; t = x; x = t + 1; assert(x == 2 || _pid == 0 || x == 1 && t == 1) }", steps: 3),
        Wrong(property: "end-states", model: "chan a = [1] of { bit }; chan b = [1] of { bit }; active proctype P() { a?1; b!1 } active proctype Q() { b?1; a!1 }", steps: 0),
        Wrong(property: "array-bounds", model: "byte a[3]; byte i; active proctype P() { do :: i < 5 -> a[i] = 1; i++ od }", steps: 11),
        Wrong(property: "division-by-zero", model: "byte x = 2; active proctype P() { do :: x = x - 1 :: x = 6 / x :: x > 2 -> break od }", steps: 3),
        Wrong(property: "execution", model: "byte x; active proctype P() { do :: x < 3 -> x++ :: x == 3 -> break od; d_step { x == 3; x == 4 } }", steps: 8),
        Wrong(property: "never", model: "byte x; active proctype P() { do :: x = (x + 1) % 4 :: x = 0 od } never { do :: x == 3 -> break :: else od }", steps: 3),
        Wrong(property: "ltl low", model: "byte x; active proctype P() { do :: x = (x + 1) % 4 :: x = 0 od } ltl low { [] (x < 3) }", steps: 3),
        Wrong(property: "ltl comes", model: "byte x; active proctype P() { do :: x = (x + 1) % 4 :: x = 0 od } ltl comes { <> (x == 2) }", steps: 1),
        Wrong(property: "ltl again", model: "byte x; active proctype P() { do :: x < 3 -> x++ :: x == 3 -> break od; end: false } ltl again { [] <> (x == 2) }", steps: 7),
        Wrong(property: "acceptance", model: "byte x; active proctype P() { do :: x = 1 - x :: x == 1 -> accept: x = 0 od }", steps: 3),
    ]

    @Test("each kind is found, with a shortest counterexample that holds up", arguments: all)
    func kinds(wrong: Wrong) throws {
        let system = try Fuzzed.system(wrong.model)
        let found = try Fuzzed.fuzz(system, Fuzzed.options(walks: 500))
        let violation = try #require(found.result.violations.first)
        #expect(violation.property.name(in: system.program) == wrong.property)
        #expect(violation.path.count == wrong.steps)
        #expect(found.result.verdict == .violated)
        let trace = try Fuzzed.record(violation, of: system)
        #expect(trace.violation.property == wrong.property)
    }

    @Test("a trace assertion is violated by an event that it has no place for, and by events that do not come")
    func traceAssertions() throws {
        for (model, steps) in [
            ("chan c = [2] of { byte }; active proctype P() { c!1; c!2 } trace { do :: c!1 od }", 2),
            ("chan c = [2] of { byte }; active proctype P() { c!1; end: false } trace { c!1; c!2 }", 2),
            ("chan c = [3] of { byte }; active proctype P() { c!1; c!2; c!1 } notrace { c!1; c!2 }", 2),
        ] {
            let result = ModelReader.read(text: model, path: "model.pml")
            let system = try Automata.System(try #require(result.program), tracing: 0)
            let violation = try #require(try Fuzzed.fuzz(system, Fuzzed.options(walks: 50)).result.violations.first, "\(model)")
            #expect(violation.property == .trace)
            #expect(violation.path.count <= steps)
            try Fuzzed.record(violation, of: system)
        }
    }

    @Test("an initial value that is wrong is found without a step")
    func initialValue() throws {
        let found = try Fuzzed.fuzz("byte zero; byte x = 1 / zero; active proctype P() { skip }", walks: 10)
        #expect(found.result.violations.first?.property == .divisionByZero)
        #expect(found.result.violations.first?.path.isEmpty == true)
    }

    @Test("what was not asked for is not found, and does not end a walk")
    func otherProperties() throws {
        let text = "byte x; active proctype P() { assert(x == 1); x = 1; assert(x == 0); x = 2; end: false } ltl low { [] (x < 2) }"
        let system = try Fuzzed.system(text)
        var options = Fuzzed.options(walks: 10)
        options.properties = [.claim(.formula(0))]
        let found = try Fuzzed.fuzz(system, options)
        #expect(found.result.violations.map(\.property) == [.claim(.formula(0))])
        #expect(!found.result.verdicts.contains { $0.property == .assertions })
    }

    @Test("further violations are found as often as asked for, each once")
    func furtherViolations() throws {
        let text = "byte x; active proctype P() { do :: x++; assert(x < 3) :: x--; assert(x < 250) :: x = 7; assert(x != 7) od }"
        let system = try Fuzzed.system(text)
        for limit in 1...4 {
            var options = Fuzzed.options(walks: 200)
            options.violationLimit = limit
            let violations = try Fuzzed.fuzz(system, options).result.violations
            #expect(violations.count == min(limit, 3))
            #expect(Set(violations.map(\.span.start)).count == violations.count)
        }
    }

    @Test("a select with very many values is tried with the first, the last and some between")
    func select() throws {
        let text = "int x; active proctype P() { select(x : -5 .. 2000000000); assert(x < 2000000000 && x > -5) }"
        let system = try Fuzzed.system(text)
        let found = try Fuzzed.fuzz(system, Fuzzed.options(walks: 10))
        let violation = try #require(found.result.violations.first)
        #expect(violation.property == .assertions)
        try Fuzzed.record(violation, of: system)
    }
}

/// Cycles in which a process is kept waiting are no violations where fairness was asked for.
struct FairnessTests {
    /// Whether `x` becomes 1 depends on whether Q moves at all, or moves when it can; nothing else can break the formula.
    private static func model(guard condition: String) -> String {
        """
        byte x, turn;
        active proctype P() { do :: turn = 1 - turn od }
        active proctype Q() { \(condition); x = 1; do :: x = 1 od }
        ltl comes { <> (x == 1) }
        """
    }

    @Test(
        "what counts is what counts for a search",
        arguments: zip(
            ["true", "turn == 1", "turn == 2"],
            [[Fairness.none: true, .weak: false, .strong: false], [.none: true, .weak: true, .strong: false], [.none: true, .weak: true, .strong: true]]))
    func cycles(condition: String, isViolated: [Fairness: Bool]) throws {
        let system = try Fuzzed.system(Self.model(guard: condition))
        for fairness in Fairness.allCases {
            var options = Fuzzed.options(walks: 500)
            options.fairness = fairness
            let violations = try Fuzzed.fuzz(system, options).result.violations
            #expect(!violations.isEmpty == isViolated[fairness])
            for violation in violations { try Fuzzed.record(violation, of: system, fairness) }
            let searched = try Search(system, options: SearchOptions(fairness: fairness)).run()
            #expect(searched.violations.isEmpty == violations.isEmpty)
        }
    }
}
