/// Why a trace could not be read from a file, or written to one.
public struct TraceFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var reason: String
    /// Where: a line and column of the text, or a member such as `states[3].#meta.step`; empty if it is the whole file.
    public var place: String
    /// The file, once it is known.
    public var path: String?

    public init(_ reason: String, at place: String = "", path: String? = nil) {
        self.reason = reason
        self.place = place
        self.path = path
    }

    public var description: String {
        [path, place.isEmpty ? nil : place, reason].compactMap(\.self).joined(separator: ": ")
    }
}
