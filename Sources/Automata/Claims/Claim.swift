/// What a model claims of its runs, infinite ones included.
public enum Claim: Hashable, Sendable {
    /// An `ltl` block, by its position in `Program.formulas`: every run satisfies it.
    case formula(Int)
    /// A `never` claim, by its position in `Program.neverClaims`: no run is matched by it.
    case neverClaim(Int)
    /// No run goes through an `accept` label of a process for ever.
    case acceptance
    /// Every run that does not end goes through `progress` labels for ever.
    case progress
}

/// Which runs count: a scheduler that starves a process may be left out of account.
public enum Fairness: String, CaseIterable, Hashable, Sendable {
    /// All runs count.
    case none
    /// Runs count in which each process that could move from some point on, without a pause, does move again and again.
    case weak
    /// Runs count in which each process that could move again and again does move again and again.
    case strong
}
