import Automata
import Exploration
import Promela
import Testing
import Traces

@testable import Symbolic

/// Models whose values grow for ever come to an end all the same, and what is found holds for all values.
@Suite struct FixpointTests {
    static func check(
        _ text: String, _ change: (inout SymbolicOptions) -> Void = { _ in }
    ) throws -> (result: SearchResult, trace: Trace?, symbolic: SymbolicStatistics) {
        let program = try #require(ModelReader.read(text: text, path: "model.pml").program)
        var options = SymbolicOptions()
        change(&options)
        let (result, symbolic) = try SymbolicSearch(program, options: options).run()
        let recorder = TraceRecorder(try System(program), model: ModelReference(path: "model.pml"))
        let trace = try result.violations.first.map { violation in
            var finding = violation.fault.map { Finding.fault($0) } ?? .invalidEndState
            if case .claim(let claim) = violation.property { finding = .claim(claim, loopStart: nil, fairness: .none) }
            return try recorder.record(
                violation.path, finding: finding, property: violation.property.name(in: program), message: violation.message)
        }
        return (result, trace, symbolic)
    }

    @Test(
        "a deadlock is found where a value that is cut to size is all that happens",
        arguments: [
            "byte x; chan c = [0] of { byte }; active proctype P() { c!(x - 1) }",
            "unsigned now : 64; active proctype P() { now - 1 < 5 }",
            // Control is lost inside the atomic sequence.
            "unsigned now : 64; bool other; active proctype P() { atomic { skip; now - 1 < 5 } }"
                + " active proctype Q() { other = true; now - 2 < 5 }",
        ])
    func deadlockBesideWrapAround(text: String) throws {
        let (result, trace, _) = try Self.check(text) {
            $0.properties = [.endStates]
            $0.termWidth = 8
        }
        #expect(result.verdicts.first { $0.property == .endStates }?.verdict == .violated)
        #expect(trace?.violation.waiting.isEmpty == false)
    }

    @Test("what is known of a value is known of the results that are the same")
    func equalValuesUnderTwoNames() throws {
        let text = """
            byte x = 3, wrong;
            active proctype P() { (x & 3) <= 1; assert(wrong == 0) }
            active proctype Q() { byte y; select (y : 1 .. 2); x = (y & 3); if :: (y & 1) == 0 -> wrong = 1 :: else fi }
            """
        let (result, _, _) = try Self.check(text) {
            $0.properties = [.assertions]
            $0.termWidth = 2
        }
        #expect(result.verdicts.first { $0.property == .assertions }?.verdict == .holds)
    }

    static let clocks = """
        unsigned now : 64;
        unsigned until : 64;
        active proctype Clock() {
          do
          :: now < 9223372036854775807 ->
             select (until : now + 1 .. 9223372036854775807);
             do
             :: now < until -> select (now : now + 1 .. until)
             :: now == until -> break
             od
          :: else -> break
          od
        }
        ltl in_time { [] (now <= 9223372036854775807 && (until == 0 || now <= until)) }
        """

    /// Of a sum nothing is left but what it can be; else it would have one more summand after each step.
    @Test("a sum is a value like any other", arguments: [("x = (x + i) & 3", "x <= 3"), ("x = (x + i) % 1000", "x < 1000")])
    func sums(statement: String, invariant: String) throws {
        let found = try Self.check(
            """
            unsigned x : 32;
            active proctype P() { unsigned i : 32; do :: select (i : 0 .. 4294967295); \(statement) od }
            ltl small { [] (\(invariant)) }
            """)
        #expect(found.result.verdict == .holds)
        #expect(found.result.statistics.statesStored < 20)
    }

    @Test func aClockThatRunsForEverIsSearchedToTheEnd() throws {
        let found = try Self.check(Self.clocks)
        #expect(found.result.verdict == .holds)
        #expect(found.result.statistics.statesStored < 30)
        #expect(found.symbolic.subsumed > 0)
    }

    @Test func anInvariantThatAStateBreaksHasItsTrace() throws {
        let found = try Self.check(Self.clocks.replacing("now <= until)", with: "now < until)"))
        #expect(found.result.verdict == .violated)
        #expect(found.trace?.violation.property == "ltl in_time")
        // The smallest numbers that do it.
        #expect(found.trace?.steps.compactMap(\.choice) == [1, 1])
    }

    @Test func whatOnlyGoesWrongBeyond2To63IsFound() throws {
        let model = """
            unsigned start : 64;
            unsigned stop : 64;
            init {
              select (start : 0 .. 18446744073709551615);
              select (stop : 0 .. 18446744073709551615);
              if :: start > 9223372036854775807 && stop == start + 9223372036854775800 -> assert(false) :: else fi
            }
            """
        let found = try Self.check(model) { $0.properties = [.assertions] }
        #expect(found.result.verdict == .violated)
        let choices = try #require(found.trace).steps.compactMap(\.choice).map { UInt64($0) }
        #expect(choices.count == 2 && choices[0] > UInt64(Int64.max) && choices[1] == choices[0] &+ 9_223_372_036_854_775_800)

        // The explicit engine says that it cannot try all of them, rather than that the assertion holds.
        let program = try #require(ModelReader.read(text: model, path: "model.pml").program)
        let explicit = try Search(System(program), options: SearchOptions(properties: [.assertions])).run()
        #expect(explicit.verdicts.allSatisfy { $0.property != .assertions || $0.verdict != .holds })
    }

