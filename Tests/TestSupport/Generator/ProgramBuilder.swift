/// The program that is being written: its declarations, its lines so far and the choices made for it.
///
/// Extensions write expressions, statements, messages and processes.
final class ProgramBuilder {
    typealias Feature = GeneratorProfile.Feature

    var random: SplitMix64
    let profile: GeneratorProfile
    /// What this program uses.
    let features: Set<Feature>
    /// Whether what may block gets a way out.
    let isGuarded: Bool
    /// Whether assertions may fail.
    let isViolating: Bool
    /// Whether some process can always move, so that no run ends.
    let hasRunner: Bool

    var globals: [Variable] = []
    var locals: [Variable] = []
    var channels: [Channel] = []
    /// The channel of structures, if there is one.
    var structureChannel: String?
    var inlines: [Inline] = []
    var macros: [String] = []
    var proctypes: [Proctype] = []
    /// Write-only scratch, for its value is not part of the state.
    var hiddenVariable: String?
    let colours = ["red", "green", "blue"]

    private(set) var lines: [String] = []
    private var indentation = 0
    private var nameCounts: [String: Int] = [:]
    /// How many statements may still be written in the current process.
    var budget = 0
    /// A label that the next statement that can have one gets.
    var nextLabel: String?
    /// All labels of the current process that others may ask for.
    var placedLabels: [String] = []
    /// Labels that a later statement of the current process must carry.
    var pendingLabels: [String] = []
    /// How many processes the current process may still start.
    var runsLeft = 0
    /// Whether the current process is `init`: Spin reports initial values that do not fit there, but not elsewhere.
    var isInInit = false
    /// Whether references to other processes are out of place here.
    var isRemoteForbidden = false

    init(seed: UInt64, profile: GeneratorProfile) {
        var random = SplitMix64(seed: seed)
        var features: Set<Feature> = []
        for feature in Feature.allCases where Double.random(in: 0..<1, using: &random) < profile.chances[feature] ?? 0 {
            features.insert(feature)
        }
        // Spin refuses enabled() in models with rendezvous.
        if features.contains(.enabledQueries) { features.remove(.rendezvous) }
        isGuarded = Double.random(in: 0..<1, using: &random) < profile.guardedChance
        isViolating = Double.random(in: 0..<1, using: &random) < profile.violatingChance
        hasRunner = profile.claim != nil && Double.random(in: 0..<1, using: &random) < 0.6
        self.features = features
        self.profile = profile
        self.random = random
    }

    // MARK: Choices

    func has(_ feature: Feature) -> Bool {
        features.contains(feature)
    }

    func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    /// Whether to use a feature here: its being on, and a die.
    func chance(_ probability: Double, of feature: Feature) -> Bool {
        has(feature) && chance(probability)
    }

    func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    func pick<Element>(_ choices: [Element]) -> Element? {
        choices.randomElement(using: &random)
    }

    func pick<Element>(_ first: Element, _ rest: Element...) -> Element {
        let index = number(0...rest.count)
        return index == 0 ? first : rest[index - 1]
    }

    /// One of the choices, each as likely as its weight among all weights.
    func weighted<Choice>(_ choices: [(weight: Int, choice: Choice)]) -> Choice? {
        let total = choices.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        var die = number(0...(total - 1))
        for (weight, choice) in choices {
            if die < weight { return choice }
            die -= weight
        }
        return nil
    }

    // MARK: Lines

    func emit(_ line: String) {
        if let label = nextLabel, canCarryLabel(line) {
            nextLabel = nil
            return emit(label: label, line)
        }
        lines.append(String(repeating: "    ", count: indentation) + line)
    }

    /// Whether a line starts a statement, and one that has no label yet.
    private func canCarryLabel(_ line: String) -> Bool {
        let nonStatements = ["::", "}", "{", "fi", "od", "byte ", "chan "]
        return !nonStatements.contains(where: line.hasPrefix) && !(line.prefix { $0 != " " }).hasSuffix(":")
    }

    /// A labelled statement. Spin refuses a label on the first statement of a sequence in braces.
    func emit(label: String, _ statement: String) {
        if let last = lines.last, last.hasSuffix("{"), last.hasPrefix(" ") { emit("skip;") }
        placedLabels.append(label)
        emit("\(label): \(statement)")
    }

    /// Puts the body one level deeper.
    func nested(_ body: () -> Void) {
        indentation += 1
        body()
        indentation -= 1
    }

    /// Puts the body one level deeper, between braces that the caller writes: what it declares ends with it.
    func scoped(_ body: () -> Void) {
        let outer = locals.count
        nested(body)
        locals.removeSubrange(outer...)
    }

    /// A name with this stem that the program does not have yet.
    func fresh(_ stem: String) -> String {
        defer { nameCounts[stem, default: 0] += 1 }
        return "\(stem)\(nameCounts[stem, default: 0])"
    }
}
