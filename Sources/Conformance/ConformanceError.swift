/// Why a log cannot be compared with a model: something in one of them, or in what the model says about logs, has to be mended.
public struct ConformanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file, with line and column as far as they are known.
    public var place: String
    public var message: String
    /// What can be done about it.
    public var hint: String?

    public init(_ message: String, at place: String, hint: String? = nil) {
        self.message = message
        self.place = place
        self.hint = hint
    }

    public var description: String { "\(place): \(message)" }
}
