/// Which interleavings a search may leave out.
public enum Reduction: String, CaseIterable, Sendable {
    /// None.
    case none
    /// Those that lead to no other states, breadth first: all states are found, but of steps that do not depend on each other, one is
    /// taken first. See `SleepSets`.
    case sleep
    /// Those that differ from others only in the order of steps that do not depend on each other.
    case stubborn
    /// The same, breadth first, in searches of many states in which that is much; otherwise as `sleep`: see `Search.survey`.
    case automatic = "auto"
}
