import Testing

@testable import TimeTravel

/// A calendar and the messages that it sends, for tests that say line by line who says what.
struct Conversation {
    var calendar: Calendar
    /// What the calendar has sent since it was last looked at.
    private(set) var sent: [Calendar.Output] = []
    private var sequence: UInt32 = 1000

    init(clients: Int = 1, timeOfDay: UInt64 = 0, memory: SharedSchedule? = nil) {
        calendar = Calendar(Calendar.Configuration(expectedClients: clients, timeOfDay: timeOfDay), memory: memory)
    }

    static func id(_ number: Int) -> Calendar.ClientID { Calendar.ClientID(rawValue: number) }

    /// What is sent, without sequence numbers: `1: RUN 5`.
    struct Line: Equatable, CustomStringConvertible, ExpressibleByStringLiteral {
        var description: String

        init(stringLiteral text: String) { description = text }

        init(_ output: Calendar.Output) {
            description =
                switch output {
                case .send(let message, let id): "\(id.rawValue): \(message.operation) \(message.time)"
                case .admit(let message, let id, let sharesMemory):
                    "\(id.rawValue): \(message.operation) \(message.time)\(sharesMemory ? " with memory" : "")"
                case .refuse(let id, let refusal): "\(id.rawValue): refused, \(refusal)"
                }
        }
    }

    /// Takes what has been sent.
    mutating func take() -> [Line] {
        defer { sent = [] }
        return sent.map(Line.init)
    }

    mutating func connect(_ clients: Int...) {
        for client in clients { sent += calendar.handle(.connected(Self.id(client))) }
    }

    mutating func disconnect(_ client: Int) { sent += calendar.handle(.disconnected(Self.id(client))) }

    /// A client says something with a sequence number of its own.
    /// - Returns: the number.
    @discardableResult
    mutating func say(_ client: Int, _ operation: TimeTravel.Operation, _ time: UInt64 = 0, sequence: UInt32? = nil) -> UInt32 {
        self.sequence += 1
        let message = Message(operation, sequence: sequence ?? self.sequence, time: time)
        sent += calendar.handle(.received(message, from: Self.id(client)))
        return message.sequence
    }

    /// A client ACKs the last message of this kind that was sent to it and has not been taken.
    mutating func acknowledge(_ client: Int, _ operation: TimeTravel.Operation) throws {
        let question = sent.last { output in
            if case .send(let message, Self.id(client)) = output { message.operation == operation } else { false }
        }
        guard case .send(let message, _) = try #require(question) else { return }
        say(client, .acknowledge, sequence: message.sequence)
    }

    /// Connects and starts clients, by messages alone, and lets each ask for its time and wait.
    mutating func start(_ requests: [(client: Int, time: UInt64)]) {
        for (client, _) in requests {
            connect(client)
            say(client, .start, UInt64(client))
        }
        for (client, time) in requests {
            say(client, .request, time)
            say(client, .wait)
        }
    }

    /// Lets the client that was sent FREE_UNTIL come to run.
    mutating func resume(_ client: Int) throws {
        try acknowledge(client, .freeUntil)
        try acknowledge(client, .run)
    }
}
