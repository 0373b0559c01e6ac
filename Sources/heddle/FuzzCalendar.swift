import ArgumentParser
import Exploration
import Foundation
import Fuzzing
import Synchronization
import Terminal
import TimeTravel

/// `heddle fuzz calendar`
struct FuzzCalendar: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Run a calendar, of whatever make, with clients some of which err.",
        usage: "heddle fuzz calendar [<options>] -- <command> ...",
        discussion: """
            The command is started once for each run, with the path where it has to listen in place of {socket} and the number of clients \
            that it is to wait for in place of {clients}; it may end when all clients have gone. Clients behave as kernels do, by messages \
            or in shared memory; some come late, and some break the protocol: with wrong messages, cut or repeated ones, none at all, or \
            stores to the shared memory. Those that keep to the protocol must not suffer from that: one of them runs at a time, and only \
            when it has asked for that; time never goes backwards, nor past what another has asked for; every question is answered, and who \
            waits is run, one day; nobody is cut off. Where memory has been spoilt, that is so for those that share none. What is found is \
            shown with as little as brings it about, and whether it was seen again.

            Exit codes: 0 all of it holds, 1 a finding, 2 wrong input, 3 Ctrl-C.
            """)

    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("How many clients the calendar is to wait for before time begins.", valueName: "n"))
    var clients: Int = 1

    @Option(help: ArgumentHelp("Make so many runs against one process, if it goes on when all clients have gone.", valueName: "n"))
    var reuse: Int = 1

    @Option(help: ArgumentHelp("Keep what is found and seen again, a folder each, for `heddle replay`.", valueName: "folder"))
    var keep: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program of the calendar, and its arguments.", valueName: "command"))
    var command: [String]

    func validate() throws {
        guard (1...64).contains(clients) else { throw ValidationError("--clients takes a number from 1 to 64.") }
        guard reuse > 0 else { throw ValidationError("--reuse takes a number from 1 on.") }
        guard !command.isEmpty else { throw ValidationError("There is no command after `--`.") }
    }

    func run() throws {
        let campaign = CalendarCampaign(command: command, expected: clients, reuse: reuse)
        let begin = ContinuousClock.now
        Interruption.install()
        let made: Int
        do {
            let first = try campaign.begin { Interruption.isRequested }
            guard first.isJudged || Interruption.isRequested else {
                throw UserError("the command fails even if no client errs: \(first)")
            }
            made = first == .survived ? try search(campaign, begin) : 1
            if first != .survived { for finding in campaign.findings { try report(finding, of: campaign) } }
        } catch let error as SystemError {
            throw UserError("\(error)")
        }
        show(campaign, made: made)
        let rate = RunOptions.rate(campaign.runs, since: begin)
        StandardError.write("\(campaign.runs) runs with those for shortening, \(rate) a second, \(options.jobs) at a time\n")
        if !campaign.findings.isEmpty { throw ExitStatus.violated }
        if Interruption.isRequested { throw ExitStatus.inconclusive }
    }

    /// Makes runs in several threads.
    /// - Returns: how many.
    private func search(_ campaign: CalendarCampaign, _ begin: ContinuousClock.Instant) throws -> Int {
        let line = ProgressLine(isQuiet: false)
        let command = self
        let made = Atomic(0)
        defer { line.clear() }
        try options.makeRuns(since: begin) {
            let count = NumberText.grouped(made.load(ordering: .relaxed))
            line.update("\(count) runs, \(RunOptions.rate(campaign.runs, since: begin)) a second, \(campaign.findings.count) findings")
        } run: { seed in
            if let finding = try campaign.step(seed: seed, shouldStop: { Interruption.isRequested }) {
                try command.report(finding, of: campaign)
            }
            if !Interruption.isRequested { made.add(1, ordering: .relaxed) }
        }
        return made.load(ordering: .relaxed)
    }

    private func report(_ finding: CalendarCampaign.Finding, of campaign: CalendarCampaign) throws {
        if let keep { try FindingStore(path: keep).keep(campaign.live(finding), evidence: finding.evidence) }
        StandardError.write("heddle: \(finding.seed.map { "--seed \($0): " } ?? "")\(finding.outcome)\n")
    }

    private func show(_ campaign: CalendarCampaign, made: Int) {
        let failures = campaign.findings.map(\.count).reduce(0, +)
        print("survived \(NumberText.grouped(made - failures)) of \(NumberText.grouped(made)) runs")
        for finding in campaign.findings.sorted(by: { $0.count > $1.count }) {
            print("\n\(finding.count) run\(finding.count == 1 ? "" : "s"): \(finding.outcome)  FINDING")
            for text in finding.plan.description.split(separator: "\n") { print("    \(text)") }
            for text in finding.console.suffix(10) { print("    | \(text)") }
            let options = finding.seed.map { "--seed \($0) --runs 1" } ?? "--runs 0"
            print("    --clients \(clients) \(options); as above, \(finding.replayed) of \(FuzzCampaign.replays) times")
        }
    }
}
