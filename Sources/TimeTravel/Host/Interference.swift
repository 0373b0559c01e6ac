/// Comes between a calendar and its clients, to see what clients make of a calendar that errs.
///
/// The calendar itself does not know of it, so what it does remains right; what reaches the clients need not.
public protocol Interference: AnyObject {
    /// What is done in place of sending a message.
    func replace(_ delivery: Delivery, to client: Calendar.ClientID) -> [InterferenceAction]

    /// Whether the calendar hears of a message.
    func lets(_ message: Message, from client: Calendar.ClientID) -> Bool
}

/// A message as it goes to a client.
public struct Delivery: Sendable {
    public var message: Message
    public var descriptors: [Descriptor]
    /// So many bytes go first, in a piece of their own.
    public var split = 0

    public init(message: Message, descriptors: [Descriptor] = []) {
        self.message = message
        self.descriptors = descriptors
    }
}

/// What can be done in place of sending a message.
public enum InterferenceAction: Sendable {
    case deliver(Delivery)
    /// Delivers once so many more messages have come from anybody, or nothing happens any more.
    /// - `keepsOrder`: later messages to the client wait too; otherwise the next one overtakes this.
    case hold(Delivery, messages: Int, keepsOrder: Bool)
    /// Lets a client's device interrupt it, if it has one.
    case interrupt(Calendar.ClientID)
    /// Stores a value in the shared memory, if there is any.
    case store(SharedField, UInt64)
    /// Closes the connection.
    case close
}
