import ArgumentParser

/// `heddle fuzz`
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Look for faults in a model, or in what speaks the time-travel protocol, by runs of chance.",
        discussion: """
            `heddle fuzz MODEL` is short for `heddle fuzz model MODEL`.

            Exit codes: 0 no finding, 1 a finding, 2 wrong input, 3 Ctrl-C, or a model of which nothing is proved.
            """,
        subcommands: [FuzzModel.self, FuzzClient.self, FuzzCalendar.self], defaultSubcommand: FuzzModel.self)
}
