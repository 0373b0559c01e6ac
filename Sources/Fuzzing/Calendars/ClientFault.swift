import TimeTravel

/// What a client does wrong, or at an odd moment, when it is about to send a message to a calendar.
public enum ClientFault: Hashable, Sendable {
    /// Sends another message before: any number for its operation.
    case send(UInt32, TimeChoice)
    /// Sends the message with another time.
    case time(TimeChoice)
    /// Sends the message with a sequence number that is off by this.
    case sequence(UInt32)
    /// Sends the message twice.
    case duplicate
    /// Sends the message in two pieces, the first of so many bytes.
    case split(Int)
    /// Sends so many bytes of it only, and goes on with the next.
    case truncate(Int)
    /// Does not send it.
    case drop
    /// Sends so many GETs, and reads nothing any more.
    case flood(Int)
    /// Closes the connection, after so many bytes of the message.
    case close(Int)
    /// Stores in the header of the shared memory, if it has some.
    case store(SharedField, TimeChoice)
    /// Stores in a slot of the shared memory: flags and capabilities from these bits.
    case storeSlot(UInt16, bits: UInt32, TimeChoice)

    /// Times at the edges of what there is.
    public enum TimeChoice: String, Hashable, Sendable, CaseIterable {
        case zero, past, now, soon, forever, maximum

        func time(at now: UInt64) -> UInt64 {
            switch self {
            case .zero: 0
            case .past: now &- 1
            case .now: now
            case .soon: now &+ 5
            case .forever: Time.forever
            case .maximum: .max
            }
        }
    }

    /// Whether a client may do so. A stream has no borders between messages.
    public var isAllowed: Bool { if case .split = self { true } else { false } }

    static func random(using random: inout some RandomNumberGenerator) -> ClientFault {
        let time = TimeChoice.allCases.randomElement(using: &random) ?? .now
        switch Int.random(in: 0..<14, using: &random) {
        case 0...3: return .send([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, UInt32.max].randomElement(using: &random) ?? 0, time)
        case 4, 5: return .time(time)
        case 6: return .sequence([1, UInt32.max].randomElement(using: &random) ?? 1)
        case 7: return .duplicate
        case 8: return .split(Int.random(in: 1..<Message.length, using: &random))
        case 9: return .truncate(Int.random(in: 1..<Message.length, using: &random))
        case 10: return .drop
        case 11: return Bool.random(using: &random) ? .close(Int.random(in: 0..<Message.length, using: &random)) : .flood(2000)
        case 12: return .store(SharedField.allCases.randomElement(using: &random) ?? .currentTime, time)
        default: return .storeSlot(UInt16.random(in: 0...4, using: &random), bits: UInt32.random(in: 0...3, using: &random), time)
        }
    }
}

extension ClientFault: CustomStringConvertible {
    /// What is done, to be followed by the message that it is done to.
    public var description: String {
        switch self {
        case .send(let operation, let time): "\(TimeTravel.Operation(rawValue: operation)) \(time.name) before"
        case .time(let time): "\(time.name) in"
        case .sequence(let delta): "a sequence number that is \(delta) too high in"
        case .duplicate: "twice"
        case .split(let count): "\(count) bytes, then the rest, of"
        case .truncate(let count): "\(count) bytes only of"
        case .drop: "nothing in place of"
        case .flood(let count): "\(count) GETs, and no reading any more, before"
        case .close(let count): "the end of the connection after \(count) bytes of"
        case .store(let field, let time): "\(field.rawValue) := \(time.name) before"
        case .storeSlot(let slot, let bits, let time):
            "slot \(slot) := capa \(bits & 1), flags \(bits >> 1), req_time \(time.name) before"
        }
    }
}

extension ClientFault.TimeChoice {
    fileprivate var name: String {
        switch self {
        case .zero: "0"
        case .past: "1 ns ago"
        case .now: "now"
        case .soon: "in 5 ns"
        case .forever: "S64_MAX"
        case .maximum: "2^64-1"
        }
    }
}
