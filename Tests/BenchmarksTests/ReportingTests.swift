import Foundation
import Testing

@testable import Benchmarks

@Suite struct ReportingTests {
    private static func effort(
        verdict: String = "holds", states: Int, seconds: Double, preparation: Double = 0, peak: Int?, search: String? = nil
    ) -> Effort {
        Effort(
            verdict: verdict, states: states, seconds: seconds, processorSeconds: seconds,
            secondsToVerdict: seconds + preparation, peakBytes: peak, search: search)
    }

    private static func row(
        _ model: String, _ comparison: Comparison = .states, heddle: Effort, spin: Effort?
    ) -> ComparisonRow {
        ComparisonRow(comparison: comparison, model: model, defines: ["N=2"], heddle: heddle, spin: spin)
    }

    private static let fast = row(
        "fast", heddle: effort(states: 1_000_000, seconds: 0.05, peak: 32_000_000, search: "diagram"),
        spin: effort(states: 1_000_000, seconds: 4, preparation: 1, peak: 64_000_000, search: "depth"))
    private static let slow = row(
        "slow", heddle: effort(states: 2000, seconds: 2, peak: nil, search: "one by one"),
        spin: effort(states: 2000, seconds: 4, preparation: 2, peak: 200_000, search: "breadth"))

    @Test func columnsAreAsWideAsTheyMustBe() {
        var table = TextTable(head: ["model", "states", "s"])
        table.rows = [["a", "1,000", "2"], ["longer", "1", ""]]
        #expect(table.text == "model   states  s\na        1,000  2\nlonger       1\n")
    }

    @Test func bothStandSideBySideWithMeansBelow() {
        #expect(
            ComparisonTable(.states, [Self.fast, Self.slow]).text == """
                All states (Heddle one by one with sleep sets, or as a decision diagram; Spin with -DNOREDUCE)

                model              states  seconds  Spin  ratio          by    states/s     Spin       by  bytes/state   Spin  ratio  to verdict  Spin  ratio
                fast N=2        1,000,000    0.050  4.00  80.00     diagram  20,000,000  250,000    depth         32.0   64.0   2.00       0.050  5.00  100.0
                slow N=2            2,000     2.00  4.00   2.00  one by one       1,000      500  breadth            -  100.0      -        2.00  6.00   3.00
                geometric mean                            12.65                                                                 2.00                    17.32
                median                                    41.00                                                                 2.00                    51.50

                """)
    }

    @Test func heddleAloneHasNoRatios() {
        let row = Self.row("m", heddle: Self.effort(states: 10, seconds: 0.1, peak: 1000), spin: nil)
        let text = ComparisonTable(.liveness, [row, row]).text
        #expect(text.contains("\nm N=2      10     -      -     0.10     -      -        100.0     -      -        0.10     -      -\n"))
        #expect(!text.contains("mean"))
    }

    @Test func otherStatesThanSpinsAreSaidLoudly() {
        let row = Self.row(
            "m", heddle: Self.effort(states: 10, seconds: 1, peak: nil),
            spin: Self.effort(states: 11, seconds: 1, peak: nil))
        let text = ComparisonTable(.states, [row]).text
        #expect(row.faults == ["Heddle has 10 states, and Spin 11"])
        #expect(text.contains("\n! m N=2 "))
        #expect(text.hasSuffix("\n! m N=2: Heddle has 10 states, and Spin 11\n"))
    }

    @Test(arguments: [Comparison.states, .collapse], [(99_999_999, 99_999_999, true), (5, 6, false), (123_456_789, 123_456_790, true)])
    func wholeSearchesHaveTheSameStates(comparison: Comparison, states: (heddle: Int, spin: Int, isRight: Bool)) {
        let row = Self.row(
            "m", comparison, heddle: Self.effort(states: states.heddle, seconds: 1, peak: nil),
            spin: Self.effort(states: states.spin, seconds: 1, peak: nil))
        #expect(row.faults.isEmpty == states.isRight)
    }

    @Test(arguments: [Comparison.reduction, .liveness, .verdict])
    func elsewhereNumbersOfStatesMayDiffer(comparison: Comparison) {
        let row = Self.row(
            "m", comparison, heddle: Self.effort(states: 10, seconds: 1, peak: nil),
            spin: Self.effort(states: 11, seconds: 1, peak: nil))
        #expect(row.faults.isEmpty)
    }

    @Test(arguments: Comparison.allCases) func whatDoesNotHoldIsAFault(comparison: Comparison) {
        let row = Self.row(
            "m", comparison, heddle: Self.effort(verdict: "violated", states: 10, seconds: 1, peak: nil),
            spin: Self.effort(verdict: "incomplete", states: 10, seconds: 1, peak: nil))
        #expect(row.faults == ["Heddle: violated", "Spin: incomplete"])
        // A ratio of what is wrong means nothing.
        #expect(ComparisonTable(comparison, [row, row]).text.contains("-"))
    }

    @Test func aRowKeepsItsNumbersAsJSON() throws {
        let data = try JSONEncoder().encode([Self.fast])
        let read = try JSONDecoder().decode([ComparisonRow].self, from: data)
        #expect(read[0].heddle == Self.fast.heddle)
        #expect(read[0].spin == Self.fast.spin)
    }
}
