import ModelFuzzing
import Testing

/// What was seen of a model is counted exactly.
struct CoverageTests {
    private static let model = """
        mtype = { A, B };
        chan c = [0] of { mtype };
        byte x;
        active proctype Sender() {
            c!A;
            if
            :: x > 0 -> x = 2
            :: x == 0 -> x = 1
            fi;
            false;
            x = 9
        }
        active proctype Receiver() {
            do
            :: c?A -> x = x
            :: c?B -> x = 7
            od
        }
        proctype Nobody() { x = 5; x = 6 }

        """

    @Test("transitions that were taken, those that were not, and where these are")
    func transitions() throws {
        let coverage = try Fuzzed.fuzz(Self.model.replacing("false;", with: "end: false;").replacing("do\n    :: c?A", with: "endless: do\n    :: c?A"), walks: 50).coverage
        let sender = try #require(coverage.proctypes.first { $0.name == "Sender" })
        // c!A, x == 0, x = 1; not x > 0, x = 2, false, x = 9 and the end.
        #expect(sender.taken == 3)
        #expect(sender.reachable == 8)
        #expect(sender.missed.map(\.number) == [7, 10, 11, 12])
        let receiver = try #require(coverage.proctypes.first { $0.name == "Receiver" })
        // c?A and x = x; not c?B and x = 7; a loop without a way out has no end.
        #expect(receiver.taken == 2)
        #expect(receiver.reachable == 4)
        #expect(receiver.missed.map(\.number) == [16])
        let nobody = try #require(coverage.proctypes.first { $0.name == "Nobody" })
        #expect(nobody.taken == 0)
        #expect(nobody.reachable == 3)
        #expect(coverage.taken == 5)
        #expect(coverage.reachable == 15)
    }

    @Test("a line of an inline counts wherever the process type uses it")
    func inlines() throws {
        let coverage = try Fuzzed.fuzz(
            """
            byte x;
            inline twice() {
                x = x + 2
            }
            active proctype P() {
                twice();
                if
                :: x == 2
                :: x == 3 -> twice()
                fi
            }

            """, walks: 10
        ).coverage
        // The second use was never come to, but its line was.
        #expect(coverage.taken == 3)
        #expect(coverage.reachable == 5)
        #expect(coverage.proctypes[0].missed.map(\.number) == [9])
    }

    @Test("states of a claim in which walks have been")
    func claimStates() throws {
        let text = """
            byte x;
            active proctype P() { x = 1; end: x == 2 }
            never {
            first: if :: x == 0 -> goto first :: x == 1 -> goto second fi;
            second: if :: x == 1 -> goto second :: x == 2 -> goto third fi;
            third: if :: x == 2 -> goto third :: x == 3 fi
            }

            """
        let claim = try #require(try Fuzzed.fuzz(text, walks: 20).coverage.claims.first)
        #expect(claim.claim == .neverClaim(0))
        #expect(claim.visited == 2)
        #expect(claim.states > 2)
    }
}
