import CZ3

/// What all solvers of this program take together.
public enum SolverMemory {
    /// Bytes that Z3 has allocated.
    public static var bytes: Int { Int(clamping: Z3_get_estimated_alloc_size()) }
}
