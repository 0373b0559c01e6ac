/// What somebody has seen a real client or calendar do, with all that is needed to see it again.
public struct LiveFinding: Hashable, Sendable {
    /// In a few words.
    public var title: String
    /// The command of the clients or of the calendar when it was found, with its placeholders.
    public var command: [String]
    /// What that says it is, such as the version of a kernel; nil if it does not say.
    public var version: String?
    public var recipe: Recipe
    public var outcome: Outcome
    /// Whether the other side, which is Heddle, keeps to the protocol: then it is the command that fails.
    public var keepsRules: Bool
    /// How often it was seen again.
    public var seen: Int
    /// Of so many times.
    public var runs: Int
    /// The trace of a model that shows the same, as a path.
    public var trace: String?

    /// What brings it about.
    public enum Recipe: Hashable, Sendable {
        /// Heddle's calendar, which errs as planned.
        case plan(FaultPlan, clients: Int, sharesMemory: Bool)
        /// A calendar that says just this.
        case script(Script)
        /// Heddle's clients, for a calendar that waits for so many; and whether that ends when all have gone, as a rule.
        case clients(CalendarPlan, expected: Int, endsByItself: Bool)
    }

    /// What came of it.
    public enum Outcome: Hashable, Sendable, CustomStringConvertible {
        case ofClients(FuzzOutcome)
        case ofCalendar(CalendarOutcome)

        public var description: String {
            switch self {
            case .ofClients(let outcome): "\(outcome)"
            case .ofCalendar(let outcome): "\(outcome)"
            }
        }

        fileprivate var spelling: String {
            switch self {
            case .ofClients(let outcome): outcome.spelling
            case .ofCalendar(let outcome): outcome.spelling
            }
        }
    }

    public init(
        title: String, command: [String], version: String?, recipe: Recipe, outcome: Outcome, keepsRules: Bool, seen: Int, runs: Int,
        trace: String? = nil
    ) {
        self.title = title
        self.command = command
        self.version = version
        self.recipe = recipe
        self.outcome = outcome
        self.keepsRules = keepsRules
        self.seen = seen
        self.runs = runs
        self.trace = trace
    }

    /// A name for files: the letters and digits of the outcome.
    public var name: String {
        let words = outcome.description.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var name = ""
        for word in words where name.count + word.count < 60 { name += name.isEmpty ? "\(word)" : "-\(word)" }
        return name.isEmpty ? "finding" : name
    }

    /// `reproduced`, or how often it was.
    public var frequency: String { seen == runs ? "reproduced" : "seen \(seen) of \(runs) times" }
}

extension LiveFinding: Codable {
    private enum Key: String, CodingKey {
        case format, title, command, version, outcome, keepsRules = "keeps_rules", seen, runs, trace
        case faults, clients, sharesMemory = "shared_memory", script
        case plan, expected = "expected_clients", endsByItself = "ends_by_itself"
    }

    /// What files of this kind say they are.
    private static let format = "heddle live finding 1"

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard try container.decode(String.self, forKey: .format) == Self.format else {
            throw DecodingError.dataCorruptedError(forKey: .format, in: container, debugDescription: "this is not `\(Self.format)`")
        }
        title = try container.decode(String.self, forKey: .title)
        command = try container.decode([String].self, forKey: .command)
        version = try container.decodeIfPresent(String.self, forKey: .version)
        outcome = try Self.outcome(in: container)
        keepsRules = try container.decode(Bool.self, forKey: .keepsRules)
        seen = try container.decode(Int.self, forKey: .seen)
        runs = try container.decode(Int.self, forKey: .runs)
        trace = try container.decodeIfPresent(String.self, forKey: .trace)
        recipe = try Self.recipe(in: container)
    }

    /// Only a calendar has a plan of clients.
    private static func outcome(in container: KeyedDecodingContainer<Key>) throws -> Outcome {
        let text = try container.decode(String.self, forKey: .outcome)
        let outcome =
            container.contains(.plan) ? CalendarOutcome(text).map(Outcome.ofCalendar) : FuzzOutcome(text).map(Outcome.ofClients)
        guard let outcome else {
            throw DecodingError.dataCorruptedError(forKey: .outcome, in: container, debugDescription: "`\(text)` is no outcome")
        }
        return outcome
    }

    private static func recipe(in container: KeyedDecodingContainer<Key>) throws -> Recipe {
        func number(of key: Key) throws -> Int {
            let number = try container.decode(Int.self, forKey: key)
            guard (1...64).contains(number) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "there are 1 to 64 clients")
            }
            return number
        }
        if let lines = try container.decodeIfPresent([String].self, forKey: .script) {
            do {
                return .script(try Script(lines))
            } catch {
                throw DecodingError.dataCorruptedError(forKey: .script, in: container, debugDescription: "\(error)")
            }
        }
        if let plan = try container.decodeIfPresent(CalendarPlan.self, forKey: .plan) {
            guard !plan.clients.isEmpty else {
                throw DecodingError.dataCorruptedError(forKey: .plan, in: container, debugDescription: "there are no clients")
            }
            return .clients(
                plan, expected: try number(of: .expected), endsByItself: try container.decode(Bool.self, forKey: .endsByItself))
        }
        let entries = try container.decode([String].self, forKey: .faults).map { text in
            guard let entry = FaultPlan.Entry(text) else {
                throw DecodingError.dataCorruptedError(forKey: .faults, in: container, debugDescription: "`\(text)` is no fault")
            }
            return entry
        }
        return .plan(
            FaultPlan(entries), clients: try number(of: .clients), sharesMemory: try container.decode(Bool.self, forKey: .sharesMemory))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(title, forKey: .title)
        try container.encode(command, forKey: .command)
        try container.encodeIfPresent(version, forKey: .version)
        try container.encode(outcome.spelling, forKey: .outcome)
        try container.encode(keepsRules, forKey: .keepsRules)
        try container.encode(seen, forKey: .seen)
        try container.encode(runs, forKey: .runs)
        try container.encodeIfPresent(trace, forKey: .trace)
        switch recipe {
        case .script(let script): try container.encode(script.lines, forKey: .script)
        case .plan(let plan, let clients, let sharesMemory):
            try container.encode(plan.entries.map(\.spelling), forKey: .faults)
            try container.encode(clients, forKey: .clients)
            try container.encode(sharesMemory, forKey: .sharesMemory)
        case .clients(let plan, let expected, let endsByItself):
            try container.encode(plan, forKey: .plan)
            try container.encode(expected, forKey: .expected)
            try container.encode(endsByItself, forKey: .endsByItself)
        }
    }
}
