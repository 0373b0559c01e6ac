import Promela

/// All explanations, in sections.
public enum Catalogue {
    /// Explanations that belong together.
    public struct Section: Sendable {
        public var title: String
        public var explanations: [Explanation]
    }

    public static let sections = [
        Section(title: "Verdicts", explanations: Explanation.verdicts),
        Section(title: "Properties", explanations: Explanation.properties),
        Section(title: "Diagnostics: characters, numbers, comments", explanations: Explanation.ofCharacters),
        Section(title: "Diagnostics: preprocessor directives", explanations: Explanation.ofDirectives),
        Section(title: "Diagnostics: macros", explanations: Explanation.ofMacros),
        Section(title: "Diagnostics: the form of a model", explanations: Explanation.ofForm + Explanation.ofBlocks),
        Section(title: "Diagnostics: names and types", explanations: Explanation.ofNames + Explanation.ofTypes),
        Section(title: "Diagnostics: statements", explanations: Explanation.ofStatements),
        Section(title: "Diagnostics: processes and messages", explanations: Explanation.ofProcesses),
        Section(title: "Diagnostics: limits", explanations: Explanation.ofLimits),
    ]

    /// What a word means: more than one thing where a property and a diagnostic share it.
    public static func explanations(of name: String) -> [Explanation] {
        sections.flatMap(\.explanations).filter { $0.name == name.lowercased() }
    }

    /// The words that are most like one that is none, nearest first: spelled nearly so, in whole or in a part, or with that
    /// word in their summary.
    public static func names(like name: String, count: Int = 3) -> [String] {
        let wanted = name.lowercased()
        guard wanted.count > 1 else { return [] }
        var distances: [String: Int] = [:]
        for explanation in sections.flatMap(\.explanations) {
            let known = explanation.name
            let parts = known.split(separator: "-").filter { $0.count > 3 }
            var distance = EditDistance.between(wanted, known)
            if known != wanted, known.contains(wanted) { distance = min(distance, 1) }
            if let nearest = parts.map({ EditDistance.between(wanted, String($0)) }).min() { distance = min(distance, nearest + 1) }
            if explanation.summary.lowercased().split(whereSeparator: { !$0.isLetter }).contains(Substring(wanted)) {
                distance = min(distance, 2)
            }
            distances[known] = min(distance, distances[known] ?? .max)
        }
        let limit = min(3, max(1, wanted.count / 3))
        return distances.filter { $0.value <= limit }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .prefix(count).map(\.key)
    }
}

/// How many letters must be inserted, removed or replaced to get from one text to another (Wagner and Fischer, 1974).
enum EditDistance {
    static func between(_ first: String, _ second: String) -> Int {
        let columns = Array(second)
        var row = Array(0...columns.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in columns.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[columns.count]
    }
}
