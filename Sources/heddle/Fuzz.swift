import ArgumentParser

/// `heddle fuzz`
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for faults in what speaks the time-travel protocol, by runs of chance.",
        discussion: "Exit codes: 0 no finding, 1 a finding, 2 wrong input, 3 Ctrl-C.",
        subcommands: [FuzzClient.self, FuzzCalendar.self])
}
