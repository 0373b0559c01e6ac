import TimeTravel

/// What a calendar does wrong, or at an odd moment, when it is about to send a message.
public enum Fault: Hashable, Sendable {
    /// Sends BROADCAST with this value before.
    case broadcast(UInt64)
    /// Sends FREE_UNTIL before, with this time.
    case freeUntil(UInt64)
    /// Sends the message in two pieces, the first of so many bytes.
    case split(Int)
    /// Leaves out the descriptors beside START's ACK.
    case withoutDescriptors
    /// Sends RUN before, at the time of the message or at another.
    case run(TimeChoice)
    /// Sends the message twice.
    case duplicate
    /// Sends the message with a sequence number that is off by this.
    case sequence(UInt32)
    /// Sends the message with another time.
    case time(TimeChoice)
    /// Sends an operation that the protocol does not have before.
    case unknownOperation(UInt32)
    /// Closes the connection in place of sending.
    case close
    /// Sends the message, and all that come behind it, when so many more have come from clients, or nothing happens any more.
    case delay(Int)
    /// Sends the message behind the next one to the client.
    case overtaken
    /// Lets a device interrupt the kernel before, without waiting until that has been taken.
    case interrupt
    /// Stores a time in the shared memory before.
    case store(SharedField, TimeChoice)

    /// Times at the edges of what there is.
    public enum TimeChoice: String, Hashable, Sendable, CaseIterable {
        case zero, same, before, after, forever, maximum

        func time(besides time: UInt64) -> UInt64 {
            switch self {
            case .zero: 0
            case .same: time
            case .before: time &- 1
            case .after: time &+ 1
            case .forever: Time.forever
            case .maximum: .max
            }
        }
    }

    /// Whether a calendar may do so. What fails under this alone is a fault of the client's.
    ///
    /// BROADCAST and FREE_UNTIL can come at any moment, with a time that is not later than the one which the client has; others may lower
    /// what is in the shared memory; a stream has no borders between messages, nor promises when they come; and descriptors are optional.
    public var isAllowed: Bool {
        switch self {
        case .broadcast, .freeUntil(0), .split, .withoutDescriptors, .delay, .store(.freeUntil, .zero): true
        case .freeUntil, .run, .duplicate, .sequence, .time, .unknownOperation, .close, .overtaken, .interrupt, .store: false
        }
    }
}

extension Fault: CustomStringConvertible {
    /// What is done, to be followed by the message that it is done to.
    public var description: String {
        switch self {
        case .broadcast(let value): "BROADCAST \(value) before"
        case .freeUntil(let time): "FREE_UNTIL \(time) before"
        case .split(let count): "\(count) byte\(count == 1 ? "" : "s"), then the rest, of"
        case .withoutDescriptors: "no descriptors beside"
        case .run(let choice): "RUN \(choice.name) before"
        case .duplicate: "twice"
        case .sequence(let delta): "a sequence number that is \(delta) too high in"
        case .time(let choice): "a time that is \(choice.name) in"
        case .unknownOperation(let number): "operation \(number) before"
        case .close: "the end of the connection in place of"
        case .delay(let count): "waiting for \(count) message\(count == 1 ? "" : "s") before"
        case .overtaken: "the next message before"
        case .interrupt: "an interrupt before"
        case .store(let field, let choice): "\(field.rawValue) := \(choice.name) before"
        }
    }
}

extension Fault.TimeChoice {
    var name: String {
        switch self {
        case .zero: "0"
        case .same: "the same"
        case .before: "1 ns less"
        case .after: "1 ns more"
        case .forever: "S64_MAX"
        case .maximum: "2^64-1"
        }
    }
}

extension Fault {
    /// Any of them.
    static func random(using random: inout some RandomNumberGenerator) -> Fault {
        let choice = TimeChoice.allCases.randomElement(using: &random) ?? .same
        switch Int.random(in: 0..<15, using: &random) {
        case 0: return .broadcast(UInt64.random(in: 0...UInt64.max, using: &random))
        case 1: return .freeUntil([0, 0, 1, 1_000_000_000, Time.forever, .max].randomElement(using: &random) ?? 0)
        case 2: return .split(Int.random(in: 1..<Message.length, using: &random))
        case 3: return .withoutDescriptors
        case 4, 5: return .run(choice)
        case 6: return .duplicate
        case 7: return .sequence([1, 2, UInt32.max].randomElement(using: &random) ?? 1)
        case 8: return .time(choice)
        case 9, 10: return .delay(Int.random(in: 1...8, using: &random))
        case 11: return .overtaken
        case 13: return .interrupt
        case 12: return .store(SharedField.allCases.randomElement(using: &random) ?? .currentTime, choice)
        default:
            return Bool.random(using: &random) ? .unknownOperation([10, 255, UInt32.max].randomElement(using: &random) ?? 10) : .close
        }
    }
}
