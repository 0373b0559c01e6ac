/// Messages to clients that wait, in the order in which they were to be sent.
struct HeldDeliveries {
    private struct Held {
        var delivery: Delivery
        var client: Calendar.ClientID
        /// So many messages have to come before it goes.
        var remaining: Int
        var keepsOrder: Bool
    }

    private var queue: [Held] = []

    var isEmpty: Bool { queue.isEmpty }

    mutating func add(_ delivery: Delivery, to client: Calendar.ClientID, messages: Int, keepsOrder: Bool) {
        queue.append(Held(delivery: delivery, client: client, remaining: messages, keepsOrder: keepsOrder))
    }

    /// What goes now if this is to be sent: nothing if it has to wait behind others, and those that it overtakes behind it.
    mutating func pass(_ delivery: Delivery, to client: Calendar.ClientID) -> [Delivery] {
        if queue.contains(where: { $0.client == client && $0.keepsOrder }) {
            add(delivery, to: client, messages: 0, keepsOrder: true)
            return []
        }
        let overtaken = queue.filter { $0.client == client }.map(\.delivery)
        queue.removeAll { $0.client == client }
        return [delivery] + overtaken
    }

    /// A message has come.
    mutating func countMessage() { for index in queue.indices { queue[index].remaining -= 1 } }

    /// Takes the first that need not wait any longer, and is not behind another to the same client.
    /// - Parameter anyway: whether to take the first of all if there is none.
    mutating func next(anyway: Bool) -> (delivery: Delivery, client: Calendar.ClientID)? {
        var behind: Set<Calendar.ClientID> = []
        var index = queue.firstIndex { behind.insert($0.client).inserted && $0.remaining <= 0 }
        if index == nil, anyway, !queue.isEmpty { index = 0 }
        guard let index else { return nil }
        let held = queue.remove(at: index)
        return (held.delivery, held.client)
    }
}
