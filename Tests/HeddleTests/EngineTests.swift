import Foundation
import Testing

/// `heddle check --engine`
@Suite struct EngineTests {
    private static let model = """
        unsigned start : 64;
        active proctype Late() {
          select (start : 1 .. 18446744073709551615);
          assert(start <= 9223372036854775807 || start > 9223372036854775810)
        }
        """

    @Test func theSymbolicEngineFindsAValueBeyond2To63AndReplaysIt() throws {
        let place = try Workplace(["late.pml": Self.model])
        let outcome = try place.heddle("check", "late.pml", "--engine", "symbolic", "--trace", "late.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("select (start : 1 .. 18446744073709551615) = 9223372036854775808"))
        #expect(outcome.output.contains(" to Z3, "))
        let replay = try place.heddle("replay", "late.itf.json")
        #expect(replay.exitCode == 0)
        #expect(replay.output.hasPrefix("late.itf.json: reproduced"))
    }

    @Test func theExplicitEngineSaysThatThereAreTooManyValues() throws {
        let place = try Workplace(["late.pml": Self.model])
        let outcome = try place.heddle("check", "late.pml")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("has more values than can be tried one by one"))
        #expect(!outcome.output.contains("assertions  holds"))
    }

    @Test func theBoundedEngineProvesByInductionWhatItSaysItProves() throws {
        let place = try Workplace([
            "lock.pml": """
                bool taken;
                byte inside;
                active [2] proctype P() {
                  do :: atomic { !taken -> taken = true }; inside++; assert(inside == 1); inside--; taken = false od
                }
                """
        ])
        let bounded = try place.heddle("check", "lock.pml", "--engine", "bounded", "--depth", "6")
        #expect(bounded.exitCode == 3)
        #expect(bounded.output.contains("no violation within 6 steps"))
        let proved = try place.heddle("check", "lock.pml", "--engine", "bounded", "--depth", "6", "--induction", "6")
        #expect(proved.exitCode == 0)
        #expect(proved.output.contains("assertions holds: "))
    }

    @Test(arguments: [
        (["--engine", "symbolic", "--property", "in_time"], "`ltl in_time` is not checked by the symbolic engine"),
        (["--engine", "symbolic", "--search", "depth"], "--search and --fairness are for --engine explicit"),
        (["--engine", "explicit", "--induction", "3"], "--induction is for --engine bounded and portfolio"),
        (["--engine", "symbolic", "--term-width", "65"], "--term-width takes a number from 1 to 64"),
        (["--engine", "portfolio", "--all-violations", "2"], "--engine portfolio ends at the first violation"),
        (["--solver-time", "3"], "--solver-time is for engines that ask Z3"),
        (["--engine", "magic"], "magic"),
    ])
    func whatAnEngineDoesNotDoIsRefused(options: [String], message: String) throws {
        let place = try Workplace([
            "model.pml": "unsigned x : 64;\nactive proctype P() { x = 1 }\nltl in_time { <> (x == 1) }\n"
        ])
        let outcome = try place.heddle(["check", "model.pml"] + options)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(message))
    }

    @Test func valuesThatAreCutToSizeAreReportedByNameWhereThatIsAskedFor() throws {
        let place = try Workplace(["cut.pml": "byte x;\nactive proctype P() { x = 250; x = x + 10 }\n"])
        #expect(try place.heddle("check", "cut.pml", "--quiet").exitCode == 0)
        let outcome = try place.heddle("check", "cut.pml", "--property", "wrap-around")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("`x` (byte) cannot hold 260"))
    }
}
