import Foundation
import Testing

/// `heddle check --engine horn` and `--engine portfolio`
@Suite struct PortfolioTests {
    private static let lock = """
        bool taken;
        byte inside;
        active [2] proctype P() {
          do :: atomic { !taken -> taken = true }; inside++; assert(inside == 1); inside--; taken = false od
        }
        """
    /// More states than anybody counts, and a formula that only the explicit engine checks.
    private static let endless = """
        unsigned x : 60;
        unsigned y : 60;
        active proctype P() { do :: x = x + 1 :: y = y + 1 od }
        """

    @Test func theHornEngineProvesALockAndSaysHow() throws {
        let place = try Workplace(["lock.pml": Self.lock])
        let outcome = try place.heddle("check", "lock.pml", "--engine", "horn")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("assertions holds: Z3 found an invariant that excludes a violation, and it was checked"))
    }

    @Test func theHornEngineIsInconclusiveWhenItsTimeIsUp() throws {
        let place = try Workplace(["lock.pml": Self.lock.replacing("[2]", with: "[6]")])
        let outcome = try place.heddle("check", "lock.pml", "--engine", "horn", "--solver-time", "0.1")
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.contains("Z3's Horn engine gave no answer: the time limit of 100 ms was reached"))
    }

    @Test func aPortfolioNamesTheEngineOfEachVerdictAndSaysHowTheOthersStood() throws {
        let place = try Workplace(["lock.pml": Self.lock])
        let outcome = try place.heddle("check", "lock.pml", "--engine", "portfolio")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.hasPrefix("lock.pml: holds\n"))
        #expect(try outcome.output.contains(Regex("assertions +holds by the (explicit|symbolic|bounded|horn) engine: ")))
        for engine in ["explicit", "symbolic", "bounded", "horn"] {
            #expect(try outcome.output.contains(Regex("(?m)^\(engine) +[0-9.]+ s  ")))
        }
    }

    @Test func aPortfolioFindsAViolationThatReplays() throws {
        let place = try Workplace(["lock.pml": Self.lock.replacing("atomic { !taken -> taken = true }", with: "!taken; taken = true")])
        let outcome = try place.heddle("check", "lock.pml", "--engine", "portfolio", "--trace", "lock.itf.json")
        #expect(outcome.exitCode == 1)
        #expect(try outcome.output.contains(Regex("assertions +violated by the ")))
        #expect(try place.heddle("replay", "lock.itf.json").exitCode == 0)
    }

    @Test func aPortfolioDoesNotTakeTheExplicitEnginesLimitForAFaultOfTheModel() throws {
        let place = try Workplace([
            "late.pml": """
                unsigned start : 64;
                active proctype Late() {
                  select (start : 1 .. 18446744073709551615);
                  assert(start <= 9223372036854775807 || start > 9223372036854775810)
                }
                """
        ])
        let outcome = try place.heddle("check", "late.pml", "--engine", "portfolio")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("violated by the symbolic engine"))
        #expect(outcome.output.contains("a `select` has more values than can be tried one by one"))
    }

    @Test func whatTheWinnerDoesNotCheckIsLeftToTheOthers() throws {
        let place = try Workplace([
            "live.pml": "byte x;\nactive proctype P() { do :: x = 1 - x od }\nltl live { [] <> (x == 1) }\nltl safe { [] (x < 2) }\n"
        ])
        let outcome = try place.heddle("check", "live.pml", "--engine", "portfolio")
        #expect(outcome.exitCode == 0)
        #expect(try outcome.output.contains(Regex("ltl live +holds by the explicit engine")))
    }

    /// The symbolic engine looks for values that are cut to size only when it works alone.
    @Test func whatIsNotAskedForEndsNoEngine() throws {
        let place = try Workplace([
            "wraps.pml": """
                unsigned x : 64;
                active proctype P() { unsigned i : 64; select (i : 0 .. 9223372036854775807); x = i + i + 3; assert(x != i + i) }
                """
        ])
        let outcome = try place.heddle("check", "wraps.pml", "--engine", "portfolio")
        #expect(outcome.exitCode == 0)
        #expect(try outcome.output.contains(Regex("assertions +holds by the symbolic engine")))
    }

    @Test func whatNoEngineDecidesIsInconclusiveWithTheReasonOfEach() throws {
        let place = try Workplace(["endless.pml": Self.endless + "\nltl live { <> (x == 9) }\n"])
        let outcome = try place.heddle(
            "check", "endless.pml", "--engine", "portfolio", "--memory", "4M", "--property", "live", "--term-width", "64")
        #expect(outcome.exitCode == 3)
        #expect(try outcome.output.contains(Regex("ltl live +undecided: no engine has decided it")))
        #expect(try outcome.output.contains(Regex("explicit .*memory limit")))
    }

    @Test(arguments: ["bounded", "horn", "portfolio"])
    func ctrlCEndsAnEngineInTheMiddleOfAQuestion(engine: String) throws {
        let place = try Workplace(["endless.pml": Self.endless + "ltl odd { [] (x * y != 576460752303423433) }\n"])
        let command = HeddleCommand(
            arguments: ["check", "endless.pml", "--engine", engine, "--depth", "1000000", "--memory", "1G"], directory: place.url)
        let running = try command.start()
        try running.wait { $0.isCatching(SIGINT) }
        usleep(1_500_000)
        running.send(SIGINT)
        let outcome = try running.outcome()
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.contains("interrupted"))
    }

    @Test func programsLearnWhichEngineDecidedAProperty() throws {
        let place = try Workplace(["lock.pml": Self.lock])
        let outcome = try place.heddle("check", "lock.pml", "--engine", "portfolio", "--format", "json")
        #expect(outcome.output.contains("\"engine\" : \""))
        #expect(outcome.output.contains("\"portfolio\" : ["))
    }

    @Test func aSuiteCanAskForThem() throws {
        let place = try Workplace([
            "lock.pml": Self.lock,
            "suite.yaml": """
                checks:
                  - model: lock.pml
                    expect: holds
                    engine: portfolio
                  - model: lock.pml
                    expect: holds
                    engine: horn
                """,
        ])
        let outcome = try place.heddle("test", "suite.yaml")
        #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errors)")
    }
}
