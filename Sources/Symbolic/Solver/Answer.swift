/// What Z3 answers to the question whether some values make everything true.
public enum Answer: Hashable, Sendable {
    case satisfiable
    case unsatisfiable
    /// Z3 gave up, and why: this is neither yes nor no.
    case unknown(String)
}

/// Counts of what a solver was asked.
public struct SolverStatistics: Hashable, Sendable {
    /// How often a question was asked.
    public var queries = 0
    /// How often the answer was unknown.
    public var unknowns = 0
    /// Seconds spent in Z3 on the questions.
    public var seconds = 0.0

    public init() {}

    /// Both counts together.
    public static func + (one: SolverStatistics, other: SolverStatistics) -> SolverStatistics {
        var sum = one
        sum.queries += other.queries
        sum.unknowns += other.unknowns
        sum.seconds += other.seconds
        return sum
    }
}
