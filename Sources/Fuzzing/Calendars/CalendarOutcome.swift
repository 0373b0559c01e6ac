import TimeTravel

/// How a calendar has stood a run.
public enum CalendarOutcome: Hashable, Sendable {
    /// All clients that keep to the protocol came to their ends.
    case survived
    /// It broke a rule of the protocol, or a client that keeps to it failed. Numbers are replaced by `#`.
    case wrong(String)
    /// A client that keeps to the protocol was cut off.
    case cutOff(String)
    /// Nothing happens any more, although a client that keeps to the protocol waits for this.
    case starved(String)
    /// It ended while there were clients, or was killed by a signal.
    case ended(ProcessTree.Ending)
    /// It goes on although all clients have gone, which it did not do at first.
    case goesOn
    /// It does not listen where it should.
    case silent
}

extension CalendarOutcome: CustomStringConvertible {
    public var description: String {
        switch self {
        case .survived: "survived"
        case .wrong(let text): text
        case .cutOff(let text): "a client that keeps to the protocol was cut off \(text)"
        case .starved(let text): "a client that keeps to the protocol waits for ever \(text)"
        case .ended(let ending): "the calendar \(ending)"
        case .goesOn: "the calendar goes on although all clients have gone"
        case .silent: "the calendar does not listen"
        }
    }
}
