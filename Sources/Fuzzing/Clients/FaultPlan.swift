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

    /// A plan that has much of this one: the same for the same generator.
    func mutated(messages: Int, using random: inout some RandomNumberGenerator) -> FaultPlan {
        var plan = self
        func place() -> Int { Int.random(in: 0..<max(1, messages), using: &random) }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let index = plan.entries.indices.randomElement(using: &random)
            switch (Int.random(in: 0..<4, using: &random), index) {
            case (0, let index?):
                let distance = Int.random(in: -3...3, using: &random)
                plan.entries[index].position = max(0, plan.entries[index].position + distance)
            case (1, let index?): plan.entries[index].fault = .random(using: &random)
            case (2, let index?) where plan.entries.count > 3: plan.entries.remove(at: index)
            default: plan.entries.append(Entry(position: place(), fault: .random(using: &random)))
            }
        }
        plan.entries.sort { $0.position < $1.position }
        return plan
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
        case .broadcast, .freeUntil: fault.isAllowed && !isFirst
        default: fault.isAllowed
        }
    }

    /// `RUN 0 before ACK (time 5)`.
    public var description: String { "\(fault) \(isFirst ? "START's ACK" : "\(message.operation)")" }
}
