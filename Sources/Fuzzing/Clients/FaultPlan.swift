import TimeTravel

/// Which faults a calendar commits in a run, and when.
public struct FaultPlan: Hashable, Sendable {
    /// A fault, and the message of the calendar's, counted from 0 on, at which it is committed.
    public struct Entry: Hashable, Sendable {
        public var position: Int
        public var fault: Fault

        public init(position: Int, fault: Fault) {
            self.position = position
            self.fault = fault
        }
    }

    public var entries: [Entry]

    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// A plan of chance: the same for the same seed.
    /// - Parameter messages: how many messages the calendar sends if nothing goes wrong.
    public static func random(seed: UInt64, messages: Int) -> FaultPlan {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 1...4, using: &random)
        let entries = (0..<count).map { _ in
            Entry(position: Int.random(in: 0..<max(1, messages), using: &random), fault: Fault.random(using: &random))
        }
        return FaultPlan(entries.sorted { $0.position < $1.position })
    }

    /// The plan without one of its faults.
    func without(_ index: Int) -> FaultPlan {
        var plan = self
        plan.entries.remove(at: index)
        return plan
    }
}

/// A fault that has been committed.
public struct Misdeed: Hashable, Sendable, CustomStringConvertible {
    public var fault: Fault
    /// What the calendar was about to send.
    public var message: Message
    /// Whether that was START's ACK.
    public var isFirst: Bool

    /// Whether a calendar may do so. Nothing may come before START's ACK.
    public var isAllowed: Bool {
        switch fault {
        case .broadcast, .freeUntil: !isFirst
        default: fault.isAllowed
        }
    }

    /// `RUN 0 before ACK (time 5)`.
    public var description: String { "\(fault) \(isFirst ? "START's ACK" : "\(message.operation)")" }
}

/// Commits the faults of a plan.
final class PlannedInterference: Interference {
    private let plan: FaultPlan
    /// Messages of the calendar's that there have been.
    private(set) var position = 0
    /// What was done, in the order in which it was.
    private(set) var committed: [Misdeed] = []
    /// The number of the last message that the calendar knows nothing of. Its own count up from 1.
    private var sequence = ownSequences
    private static let ownSequences: UInt32 = 1 << 31

    init(_ plan: FaultPlan) { self.plan = plan }

    func replace(_ delivery: Delivery, to client: Calendar.ClientID) -> [InterferenceAction] {
        defer { position += 1 }
        var before: [Delivery] = []
        var delivery = delivery
        var count = 1
        for entry in plan.entries where entry.position == position {
            if entry.fault == .withoutDescriptors, delivery.descriptors.isEmpty { continue }
            committed.append(Misdeed(fault: entry.fault, message: delivery.message, isFirst: !delivery.descriptors.isEmpty))
            let time = delivery.message.time
            switch entry.fault {
            case .broadcast(let value): before.append(own(.broadcast, value))
            case .freeUntil(let time): before.append(own(.freeUntil, time))
            case .run(let choice): before.append(own(.run, choice.time(besides: time)))
            case .unknownOperation(let number): before.append(own(TimeTravel.Operation(rawValue: number), time))
            case .split(let length): delivery.split = length
            case .withoutDescriptors: delivery.descriptors = []
            case .duplicate: count = 2
            case .sequence(let delta): delivery.message.sequence &+= delta
            case .time(let choice): delivery.message.time = choice.time(besides: time)
            case .close: return before.map { .deliver($0) } + [.close]
            }
        }
        return (before + Array(repeating: delivery, count: count)).map { .deliver($0) }
    }

    private func own(_ operation: TimeTravel.Operation, _ time: UInt64) -> Delivery {
        sequence += 1
        return Delivery(message: Message(operation, sequence: sequence, time: time))
    }

    func lets(_ message: Message, from client: Calendar.ClientID) -> Bool {
        message.operation != .acknowledge || message.sequence <= Self.ownSequences
    }
}
