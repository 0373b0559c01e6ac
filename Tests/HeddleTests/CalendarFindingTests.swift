import TestSupport
import Testing

/// Findings against a calendar, from `heddle fuzz calendar --keep` on.
@Suite(.timeLimit(.minutes(20))) struct CalendarFindingTests {
    private static func fuzz(_ place: Workplace, flaw: String) throws -> HeddleCommand.Outcome {
        try place.heddle(
            ["fuzz", "calendar", "--clients", "2", "--runs", "20", "--jobs", "1", "--keep", "kept", "--"] + ForeignCalendar.command(flaw: flaw))
    }

    @Test func aFindingIsKeptReplayedAndShown() throws {
        let place = try Workplace()
        let outcome = try Self.fuzz(place, flaw: "deaf")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("a BROADCAST is ACKed although a client has not heard of it  FINDING"))
        let options = try #require(outcome.output.firstMatch(of: /--clients 2 (--seed \d+ )?--runs \d+(?=; as above, 3 of 3 times)/)).output.0
        let repeated = try place.heddle(
            ["fuzz", "calendar"] + options.split(separator: " ").map(String.init) + ["--"] + ForeignCalendar.command(flaw: "deaf"))
        #expect(repeated.output.contains("a BROADCAST is ACKed although a client has not heard of it  FINDING"))
        let folder = "kept/a-broadcast-is-acked-although-a-client-has-not-heard-of-it"

        let again = try place.heddle(["replay", folder, "--quiet", "--"] + ForeignCalendar.command(flaw: "deaf"))
        #expect(again.output == "\(folder): reproduced\n")
        #expect(again.exitCode == 0)
        let other = try place.heddle(["replay", folder, "--quiet", "--"] + ForeignCalendar.command())
        #expect(other.output == "\(folder): not reproduced: survived\n")
        #expect(other.exitCode == 1)

        let shown = try place.heddle("show", folder)
        for part in ["All clients keep to the protocol", "seen again 3 of 3 times", "─▶ BROADCAST", "◀─ ACK"] {
            #expect(shown.output.contains(part), "\(part)")
        }
    }

    @Test func withoutAFindingNothingIsKept() throws {
        let place = try Workplace()
        let outcome = try Self.fuzz(place, flaw: "none")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "survived 20 of 20 runs\n")
        #expect(try place.names.isEmpty)
    }

    /// A calendar that is wrong even for clients that are right is one that has a fault; one that is none at all is a wrong command.
    @Test(arguments: [("numbers", Int32(1)), ("absent", 2)]) func whatFailsAtOnceIsToldApart(flaw: String, exitCode: Int32) throws {
        let place = try Workplace()
        let command = flaw == "absent" ? ["false"] : ForeignCalendar.command(flaw: flaw)
        let outcome = try place.heddle(["fuzz", "calendar", "--keep", "kept", "--"] + command)
        #expect(outcome.exitCode == exitCode)
        #expect(try place.names == (exitCode == 1 ? ["kept"] : []))
        #expect(exitCode == 2 ? outcome.errors.contains("the command fails even if no client errs") : outcome.output.contains("--runs 0"))
    }
}
