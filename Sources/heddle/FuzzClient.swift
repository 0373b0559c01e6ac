import ArgumentParser
import Exploration
import Foundation
import Fuzzing
import Synchronization
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
            but the first the calendar does a few things at odd moments: some that the protocol allows, such as a BROADCAST, and some that \
            it does not, such as a wrong sequence number. What has shown something new is tried again with small changes: a message in a \
            state, a line of the console, and with --model a transition of the model. Runs are followed there up to what the model cannot \
            do, for no more than a tenth of the time; for each, the transitions of one behaviour that it can have been count. Every outcome \
            is shown once, with as little as brings it about. If the command has {device}, that is the socket of a vhost-user device for \
            each client, which can interrupt a kernel (`virtio_uml.device={device}:4`), and does at odd moments.

            What fails although the calendar did nothing wrong is a finding.

            Exit codes: 0 no finding, 1 a finding, 2 wrong input, 3 Ctrl-C.
            """)

    @OptionGroup var options: RunOptions

    @OptionGroup var guideOptions: GuideOptions

    @Option(help: ArgumentHelp("How many clients take part in each run.", valueName: "n"))
    var clients: Int = 1

    @Flag(name: .customLong("no-shm"), help: "Share no memory with the clients: messages only.")
    var noSharedMemory = false

    @Option(
        help: ArgumentHelp(
            "Keep what does not come to its end, a folder each, for `heddle replay`; what is there already is where changes begin.",
            valueName: "folder"))
    var keep: String?

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp("Make one run, with this fault, as in the output; may be given several times.", valueName: "fault"))
    var faults: [PlannedFault] = []

    @Option(
        help: ArgumentHelp(
            "With --fault: make that run only, and record every message and interrupt in a new file, a line of JSON each.",
            valueName: "log"))
    var record: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program of a client, and its arguments.", valueName: "command"))
    var command: [String]

    func validate() throws {
        guard (1...64).contains(clients) else { throw ValidationError("--clients takes a number from 1 to 64.") }
        guard !command.isEmpty else { throw ValidationError("There is no command after `--`.") }
        guard record == nil || !faults.isEmpty else { throw ValidationError("--record is for a run with --fault.") }
    }

    func run() throws {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.sharesMemory = !noSharedMemory
        configuration.command = command
        if let record { return try make(configuration, recordedTo: record) }
        let campaign = FuzzCampaign(configuration, plans: try storedPlans(), guide: try guideOptions.makeGuide())
        let begin = ContinuousClock.now
        Interruption.install()
        do {
            let first = try campaign.begin { Interruption.isRequested }
            guard first.outcome == .finished || Interruption.isRequested else {
                throw UserError("the command fails even if nothing is done wrong: it \(first.outcome)")
            }
            if let guide = campaign.guide { try GuideOptions.check(guide) }
            if faults.isEmpty {
                try search(campaign, begin)
            } else if let finding = try campaign.step(FaultPlan(faults.map(\.entry)), seed: 0, shouldStop: { Interruption.isRequested }) {
                try store(finding, of: campaign)
            }
        } catch let error as SystemError {
            throw UserError("\(error)")
        }
        show(campaign)
        if let guide = campaign.guide {
            let (result, cost) = GuideOptions.text(guide)
            print("\nOf the model, \(result)", terminator: "")
            StandardError.write(cost)
        }
        let (boot, protocolPhase, teardown) = campaign.averagePhases
        let rate = RunOptions.rate(campaign.runs, since: begin)
        StandardError.write(
            "\(campaign.runs) runs with those for shortening, \(rate) a second, \(options.jobs) at a time; in each, "
                + String(format: "%.0f ms to boot, %.0f ms of protocol, %.0f ms to end\n", boot * 1e3, protocolPhase * 1e3, teardown * 1e3))
        if campaign.findings.contains(where: \.isFault) { throw ExitStatus.violated }
        if Interruption.isRequested { throw ExitStatus.inconclusive }
    }

    /// Makes one run.
    private func make(_ configuration: CalendarServer.Configuration, recordedTo path: String) throws {
        var configuration = configuration
        configuration.logPath = path
        Interruption.install()
        let run: FuzzRun
        do {
            run = try FuzzRun.run(configuration, plan: FaultPlan(faults.map(\.entry))) { Interruption.isRequested }
        } catch {
            throw UserError("\(error)", hint: error.code == EEXIST ? "it is there already, and is not overwritten" : nil)
        }
        for misdeed in run.misdeeds { print("    \(misdeed)\(misdeed.isAllowed ? "" : ", which a calendar may not")") }
        print("\(run.outcome)")
        if run.isFinding { throw ExitStatus.violated }
        if Interruption.isRequested { throw ExitStatus.inconclusive }
    }

    /// Makes runs in several threads.
    private func search(_ campaign: FuzzCampaign, _ begin: ContinuousClock.Instant) throws {
        let line = ProgressLine(isQuiet: false)
        let command = self
        let made = Atomic(0)
        defer { line.clear() }
        try options.makeRuns(since: begin) {
            let rate = RunOptions.rate(campaign.runs, since: begin)
            line.update(
                "\(made.load(ordering: .relaxed)) runs, \(rate) a second, \(campaign.findings.count) outcomes, "
                    + "\(campaign.coverage) covered"
                    + (campaign.guide.map { ", \($0.summary.taken.count) transitions of the model" } ?? ""))
        } run: { seed in
            if let finding = try campaign.step(seed: seed, shouldStop: { Interruption.isRequested }) {
                try command.store(finding, of: campaign)
                if finding.isFault { StandardError.write("heddle: \(finding.outcome)  FINDING\n") }
            }
            made.add(1, ordering: .relaxed)
        }
    }

    /// The plans of findings that are kept.
    private func storedPlans() throws -> [FaultPlan] {
        try keep.map { try FindingStore(path: $0).findings() }?.compactMap { finding in
            if case .plan(let plan, _, _) = finding.recipe { plan } else { nil }
        } ?? []
    }

    private func store(_ finding: FuzzCampaign.Finding, of campaign: FuzzCampaign) throws {
        guard let keep, finding.outcome != .finished else { return }
        try FindingStore(path: keep).keep(campaign.live(finding), misdeeds: finding.run.misdeeds, evidence: finding.evidence)
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
            let faults = finding.plan.entries.map { "--fault '\($0.spelling)'" }.joined(separator: " ")
            print("    \(faults)\(faults.isEmpty ? "" : ": ")as above, \(finding.replayed) of \(FuzzCampaign.replays) times")
        }
    }
}

/// A fault and its place on the command line.
struct PlannedFault: ExpressibleByArgument {
    var entry: FaultPlan.Entry

    init?(argument: String) {
        guard let entry = FaultPlan.Entry(argument) else { return nil }
        self.entry = entry
    }
}
