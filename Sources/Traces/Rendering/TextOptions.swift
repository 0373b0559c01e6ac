/// How a trace is drawn as text.
public struct TextOptions: Hashable, Sendable {
    /// How wide a line may be.
    public var columns: Int
    /// Whether only ASCII characters may be used.
    public var isASCII: Bool
    /// Whether processes, changes and failures are set off with ANSI escape sequences.
    public var usesColor: Bool

    public init(columns: Int = 100, isASCII: Bool = false, usesColor: Bool = false) {
        self.columns = min(max(60, columns), 400)
        self.isASCII = isASCII
        self.usesColor = usesColor
    }
}
