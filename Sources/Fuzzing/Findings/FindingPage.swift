import TimeTravel

/// The page that explains a finding, until somebody writes a better one.
public struct FindingPage {
    private let finding: LiveFinding
    private let misdeeds: [Misdeed]
    private let run: LiveRun
    /// The most lines that are quoted of the console and of the log.
    private static let quoted = 20

    /// - Parameters:
    ///   - misdeeds: what a calendar of Heddle's has done.
    ///   - run: the last that showed it.
    public init(_ finding: LiveFinding, misdeeds: [Misdeed] = [], run: LiveRun) {
        self.finding = finding
        self.misdeeds = misdeeds
        self.run = run
    }

    /// In Markdown.
    public var text: String {
        var text = "# \(finding.title)\n\n"
        text += "\(blame) It was \(finding.frequency == "reproduced" ? "seen again \(finding.runs) of \(finding.runs) times" : finding.frequency).\n\n"
        if let version = finding.version { text += "    \(version)\n\n" }
        text += recipe
        text += "The outcome: \(finding.outcome).\n\n"
        text += section("The last messages", MessageSequence(log: run.log).entries.map(\.description))
        text += section("The end of the console", run.console)
        let command = finding.command.joined(separator: " ")
        return text + "Again: `heddle replay` with this folder and `-- \(command)`.\n"
    }

    /// Who is to blame.
    private var blame: String {
        switch (finding.outcome, finding.keepsRules) {
        case (.ofClients, true): "The calendar keeps to the protocol, so this is a fault of the client's."
        case (.ofClients, false): "The calendar breaks a rule of the protocol; what the client makes of it may be right."
        case (.ofCalendar, true): "All clients keep to the protocol, so this is a fault of the calendar's."
        case (.ofCalendar, false): "Some clients break rules of the protocol; those that do not should not suffer from that, but do."
        }
    }

    /// What brings it about, in words; nothing for a script.
    private var recipe: String {
        switch finding.recipe {
        case .script: return ""
        case .plan(let plan, let clients, let sharesMemory):
            var text = "\(clients == 1 ? "One client" : "\(clients) clients"), \(sharesMemory ? "with" : "without") shared memory. "
            text += "The calendar's messages count from 0; what it did to them:\n\n"
            for (entry, misdeed) in zip(plan.entries, misdeeds) {
                text += "- message \(entry.position): \(misdeed)\(misdeed.isAllowed ? "" : ", which a calendar may not")\n"
            }
            return text + (plan.entries.isEmpty ? "- nothing\n\n" : "\n")
        case .clients(let plan, let expected, _):
            let lines = plan.description.split(separator: "\n").map { "    \($0)\n" }.joined()
            return "The calendar was told to wait for \(expected == 1 ? "one client" : "\(expected) clients"). "
                + "These came; their messages count from 0:\n\n\(lines)\n"
        }
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        return "\(title):\n\n" + lines.suffix(Self.quoted).map { "    \($0)\n" }.joined() + "\n"
    }
}
