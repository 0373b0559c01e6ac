/// Makes machine code of a system while a search goes on without it.
public protocol SuccessorCompiler: AnyObject, Sendable {
    /// Asked from time to time: starts to compile where the search has become long enough to be worth it.
    /// - Parameters:
    ///   - states: how many states have been found.
    ///   - seconds: how long that has taken.
    /// - Returns: the machine code, once there is any.
    func expansion(of system: System, states: Int, seconds: Double) -> CompiledExpansion?
}
