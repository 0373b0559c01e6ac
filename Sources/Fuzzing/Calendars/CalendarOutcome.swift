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

extension CalendarOutcome {
    /// Whether the calendar was there to be judged, whatever the clients did.
    public var isJudged: Bool {
        switch self {
        case .survived, .wrong, .cutOff, .starved, .goesOn, .ended(.killed): true
        case .silent, .ended(.exited): false
        }
    }
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

/// Outcomes in files: a word, and behind a colon what else there is to say.
extension CalendarOutcome {
    /// What `init(_:)` reads.
    public var spelling: String {
        switch self {
        case .survived: "survived"
        case .wrong(let text): "wrong: \(text)"
        case .cutOff(let text): "cut off: \(text)"
        case .starved(let text): "starved: \(text)"
        case .ended(.exited(let code)): "exited: \(code)"
        case .ended(.killed(let signal)): "killed: \(signal)"
        case .goesOn: "goes on"
        case .silent: "silent"
        }
    }

    /// Reads a spelling.
    public init?(_ spelling: String) {
        if let plain = [CalendarOutcome.survived, .goesOn, .silent].first(where: { $0.spelling == spelling }) {
            self = plain
            return
        }
        guard let colon = spelling.range(of: ": ") else { return nil }
        let text = String(spelling[colon.upperBound...])
        switch (spelling[..<colon.lowerBound], Int32(text)) {
        case ("wrong", _): self = .wrong(text)
        case ("cut off", _): self = .cutOff(text)
        case ("starved", _): self = .starved(text)
        case ("exited", let code?): self = .ended(.exited(code: code))
        case ("killed", let signal?): self = .ended(.killed(signal: signal))
        default: return nil
        }
    }
}
