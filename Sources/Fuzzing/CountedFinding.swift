/// What several runs of a campaign may have come to.
protocol CountedFinding {
    /// Runs that had it.
    var count: Int { get set }
}

extension Array where Element: CountedFinding {
    /// Counts a run with those that came to the same, if there are any; otherwise keeps what it has found, if it is given.
    /// - Returns: whether there were any.
    mutating func countAgain(or finding: Element?, where isSame: (Element) -> Bool) -> Bool {
        if let index = firstIndex(where: isSame) {
            self[index].count += 1
            return true
        }
        if let finding { append(finding) }
        return false
    }
}
