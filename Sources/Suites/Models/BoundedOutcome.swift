import Exploration
import Symbolic

extension Statistics {
    /// What a bounded check has to say of the same kind.
    init(_ bounded: BoundedStatistics) {
        self.init()
        depthReached = bounded.depth
        transitions = bounded.moves
        seconds = bounded.seconds
    }
}

extension SearchResult {
    /// What a bounded check found, as a search would say it.
    init(_ bounded: BoundedResult) {
        self.init(
            verdicts: bounded.verdicts.map { property, verdict in
                switch verdict {
                case .holds: (property, .holds)
                case .violated: (property, .violated)
                case .inconclusive(let reason): (property, .inconclusive(.engine(reason.explanation)))
                }
            },
            violations: bounded.violations, statistics: Statistics(bounded.statistics), truncations: [])
    }
}
