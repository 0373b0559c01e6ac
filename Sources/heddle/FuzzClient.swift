import ArgumentParser
import Exploration
import Foundation
import Fuzzing
import Terminal
import TimeTravel

/// `heddle fuzz client`
struct FuzzClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Run a client, such as a kernel, against a calendar that errs.",
        usage: "heddle fuzz client [<options>] -- <command> ...",
        discussion: """
            The command is started as by `heddle calendar`, once for each run and client; it has to come to its end by itself. In each run \
            but the first the calendar does one to four things at odd moments: some that the protocol allows, such as a BROADCAST, and \
            some that it does not, such as a wrong sequence number. Every outcome is shown once, with as little as brings it about.

            What fails although the calendar did nothing wrong is a finding.

            Exit codes: 0 no finding, 1 a finding, 2 wrong input, 3 Ctrl-C.
            """)

    @Option(help: ArgumentHelp("The seed of the first run; the next ones have the next numbers.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Make so many runs. Default: 100, or with --time as many as there is time for.", valueName: "n"))
    var runs: Int?

    @Option(help: ArgumentHelp("Begin no more runs after so many seconds.", valueName: "s"))
    var time: Double?

    @Option(help: ArgumentHelp("How many clients take part in each run.", valueName: "n"))
    var clients: Int = 1

    @Flag(name: .customLong("no-shm"), help: "Share no memory with the clients: messages only.")
    var noSharedMemory = false

    @Option(help: ArgumentHelp("Keep what does not come to its end, a folder each, for `heddle replay`.", valueName: "folder"))
    var keep: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program of a client, and its arguments.", valueName: "command"))
    var command: [String]

    func validate() throws {
        guard runs ?? 0 >= 0 else { throw ValidationError("--runs takes a number from 0 on.") }
        guard time ?? 0 >= 0 else { throw ValidationError("--time takes a number of seconds from 0 on.") }
        guard (1...64).contains(clients) else { throw ValidationError("--clients takes a number from 1 to 64.") }
        guard !command.isEmpty else { throw ValidationError("There is no command after `--`.") }
    }

    func run() throws {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.sharesMemory = !noSharedMemory
        configuration.command = command
        var campaign = FuzzCampaign(configuration)
        let line = ProgressLine(isQuiet: false)
        let begin = ContinuousClock.now
        Interruption.install()
        let most = runs ?? (time == nil ? 100 : Int.max)
        let end = time.map { begin + .seconds($0) }
        var made = 0
        do {
            let first = try campaign.begin { Interruption.isRequested }
            guard first.outcome == .finished || Interruption.isRequested else {
                line.clear()
                throw UserError("the command fails even if nothing is done wrong: it \(first.outcome)")
            }
            while made < most, end.map({ ContinuousClock.now < $0 }) ?? true, !Interruption.isRequested {
                let known = campaign.findings.count
                try campaign.step(seed: seed &+ UInt64(made)) { Interruption.isRequested }
                made += 1
                for finding in campaign.findings.dropFirst(known) { try store(finding, of: campaign) }
                line.update("\(made) runs, \(rate(campaign, begin)) a second, \(campaign.findings.count) outcomes")
            }
        } catch let error as SystemError {
            line.clear()
            throw UserError("\(error)")
        }
        line.clear()
        show(campaign)
        StandardError.write("\(campaign.runs) runs with those for shortening, \(rate(campaign, begin)) a second\n")
        if campaign.findings.contains(where: \.isFault) { throw ExitStatus.violated }
        if Interruption.isRequested { throw ExitStatus.inconclusive }
    }

    private func store(_ finding: FuzzCampaign.Finding, of campaign: FuzzCampaign) throws {
        guard let keep, finding.outcome != .finished, let evidence = finding.evidence else { return }
        let live = campaign.live(finding)
        let page = FindingPage(live, misdeeds: finding.run.misdeeds, run: evidence).text
        do {
            _ = try FindingFolder(finding: live, run: evidence, explanation: page).write(in: keep, name: live.name)
        } catch {
            throw UserError("cannot keep a finding in \(keep): \(error.localizedDescription)")
        }
    }

    private func rate(_ campaign: FuzzCampaign, _ begin: ContinuousClock.Instant) -> String {
        String(format: "%.1f", Double(campaign.runs) / ((ContinuousClock.now - begin) / .seconds(1)))
    }

    private func show(_ campaign: FuzzCampaign) {
        print("The calendar sends \(campaign.messages) messages if nothing is done wrong.\n")
        let findings = campaign.findings.sorted { ($0.isFault ? 1 : 0, $0.count) > ($1.isFault ? 1 : 0, $1.count) }
        for finding in findings {
            let mark = finding.isFault ? "  FINDING" : ""
            print("\(finding.count) run\(finding.count == 1 ? "" : "s"): \(finding.outcome)\(mark)")
            guard finding.outcome != .finished else { continue }
            for (misdeed, entry) in zip(finding.run.misdeeds, finding.plan.entries) {
                print("    message \(entry.position): \(misdeed)\(misdeed.isAllowed ? "" : ", which a calendar may not")")
            }
            print("    --seed \(finding.seed) --runs 1; as above, \(finding.replayed) of \(FuzzCampaign.replays) times")
        }
    }
}
