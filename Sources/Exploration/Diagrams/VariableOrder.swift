/// An order of variables in which those that are used together lie close to each other (FORCE: F. Aloul, I. Markov, K. Sakallah, 2003).
struct VariableOrder {
    /// For each variable, its place.
    private(set) var places: [Int]

    /// - Parameter groups: variables that are used together, none of them empty.
    init(_ count: Int, groups: [[Int]]) {
        places = Array(0..<count)
        var (best, least) = (places, span(of: groups))
        for _ in 0..<Self.rounds {
            move(groups)
            let span = span(of: groups)
            if span < least { (best, least) = (places, span) }
        }
        places = best
    }

    private static let rounds = 200

    /// The distances between the first and the last variable of each group, added up.
    private func span(of groups: [[Int]]) -> Int {
        groups.reduce(0) { sum, group in
            let own = group.lazy.map { places[$0] }
            return sum + (own.max() ?? 0) - (own.min() ?? 0)
        }
    }

    /// Moves each variable to the middle of the groups that it is in, which lie where their variables are on average.
    private mutating func move(_ groups: [[Int]]) {
        var (sums, counts) = ([Double](repeating: 0, count: places.count), [Double](repeating: 0, count: places.count))
        for group in groups {
            let center = Double(group.reduce(0) { $0 + places[$1] }) / Double(group.count)
            for variable in group {
                sums[variable] += center
                counts[variable] += 1
            }
        }
        let wanted = places.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : Double(places[$0]) }
        let order = places.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        for (place, variable) in order.enumerated() { places[variable] = place }
    }
}
