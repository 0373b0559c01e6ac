import TimeTravel

/// Who comes to a calendar in a run, and what they do.
public struct CalendarPlan: Hashable, Sendable {
    /// A client: a kernel, as far as the protocol goes, with events of chance, which errs as it is told.
    public struct Client: Hashable, Sendable {
        /// Whether it maps memory that it is given.
        public var sharesMemory: Bool
        /// Events that it has before it goes.
        public var events: Int
        /// Of its events.
        public var seed: UInt64
        /// It comes when the calendar has sent so many messages, or does nothing any more.
        public var arrival = 0
        /// What it does to its messages, counted from 0 on.
        public var faults: [Entry] = []

        /// Whether it keeps to the protocol.
        public var isInnocent: Bool { faults.allSatisfy(\.fault.isAllowed) }
    }

    /// A fault, and the message at which it is committed.
    public struct Entry: Hashable, Sendable {
        public var position: Int
        public var fault: ClientFault
    }

    public var clients: [Client]

    public init(_ clients: [Client]) { self.clients = clients }

    /// Clients that keep to the protocol, and nobody else.
    public static func peaceful(expected: Int) -> CalendarPlan {
        CalendarPlan((0..<expected).map { Client(sharesMemory: $0 % 2 == 0, events: 5, seed: UInt64($0)) })
    }

    /// A plan of chance: the same for the same seed.
    /// - Parameter expected: clients that the calendar waits for before time begins: so many keep to the protocol and come at once.
    public static func random(seed: UInt64, expected: Int) -> CalendarPlan {
        var random = SplitMix64(seed: seed)
        var clients: [Client] = []
        let innocents = expected + Int.random(in: 0...2, using: &random)
        let guilty = Int.random(in: 0...3, using: &random)
        for index in 0..<innocents + guilty {
            var client = Client(
                sharesMemory: Bool.random(using: &random), events: Int.random(in: 1...12, using: &random),
                seed: UInt64.random(in: 0...UInt64.max, using: &random))
            if index >= expected, Bool.random(using: &random) { client.arrival = Int.random(in: 1...60, using: &random) }
            if index >= innocents {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let position = Int.random(in: 0..<(Bool.random(using: &random) ? 4 : 25), using: &random)
                    client.faults.append(Entry(position: position, fault: .random(using: &random)))
                }
                client.faults.sort { $0.position < $1.position }
            } else if Int.random(in: 0..<4, using: &random) == 0 {
                let length = Int.random(in: 1..<Message.length, using: &random)
                client.faults = [Entry(position: Int.random(in: 0..<10, using: &random), fault: .split(length))]
            }
            clients.append(client)
        }
        return CalendarPlan(clients)
    }

    /// Plans with a little less in them, the most promising first.
    /// - Parameter expected: clients that keep to the protocol and must remain.
    func smaller(expected: Int) -> [CalendarPlan] {
        var plans: [CalendarPlan] = []
        for (index, client) in clients.enumerated() {
            if !client.isInnocent || clients.count(where: \.isInnocent) > expected { plans.append(changed { $0.remove(at: index) }) }
            for fault in client.faults.indices { plans.append(changed { $0[index].faults.remove(at: fault) }) }
            if client.events > 1 { plans.append(changed { $0[index].events /= 2 }) }
            if client.arrival > 0 { plans.append(changed { $0[index].arrival = 0 }) }
            if client.sharesMemory { plans.append(changed { $0[index].sharesMemory = false }) }
        }
        return plans
    }

    private func changed(_ change: (inout [Client]) -> Void) -> CalendarPlan {
        var plan = self
        change(&plan.clients)
        return plan
    }
}

extension CalendarPlan: CustomStringConvertible {
    /// A line for each client and each fault.
    public var description: String {
        clients.enumerated().map { index, client in
            var text = "client \(index + 1): \(client.sharesMemory ? "shared memory" : "messages"), \(client.events) events"
            if client.arrival > 0 { text += ", comes after \(client.arrival) messages" }
            return text + client.faults.map { "\n  message \($0.position): \($0.fault) it" }.joined()
        }.joined(separator: "\n")
    }
}
