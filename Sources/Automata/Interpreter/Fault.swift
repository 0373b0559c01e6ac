import Promela

/// What is wrong with a model at run time.
public struct Fault: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case assertionFailed
        case indexOutOfBounds
        case divisionByZero
        case uninitializedChannel
        case wrongMessageLength
        case tooManyProcesses
        case tooManyChannels
        case blockedDeterministicStep
        case endlessDeterministicStep
        case rendezvousInDeterministicStep
        case remoteReferenceToOtherType
        case priorityOutOfRange
        case selectRangeTooLarge
        /// A result, or a value that is stored, does not fit, and is cut to size.
        case wrapAround
        /// An event that a `trace` assertion has no place for.
        case traceMismatch
        /// All that a `notrace` assertion describes has happened.
        case notraceMatched
        /// Nothing can happen any more, but a trace assertion still waits for events.
        case unfinishedTrace
        /// An event that fits two ways on in a trace assertion.
        case nondeterministicTrace

        /// Whether the step that runs into it goes on all the same, so that all that follows is looked at.
        public var goesOn: Bool { self == .assertionFailed || self == .wrapAround }
    }

    public var kind: Kind
    /// In words, with the values that broke it.
    public var message: String
    public var span: Span
    public var pid: Int
}

/// A span in the model.
public typealias SourceReference = Span

/// A value that its variable could not hold, and so was cut to size.
public struct Truncation: Hashable, Sendable {
    /// The variable, as the model names it.
    public var name: String
    public var typeName: String
    /// The first such value.
    public var value: Int64
    /// What it became.
    public var stored: Int64
    public var span: Span
    public var count: Int
    /// The number of the store, among all those of the system.
    var site: Int
}

extension [Truncation] {
    /// Adds what was found after these.
    public mutating func merge(_ later: [Truncation]) {
        for truncation in later {
            if let index = firstIndex(where: { $0.site == truncation.site }) {
                self[index].count += truncation.count
            } else {
                append(truncation)
            }
        }
    }

    /// In the order of the source.
    public func inSourceOrder() -> [Truncation] {
        sorted { ($0.span.file.index, $0.span.start, $0.site) < ($1.span.file.index, $1.span.start, $1.site) }
    }
}
