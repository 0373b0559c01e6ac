import Foundation
import Testing

/// `heddle check --engine diagrams`
@Suite struct DiagramsTests {
    private static let counters = """
        byte x[30];
        active [30] proctype P() { do :: atomic { x[_pid] < 9 -> x[_pid]++ } :: x[_pid] = 0 od }
        """

    @Test func statesAreCountedThatNobodyCouldLookAt() throws {
        let place = try Workplace(["counters.pml": Self.counters])
        let outcome = try place.heddle("check", "counters.pml", "--engine", "diagrams")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasPrefix("counters.pml: holds\n"))
        #expect(outcome.output.contains("\n1,000,000,000,000,000,000,000,000,000,000 states in 30 nodes of a decision diagram with 30 variables; "))
        let object = try place.heddle("check", "counters.pml", "--engine", "diagrams", "--format", "json")
        #expect(object.output.contains("\"states\" : \"1000000000000000000000000000000\""))
        let usual = try place.heddle("check", "counters.pml")
        #expect(usual.output.contains("\n1,000,000,000,000,000,000,000,000,000,000 states in 30 nodes of a decision diagram with 30 variables; "))
    }

    @Test func aViolationIsFoundStateByState() throws {
        let place = try Workplace(["counters.pml": Self.counters.replacing("30", with: "4") + "active proctype Q() { assert(x[0] < 9) }"])
        let outcome = try place.heddle("check", "counters.pml", "--engine", "diagrams", "--trace", "high.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("\nNo decision diagrams: something may go wrong\n"))
        #expect(try place.heddle("replay", "high.itf.json").exitCode == 0)
        let object = try place.heddle("check", "counters.pml", "--engine", "diagrams", "--format", "json")
        #expect(object.output.contains("\"obstacle\" : \"something may go wrong\""))
    }

    @Test func aSuiteMayAskForIt() throws {
        let place = try Workplace([
            "counters.pml": Self.counters,
            "suite.yaml": """
                checks:
                  - model: counters.pml
                    engine: diagrams
                    expect: holds
                """,
        ])
        let outcome = try place.heddle("test", "suite.yaml")
        #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errors)")
    }
}