    @Test func subtractionBelowZeroIsReportedByName() throws {
        let found = try Self.check(
            """
            unsigned time : 64;
            unsigned offset : 64;
            unsigned own : 64;
            init {
              select (time : 3 .. 100);
              select (offset : 0 .. 5);
              own = time - offset
            }
            """)
        #expect(found.trace?.violation.message == "`time - offset` underflows: 3 - 4")
    }

    @Test func valuesThatWrapAroundAreExactAllTheSame() throws {
        let found = try Self.check(
            """
            unsigned x : 64;
            unsigned y : 64;
            init {
              select (x : 0 .. 18446744073709551615);
              y = x + 10;
              assert(y >= 10 || x >= 18446744073709551606)
            }
            """) { $0.properties = [.assertions] }
        #expect(found.result.verdict == .holds)
    }

    @Test func wideValuesGoThroughChannelsArraysRecordsAndOtherProcesses() throws {
        let found = try Self.check(
            """
            typedef Request { unsigned time : 64; byte from };
            Request kept[2];
            unsigned seen : 64;
            chan queue = [2] of { byte, unsigned : 64 };
            chan meet = [0] of { unsigned : 64 };
            proctype Client(byte me; unsigned first : 64) {
              unsigned at : 64;
              at = first;
              queue!me, at;
              meet?at;
              assert(at == kept[me].time)
            }
            init {
              unsigned t : 64;
              byte who;
              select (t : 5 .. 18446744073709551615);
              run Client(1, t);
              queue?who, kept[1].time;
              d_step { kept[0].time = kept[1].time; seen = kept[who].time };
              assert(seen == t && Client[1]:at == t);
              meet!seen
            }
            """)
        #expect(found.result.verdict == .holds)
    }

    @Test func quotientsAndRemaindersByConstantsAreExact() throws {
        let found = try Self.check(
            """
            unsigned x : 64;
            init {
              select (x : 0 .. 18446744073709551615);
              assert(x / 1000 <= 18446744073709551 && x % 1000 < 1000 && (x & 255) < 256 && (x >> 60) < 16);
              if :: x % 1000 == 999 && x / 1000 == 7 -> assert(x == 7999) :: else fi
            }
            """)
        #expect(found.result.verdict == .holds)
        #expect(found.symbolic.solver.queries > 0)
    }

    @Test(arguments: [
        "(x | 8) >= x && (x | 8) <= x + 8 || x > 18446744073709551607", "(x & 61680) <= 61680 && (x & 61680) % 16 == 0",
        "(x ^ 1) == x + 1 && x % 2 == 0 || (x ^ 1) == x - 1 && x % 2 == 1",
        "(y & -2) == y - (y & 1)", "(y & -2) <= y", "(y | -16) < 0", "(y ^ -1) == -1 - y", "(y ^ 5) - y <= 5",
    ])
    func theBitsOfAConstantAreTakenExactly(condition: String) throws {
        let choice =
            condition.contains("x")
            ? "unsigned x : 64; init { select (x : 0 .. 18446744073709551615);" : "int y; init { select (y : -3 .. 100000);"
        let found = try Self.check("\(choice) assert(\(condition)) }") { $0.properties = [.assertions] }
        #expect(found.result.verdict == .holds)
    }

    @Test func aValueWithTheBitsThatAreAskedForIsFound() throws {
        let found = try Self.check(
            """
            unsigned x : 64;
            init {
              select (x : 9223372036854775808 .. 18446744073709551615);
              assert((x & 61680) != 20560 || (x & 3) != 2)
            }
            """) { $0.properties = [.assertions] }
        #expect(found.result.verdict == .violated)
        let choice = try #require(found.trace?.steps.compactMap(\.choice).first)
        #expect(choice & 61680 == 20560 && choice & 3 == 2 && choice >= 1 << 63)
    }

    @Test func whatTheEngineCannotDoIsAnErrorAtItsPlace() throws {
        let text = """
            unsigned x : 64;
            unsigned y : 64;
            init { select (x : 0 .. 1000000); select (y : 0 .. 1000000); x = x | y }
            """
        do {
            _ = try Self.check(text)
            Issue.record("nothing was thrown")
        } catch let error as UnsupportedModel {
            let start = try #require(text.utf8.firstRange(of: "x | y".utf8)).lowerBound
            #expect(Int(error.diagnostic.span.start) == text.utf8.distance(from: text.utf8.startIndex, to: start))
        }
    }

    @Test func aTimeoutAndADeadlockDependOnValues() throws {
        let found = try Self.check(
            """
            unsigned x : 64;
            bool late;
            active proctype Watch() { timeout -> late = true; x == 7 }
            active proctype Work() { select (x : 0 .. 18446744073709551615); x > 3; x > 1000 }
            """)
        #expect(found.result.verdicts.first { $0.property == .endStates }?.verdict == .violated)
        #expect(found.trace?.steps.compactMap(\.choice) == [0])
    }
}
