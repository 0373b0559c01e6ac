import Foundation
import Testing

/// `heddle fuzz MODEL`
@Suite struct FuzzModelTests {
    private static let wrong = """
        byte x;
        active proctype P() {
            do
            :: x < 9 -> x++
            :: x > 3 -> assert(x < 5)
            :: x == 20 -> break
            od
        }

        """
    private static let right = "byte x;\nactive proctype P() {\n    do\n    :: x < 9 -> x++\n    :: x == 9 -> break\n    :: x > 9 -> x = 0\n    od\n}\n"

    @Test(arguments: [["fuzz"], ["fuzz", "model"]])
    func aViolationHasAShortTrace(command: [String]) throws {
        let place = try Workplace(["wrong.pml": Self.wrong])
        let outcome = try place.heddle(command + ["--walks", "500", "wrong.pml", "--trace", "found.itf.json"])
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.hasPrefix("wrong.pml: violated\n"))
        #expect(outcome.output.contains("after 12 steps, at wrong.pml:5"))
        #expect(outcome.output.contains(" of 6 transitions taken\n"))
        let replay = try place.heddle(["replay", "found.itf.json"])
        #expect(replay.exitCode == 0)
        #expect(replay.output.contains("reproduced"))
    }

    @Test func aRunThatFoundNothingIsInconclusive() throws {
        let place = try Workplace(["right.pml": Self.right])
        let outcome = try place.heddle(["fuzz", "right.pml", "--walks", "100"])
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.hasPrefix("right.pml: inconclusive: no violation in 100 walks, "))
        #expect(outcome.output.contains(" steps; 4 of 6 transitions taken\n"))
        #expect(outcome.output.contains("  P: 4 of 6; never at right.pml:6\n"))
        #expect(!outcome.output.contains("holds"))
    }

    @Test func theSameSeedPrintsTheSame() throws {
        let place = try Workplace(["wrong.pml": Self.wrong])
        let outputs = try ["1", "2"].map { threads in
            try place.heddle(["fuzz", "wrong.pml", "--seed", "7", "--walks", "300", "--threads", threads]).output
                .replacing(#/[0-9.]+ s\n/#, with: "")
        }
        #expect(outputs[0] == outputs[1])
    }

    @Test func resultsForPrograms() throws {
        let place = try Workplace(["right.pml": Self.right])
        let outcome = try place.heddle(["fuzz", "right.pml", "--walks", "100", "--format", "json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["verdict"] as? String == "inconclusive")
        let walks = try #require(object["walks"] as? [String: Any])
        #expect(walks["walks"] as? Int == 100)
        let proctype = try #require((walks["proctypes"] as? [[String: Any]])?.first)
        #expect(proctype["taken"] as? Int == 4)
        #expect(proctype["missed"] as? [String] == ["right.pml:6"])
    }

    @Test func timeEndsIt() throws {
        let place = try Workplace(["right.pml": Self.right])
        let outcome = try place.heddle(["fuzz", "right.pml", "--time", "0.2", "--quiet"])
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.hasPrefix("right.pml: inconclusive: no violation in "))
    }

    @Test(arguments: [
        ["--walks", "-1"], ["--steps", "-1"], ["--time", "-1"], ["--depth", "0"], ["--threads", "0"], ["--all-violations", "0"],
        ["--property", "nothing"], ["--trace", "nowhere/x.json"],
    ])
    func wrongOptions(options: [String]) throws {
        let place = try Workplace(["right.pml": Self.right])
        #expect(try place.heddle(["fuzz", "right.pml"] + options).exitCode == 2)
    }
}
