/// What a message of the time-travel protocol asks for or answers (`enum um_timetravel_ops` of `linux/um_timetravel.h`).
///
/// A wrong peer may send any number, so numbers without a name can be represented too.
public struct Operation: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The answer to any other message.
    public static let acknowledge = Operation(rawValue: 0)
    /// A client begins; the time is a number by which it wants to be known.
    public static let start = Operation(rawValue: 1)
    /// A client asks to be run at a time.
    public static let request = Operation(rawValue: 2)
    /// A client has nothing to do until the time that it has asked for.
    public static let wait = Operation(rawValue: 3)
    /// A client asks for the current time.
    public static let get = Operation(rawValue: 4)
    /// The running client says what time it has come to.
    public static let update = Operation(rawValue: 5)
    /// The calendar lets a client run, at the time that the message has.
    public static let run = Operation(rawValue: 6)
    /// The calendar lets a client go on by itself up to a time.
    public static let freeUntil = Operation(rawValue: 7)
    /// A client asks for the time of day.
    public static let getTimeOfDay = Operation(rawValue: 8)
    /// A value for all clients, from one of them by way of the calendar.
    public static let broadcast = Operation(rawValue: 9)

    /// All that have a name.
    public static let named: [Operation] = (0...9).map(Operation.init)

    private static let names = [
        "ACK", "START", "REQUEST", "WAIT", "GET", "UPDATE", "RUN", "FREE_UNTIL", "GET_TOD", "BROADCAST",
    ]
}

extension Operation: CustomStringConvertible {
    /// The name that it has in the kernel's header; its number if it has none.
    public var description: String {
        rawValue < Self.names.count ? Self.names[Int(rawValue)] : "operation \(rawValue)"
    }
}

extension Operation {
    /// The operation with this name in the kernel's header.
    public init?(name: String) {
        guard let number = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt32(number))
    }
}
