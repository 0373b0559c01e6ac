import TimeTravel

/// Commits the faults of a plan, and sees what has been covered: which messages have come to clients, and from them, in which state.
final class PlannedInterference: Interference {
    private let plan: FaultPlan
    /// Messages of the calendar's that there have been.
    private(set) var position = 0
    /// What was done, in the order in which it was.
    private(set) var committed: [Misdeed] = []
    /// The number of the last message that the calendar knows nothing of. Its own count up from 1.
    private var sequence = ownSequences
    private static let ownSequences: UInt32 = 1 << 31

    /// What a client waits for, as far as messages show.
    private var states: [Calendar.ClientID: String] = [:]
    /// Messages, with their direction and the state of the client.
    private(set) var coverage: Set<String> = []
    /// Of the messages, without their times, in their order.
    private(set) var shape = Hasher()
    /// When the first and the last message came from a client.
    private(set) var span: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?

    init(_ plan: FaultPlan) { self.plan = plan }

    func replace(_ delivery: Delivery, to client: Calendar.ClientID) -> [InterferenceAction] {
        defer { position += 1 }
        var before: [InterferenceAction] = []
        var delivery = delivery
        var count = 1
        var hold: (messages: Int, keepsOrder: Bool)?
        for entry in plan.entries where entry.position == position {
            if entry.fault == .withoutDescriptors, delivery.descriptors.isEmpty { continue }
            committed.append(Misdeed(fault: entry.fault, message: delivery.message, isFirst: !delivery.descriptors.isEmpty))
            let time = delivery.message.time
            switch entry.fault {
            case .broadcast(let value): before.append(own(.broadcast, value, to: client))
            case .freeUntil(let time): before.append(own(.freeUntil, time, to: client))
            case .run(let choice): before.append(own(.run, choice.time(besides: time), to: client))
            case .unknownOperation(let number): before.append(own(TimeTravel.Operation(rawValue: number), time, to: client))
            case .split(let length): delivery.split = length
            case .withoutDescriptors: delivery.descriptors = []
            case .duplicate: count = 2
            case .sequence(let delta): delivery.message.sequence &+= delta
            case .time(let choice): delivery.message.time = choice.time(besides: time)
            case .close: return before + [.close]
            case .delay(let messages): hold = (messages, true)
            case .overtaken: hold = hold ?? (.max, false)
            case .interrupt: before.append(.interrupt(client))
            case .store(let field, let choice): before.append(.store(field, choice.time(besides: time)))
            }
        }
        cover(delivery.message, to: client)
        let action = hold.map { InterferenceAction.hold(delivery, messages: $0.messages, keepsOrder: $0.keepsOrder) } ?? .deliver(delivery)
        return before + Array(repeating: action, count: count)
    }

    private func own(_ operation: TimeTravel.Operation, _ time: UInt64, to client: Calendar.ClientID) -> InterferenceAction {
        sequence += 1
        let message = Message(operation, sequence: sequence, time: time)
        cover(message, to: client)
        return .deliver(Delivery(message: message))
    }

    private func cover(_ message: Message, to client: Calendar.ClientID) {
        let state = states[client] ?? ""
        shape.combine(message.operation.rawValue)
        shape.combine(client.rawValue)
        coverage.insert("\(message.operation) to one that is in \(state)")
        switch message.operation {
        case .acknowledge: states[client] = state == "WAIT" ? "idle" : "running"
        case .run: states[client] = "running"
        default: break
        }
    }

    func lets(_ message: Message, from client: Calendar.ClientID) -> Bool {
        span = (span?.first ?? .now, .now)
        shape.combine(message.operation.rawValue)
        shape.combine(-client.rawValue)
        coverage.insert("\(message.operation) from one that is in \(states[client] ?? "")")
        if message.operation != .acknowledge { states[client] = "\(message.operation)" }
        return message.operation != .acknowledge || message.sequence <= Self.ownSequences
    }
}
