/// Makes small random Promela programs that Spin accepts, to compare engines with Spin and with each other.
///
/// The same seed and profile always give the same program. Programs have finite, mostly small state spaces: loops are
/// counted or work on few values, and at most six processes live at a time. No division by zero and no index out of
/// range occurs. One statement stands on a line, so that a `Shrinker` can take lines away.
public struct ProgramGenerator: Sendable {
    /// What the program depends on, besides the profile.
    public var seed: UInt64
    /// What the program may contain.
    public var profile: GeneratorProfile

    /// Describes a program; `makeProgram` writes it.
    public init(seed: UInt64, profile: GeneratorProfile = .everything) {
        self.seed = seed
        self.profile = profile
    }

    /// The program's text.
    public func makeProgram() -> String {
        let builder = ProgramBuilder(seed: seed, profile: profile)
        return builder.build()
    }
}
